//! The text of an open document, and conversion of positions.

use super::protocol::{ContentChange, Position, Range};
use crate::model::Span;

/// The unit of the `character` of a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, two for a character above U+FFFF; supported by every client.
    Utf16,
    /// Code points.
    Utf32,
}

impl Encoding {
    /// The encoding of this name in the protocol.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Utf8, Self::Utf16, Self::Utf32].into_iter().find(|one| one.as_str() == name)
    }

    /// Its name in the protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    fn units(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }

    /// The byte offset after `units` units of `text`, rounded down to a character boundary, and at
    /// most the length.
    fn byte(self, text: &str, units: usize) -> usize {
        let mut counted = 0;
        for (at, character) in text.char_indices() {
            counted += match self {
                Self::Utf8 => character.len_utf8(),
                Self::Utf16 => character.len_utf16(),
                Self::Utf32 => 1,
            };
            if counted > units {
                return at;
            }
        }
        text.len()
    }
}

/// The text of an open document. Lines end in `\n`, `\r\n` or `\r`, as in the protocol.
#[derive(Debug, Clone)]
pub struct Buffer {
    text: String,
    /// The offset of the first byte of each line, in ascending order.
    starts: Vec<usize>,
}

impl Buffer {
    /// A buffer with this text.
    pub fn new(text: String) -> Self {
        let mut buffer = Self { text, starts: vec![0] };
        buffer.find_lines(0);
        buffer
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Applies a change of a range, or of the whole text.
    pub fn change(&mut self, change: ContentChange, encoding: Encoding) {
        let Some(range) = change.range else {
            *self = Self::new(change.text);
            return;
        };
        let Span { start, end } = self.span(range, encoding);
        self.text.replace_range(start..end, &change.text);
        // The edit may split a `\r\n` before it, or create one.
        let first = self.line_of(start.saturating_sub(1));
        let from = self.starts[first];
        self.starts.truncate(first + 1);
        self.find_lines(from);
    }

    /// The byte offset of a position. A line past the last gives the end of the text; a character
    /// past the end of its line gives the end of the line.
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        match self.starts.get(line) {
            Some(start) => start + encoding.byte(self.line(line), position.character as usize),
            None => self.text.len(),
        }
    }

    /// The line of a position, without its line ending, and the byte offset of the position in it.
    pub fn line_at(&self, position: Position, encoding: Encoding) -> (&str, usize) {
        let line = self.line(position.line as usize);
        (line, encoding.byte(line, position.character as usize))
    }

    /// A line without its line ending; empty past the last.
    fn line(&self, number: usize) -> &str {
        let Some(start) = self.starts.get(number).copied() else { return "" };
        let end = self.starts.get(number + 1).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// The byte span of a range; its ends may be swapped.
    pub fn span(&self, range: Range, encoding: Encoding) -> Span {
        let (a, b) = (self.offset(range.start, encoding), self.offset(range.end, encoding));
        Span::new(a.min(b), a.max(b))
    }

    /// The position of the byte at `offset`, rounded down to a character boundary.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(offset);
        let units = encoding.units(&self.text[self.starts[line]..offset]);
        let number = |value| u32::try_from(value).unwrap_or(u32::MAX);
        Position { line: number(line), character: number(units) }
    }

    /// The range of a byte span.
    pub fn range(&self, span: Span, encoding: Encoding) -> Range {
        Range { start: self.position(span.start, encoding), end: self.position(span.end, encoding) }
    }

