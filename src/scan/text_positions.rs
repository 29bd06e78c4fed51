//! Positions of findings in a text, in code points or bytes.

use crate::model::Span;

/// Computes positions of spans in a text. Each position is counted from the previous one, so spans
/// in order need one pass over the text, however many they are.
#[derive(Debug)]
pub struct TextPositions<'t> {
    text: &'t [u8],
    in_code_points: bool,
    /// Number of bytes counted so far.
    at: usize,
    /// Number of units in them.
    units: usize,
    /// The line of the last counted byte, from 1.
    line: usize,
    /// Number of units before that line.
    line_start: usize,
}

/// The position of a span, in the units of its [`TextPositions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextPosition {
    /// The first unit, from 0.
    pub start: usize,
    /// The unit after the last one, from 0.
    pub end: usize,
    /// The line of the first unit, from 1.
    pub line: usize,
    /// The first unit in its line, from 1.
    pub column: usize,
}

impl<'t> TextPositions<'t> {
    /// Positions in bytes.
    pub fn in_bytes(text: &'t [u8]) -> Self {
        Self { text, in_code_points: false, at: 0, units: 0, line: 1, line_start: 0 }
    }

    /// Positions in code points. A byte that is not part of valid UTF-8 counts as a code point
    /// unless it looks like a continuation byte.
    pub fn in_code_points(text: &'t [u8]) -> Self {
        Self { in_code_points: true, ..Self::in_bytes(text) }
    }

    /// The position of a span of the text.
    pub fn of(&mut self, span: Span) -> TextPosition {
        if span.start < self.at {
            *self = Self { in_code_points: self.in_code_points, ..Self::in_bytes(self.text) };
        }
        let passed = Span::new(self.at, span.start).slice(self.text);
        let line_end = memchr::memrchr(b'\n', passed).map_or(0, |at| at + 1);
        if line_end > 0 {
            self.line += memchr::memchr_iter(b'\n', passed).count();
            self.line_start = self.units + self.count(&passed[..line_end]);
            self.units = self.line_start;
        }
        self.units += self.count(&passed[line_end..]);
        self.at = span.start;
        TextPosition {
            start: self.units,
            end: self.units + self.count(span.slice(self.text)),
            line: self.line,
            column: self.units - self.line_start + 1,
        }
    }

    fn count(&self, bytes: &[u8]) -> usize {
        match self.in_code_points {
            true => bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count(),
            false => bytes.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_the_same_in_any_order() {
        let text = "a\u{e9}\n\n\u{1f917}x\u{e9}\r\nend";
        let spans: Vec<Span> = text
            .char_indices()
            .map(|(at, character)| Span::new(at, at + character.len_utf8()))
            .collect();
        let mut positions = TextPositions::in_code_points(text.as_bytes());
        let (mut line, mut column) = (1, 1);
        for (number, (span, character)) in spans.iter().zip(text.chars()).enumerate() {
            let position = TextPosition { start: number, end: number + 1, line, column };
            assert_eq!(positions.of(*span), position, "{number}");
            let mut again = TextPositions::in_code_points(text.as_bytes());
            again.of(Span::new(text.len(), text.len()));
            assert_eq!(again.of(*span), position, "{number}");
            (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        let mut positions = TextPositions::in_bytes(text.as_bytes());
        let position = positions.of(Span::new(9, 10));
        assert_eq!(position, TextPosition { start: 9, end: 10, line: 3, column: 5 });
    }
}
