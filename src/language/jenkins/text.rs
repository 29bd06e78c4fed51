//! String literals of Groovy: quotes, escapes and placeholders.

use crate::{
    language::extract::Extract,
    model::{Span, Value, ValueKind},
};

/// A string literal of a pipeline.
#[derive(Debug, Clone, Default)]
pub(super) struct GroovyText {
    /// Its text as the pipeline sees it, with expansions unchanged.
    pub extract: Extract,
    /// Its span, with its quotes.
    pub span: Span,
    /// Number of bytes of the text that are expansions.
    pub filled: usize,
}

impl GroovyText {
    /// Reads the string literal that starts with the quote at `start`.
    ///
    /// An unclosed one ends with its line, or with the file if its quotes are tripled.
    pub fn read(text: &[u8], start: usize) -> Self {
        let quote = text[start];
        let triple = [quote; 3];
        let is_triple = text[start..].starts_with(&triple);
        let close: &[u8] = if is_triple { &triple } else { &triple[..1] };
        let mut result = Self::default();
        let mut at = start + close.len();
        while at < text.len() {
            let rest = &text[at..];
            if rest.starts_with(close) {
                at += close.len();
                break;
            }
            let length = match rest[0] {
                b'\n' if !is_triple => break,
                b'\\' => result.escape(rest, at),
                b'$' if quote == b'"' => result.expansion(text, at),
                _ => {
                    let is_plain = |byte: &&u8| !b"\n\\$".contains(byte) && **byte != quote;
                    let length = rest.iter().take_while(is_plain).count().max(1);
                    result.extract.copy(text, Span::new(at, at + length));
                    length
                }
            };
            at += length;
        }
        result.span = Span::new(start, at.min(text.len()));
        result
    }

    /// Adds the character of an escape, and returns the length of the escape.
    fn escape(&mut self, rest: &[u8], at: usize) -> usize {
        let (bytes, length): (&[u8], usize) = match rest.get(1) {
            Some(b'n') => (b"\n", 2),
            Some(b't') => (b"\t", 2),
            Some(b'r') => (b"\r", 2),
            Some(b'\n') => (b"", 2),
            Some(b'\r') if rest.get(2) == Some(&b'\n') => (b"", 3),
            Some(_) => (&rest[1..2], 2),
            None => (b"\\", 1),
        };
        self.extract.replace(bytes, Span::new(at, at + length));
        length
    }

    /// Adds `$name`, `$a.b` or `${…}`, and returns its length.
    fn expansion(&mut self, text: &[u8], at: usize) -> usize {
        /// Maximum length in bytes of an expression in a text.
        const MAX_EXPRESSION: usize = 512;
        let rest = &text[at..];
        let rest = &rest[..rest.len().min(MAX_EXPRESSION)];
        let length = if rest.get(1) == Some(&b'{') {
            let mut depth = 0usize;
            let ends = |byte: &u8| {
                match byte {
                    b'{' => depth += 1,
                    b'}' => depth -= 1,
                    _ => {}
                }
                depth == 0
            };
            rest[1..].iter().position(ends).map_or(1, |end| end + 2)
        } else {
            let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_.".contains(byte);
            1 + rest[1..].iter().take_while(is_part).count()
        };
        self.extract.copy(text, Span::new(at, at + length));
        self.filled += if length > 1 { length } else { 0 };
        length
    }

    /// The value of a binding.
    pub fn value(&self) -> Value {
        let whole = Span::new(0, self.extract.text.len());
        let kind = match self.filled {
            0 => ValueKind::Literal,
            filled if filled >= whole.len() => ValueKind::Lookup,
            _ => ValueKind::Template,
        };
        let span = if whole.is_empty() {
            Span::new(self.span.end, self.span.end)
        } else {
            self.extract.map.to_source(whole)
        };
        Value { kind, text: String::from_utf8_lossy(&self.extract.text).into_owned(), span }
    }
}