    /// The line that contains the byte at `offset`, from 0.
    fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).max(1) - 1
    }

    /// Appends the starts of lines after the byte at `from`.
    fn find_lines(&mut self, from: usize) {
        let bytes = self.text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', &bytes[from..]).map(|end| from + end);
        let is_end = |end: &usize| bytes[*end] == b'\n' || bytes.get(end + 1) != Some(&b'\n');
        self.starts.extend(ends.filter(is_end).map(|end| end + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn a_character_counts_as_many_units_as_the_encoding_says() {
        let buffer = Buffer::new("é✓😀x".into());
        let columns = ALL.map(|encoding| buffer.position("é✓😀".len(), encoding).character);
        assert_eq!(columns, [9, 4, 3]);
        for (encoding, column) in ALL.into_iter().zip(columns) {
            assert_eq!(buffer.offset(at(0, column), encoding), 9);
        }
    }

    #[test]
    fn a_position_inside_of_a_character_or_past_a_line_is_moved_back() {
        let buffer = Buffer::new("😀a\r\nb".into());
        assert_eq!(buffer.offset(at(0, 1), Encoding::Utf16), 0);
        assert_eq!(buffer.offset(at(0, 3), Encoding::Utf8), 0);
        assert_eq!(buffer.offset(at(0, 99), Encoding::Utf16), 5);
        assert_eq!(buffer.offset(at(9, 0), Encoding::Utf16), 8);
        assert_eq!(buffer.position(2, Encoding::Utf16), at(0, 0));
        assert_eq!(buffer.position(99, Encoding::Utf16), at(1, 1));
    }

    #[test]
    fn lines_end_as_the_protocol_says() {
        let buffer = Buffer::new("a\nb\r\nc\rd\n".into());
        assert_eq!(buffer.starts, [0, 2, 5, 7, 9]);
    }

    /// The expected text of the client, as characters; positions are found by counting.
    fn edited(text: &[char], range: Range, new: &str, encoding: Encoding) -> Vec<char> {
        let (start, end) = (place(text, range.start, encoding), place(text, range.end, encoding));
        [&text[..start], &new.chars().collect::<Vec<_>>(), &text[end..]].concat()
    }

    fn place(text: &[char], position: Position, encoding: Encoding) -> usize {
        places(text, encoding).iter().position(|one| *one == position).expect("a place of the text")
    }

    /// The position before each character, and at the end. There is none inside `\r\n`.
    fn places(text: &[char], encoding: Encoding) -> Vec<Position> {
        let (mut all, mut position) = (Vec::new(), at(0, 0));
        for (index, character) in text.iter().enumerate() {
            let is_middle = index > 0 && text[index - 1] == '\r' && *character == '\n';
            all.push(if is_middle { at(u32::MAX, 0) } else { position });
            let is_crlf = *character == '\r' && text.get(index + 1) == Some(&'\n');
            position = match character {
                '\n' | '\r' if !is_crlf => at(position.line + 1, 0),
                '\r' => position,
                one => {
                    let units = encoding.units(one.encode_utf8(&mut [0; 4])) as u32;
                    at(position.line, position.character + units)
                }
            };
        }
        all.push(position);
        all
    }

    #[test]
    fn after_thousands_of_random_edits_the_text_is_that_of_the_client() {
        const PIECES: [&str; 12] =
            ["a", "bc", "\n", "\r\n", "\r", "é", "✓", "😀", "", "\t", "x = 1\n", "\u{feff}"];
        for (seed, encoding) in ALL.into_iter().enumerate() {
            let mut random = fastrand::Rng::with_seed(seed as u64);
            let (mut buffer, mut client) = (Buffer::new(String::new()), Vec::new());
            for number in 0..5_000 {
                let all = places(&client, encoding);
                let all: Vec<Position> =
                    all.into_iter().filter(|one| one.line != u32::MAX).collect();
                let (a, b) = (random.usize(..all.len()), random.usize(..all.len()));
                // Mostly short ranges, so that the text grows to some hundred characters.
                let b = if random.u8(..) < 200 {
                    (a + random.usize(..3)).min(all.len() - 1)
                } else {
                    b
                };
                let range = Range { start: all[a.min(b)], end: all[a.max(b)] };
                let pieces = random.usize(..4);
                let text: String =
                    (0..pieces).map(|_| PIECES[random.usize(..PIECES.len())]).collect();
                client = edited(&client, range, &text, encoding);
                buffer.change(ContentChange { range: Some(range), text }, encoding);
                let expected: String = client.iter().collect();
                assert_eq!(buffer.text(), expected, "{encoding:?}, edit {number}");
                assert_eq!(buffer.starts, Buffer::new(expected).starts, "{encoding:?}, {number}");
                if client.len() > 600 {
                    client.truncate(100);
                    let text = client.iter().collect();
                    buffer.change(ContentChange { range: None, text }, encoding);
                }
            }
        }
    }
}
