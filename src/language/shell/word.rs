//! A word of a script without quotes and escapes, with a map to the source.

use crate::{
    language::extract::Extract,
    model::{Span, Value, ValueKind, Word},
};

/// A word while its command is being read.
#[derive(Debug, Clone, Default)]
pub(super) struct ShellWord {
    /// Its text without quotes, with expansions unchanged.
    pub extract: Extract,
    /// Its span, with its quotes.
    pub span: Span,
    /// The spans of the expansions in the text, in order.
    pub expansions: Vec<Span>,
    /// The length of the text before the first quote, escape or expansion; `None` if there are
    /// none.
    pub plain: Option<usize>,
}

impl ShellWord {
    /// A word that begins at `start`.
    pub fn new(start: usize) -> Self {
        Self { span: Span::new(start, start), ..Self::default() }
    }

    /// The text.
    pub fn text(&self) -> &[u8] {
        &self.extract.text
    }

    /// `true` if it is exactly `text`, without quotes.
    pub fn is(&self, text: &str) -> bool {
        self.plain.is_none() && self.text() == text.as_bytes()
    }

    /// `true` if the shell expands part of it.
    pub fn expands(&self) -> bool {
        !self.expansions.is_empty()
    }

    /// Records that the word is not plain from here on.
    pub fn ends_plain(&mut self) {
        self.plain.get_or_insert(self.extract.text.len());
    }

    /// Adds the source's bytes at `span`, which the shell expands, unchanged.
    pub fn push_expansion(&mut self, source: &[u8], span: Span) {
        self.ends_plain();
        let start = self.extract.text.len();
        self.extract.copy(source, span);
        self.expansions.push(Span::new(start, self.extract.text.len()));
    }

    /// The span in the source, without quotes, of `part` of the text.
    pub fn source_of(&self, part: Span) -> Span {
        self.extract.map.to_source(part)
    }

    /// The value of a binding, from the text from `from` on.
    pub fn value_from(&self, from: usize) -> Value {
        let part = Span::new(from.min(self.text().len()), self.text().len());
        let filled: usize = self
            .expansions
            .iter()
            .filter(|expansion| expansion.start >= part.start)
            .map(Span::len)
            .sum();
        let kind = match filled {
            0 if part.is_empty() && self.plain.is_none() => ValueKind::Missing,
            0 => ValueKind::Literal,
            _ if filled >= part.len() => ValueKind::Lookup,
            _ => ValueKind::Template,
        };
        let mut span = self.source_of(part);
        if part.is_empty() {
            // An empty part has no span of its own; it is at the end of the word.
            span = Span::new(self.span.end, self.span.end);
        }
        Value { kind, text: lossy(part.slice(self.text())), span }
    }

    /// The name before the `=` of an assignment, and the start of its value.
    ///
    /// `A=b`, `A+=b` and `A[0]=b` are assignments. With `quoted`, quotes around them are allowed,
    /// as in `export` and `env`.
    pub fn assignment(&self, quoted: bool) -> Option<Assignment> {
        let text = self.text();
        let limit = if quoted {
            self.expansions.first().map_or(text.len(), |expansion| expansion.start)
        } else {
            self.plain.unwrap_or(text.len())
        };
        let equals = memchr::memchr(b'=', text)?;
        if equals >= limit {
            return None;
        }
        let name = text[..equals].strip_suffix(b"+").unwrap_or(&text[..equals]);
        let key = name.split(|byte| *byte == b'[').next().unwrap_or_default();
        let is_indexed = name.len() == key.len() || name.ends_with(b"]");
        (is_name(key) && is_indexed).then(|| Assignment {
            key: Span::new(0, key.len()),
            path: Span::new(0, name.len()),
            value: equals + 1,
        })
    }

    /// The name before the first `=`, whatever its characters, and the start of its value.
    pub fn pair(&self) -> Option<Assignment> {
        let equals = memchr::memchr(b'=', self.text())?;
        let key = Span::new(0, equals);
        Some(Assignment { key, path: key, value: equals + 1 })
    }

    /// The word as a fact.
    pub fn to_word(&self) -> Word {
        Word { text: lossy(self.text()), span: self.span, expands: self.expands() }
    }
}

/// The parts of `A[0]=b`, as spans of a word's text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assignment {
    /// `A`
    pub key: Span,
    /// `A[0]`
    pub path: Span,
    /// The start of `b`.
    pub value: usize,
}

/// `true` if `text` can be the name of a variable.
pub(super) fn is_name(text: &[u8]) -> bool {
    text.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_')
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// `bytes` as text, with U+FFFD for invalid UTF-8.
pub(super) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
