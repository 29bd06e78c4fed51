//! Words of a PowerShell script, without quotes and escapes.

use crate::{
    language::extract::Extract,
    model::{Span, Value, ValueKind},
};

/// A word while its statement is read.
#[derive(Debug, Clone, Default)]
pub(super) struct PowerWord {
    /// Its text without quotes, with expansions unchanged.
    pub extract: Extract,
    /// Its span, with its quotes.
    pub span: Span,
    /// Number of bytes of the text that are expansions.
    pub filled: usize,
    /// `true` if any part of it is quoted.
    pub is_quoted: bool,
    /// `true` if it is only an operator: `=`, `+=`.
    pub is_operator: bool,
}

impl PowerWord {
    /// A word that begins at `start`.
    pub fn new(start: usize) -> Self {
        Self { span: Span::new(start, start), ..Self::default() }
    }

    /// The text.
    pub fn text(&self) -> &[u8] {
        &self.extract.text
    }

    /// `true` if it is `text` without quotes, case-insensitive.
    pub fn is(&self, text: &str) -> bool {
        !self.is_quoted && self.text().eq_ignore_ascii_case(text.as_bytes())
    }

    /// Adds bytes of `source` that PowerShell expands.
    pub fn push_expansion(&mut self, source: &[u8], span: Span) {
        self.extract.copy(source, span);
        self.filled += span.len();
    }

    /// The name and the span of the variable that is the whole word, with or without `env:`.
    pub fn variable(&self) -> Option<(&[u8], Span)> {
        let name = self.text().strip_prefix(b"$").filter(|_| !self.is_quoted)?;
        let braced = name.strip_prefix(b"{").and_then(|name| name.strip_suffix(b"}"));
        let start = if braced.is_some() { 2 } else { 1 };
        let name = braced.unwrap_or(name);
        Some((name, Span::new(start, start + name.len())))
    }

    /// The value of a binding.
    pub fn value(&self) -> Value {
        let whole = Span::new(0, self.text().len());
        let is_number = self.text().iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
        let kind = match self.filled {
            0 if self.is_quoted => ValueKind::Literal,
            0 if whole.is_empty() => ValueKind::Missing,
            0 if is_number => ValueKind::Number,
            _ if ["$true", "$false", "$null"].iter().any(|known| self.is(known)) => {
                ValueKind::Constant
            }
            // A bare word on the right of `=` is a command.
            0 => ValueKind::Lookup,
            filled if filled >= whole.len() => ValueKind::Lookup,
            _ => ValueKind::Template,
        };
        let span = if whole.is_empty() {
            Span::new(self.span.end, self.span.end)
        } else {
            self.extract.map.to_source(whole)
        };
        Value { kind, text: lossy(self.text()), span }
    }
}

/// `bytes` as text, with U+FFFD for invalid UTF-8.
pub(super) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
