//! Statements of SQL only.

use super::{
    parser::{Named, Parser},
    token::Kind,
};
use crate::model::{Binding, BindingContext, Span};

impl Parser<'_> {
    /// Reads a word of SQL that makes the next `=` a setting or a comparison, or that begins the
    /// list of a secret's options.
    pub(super) fn sql_word(&mut self, at: usize) {
        let bytes = self.tokens.bytes(at);
        let is = |word: &str| bytes.eq_ignore_ascii_case(word.as_bytes());
        if is("set") || is("declare") || is("pragma") {
            self.frames.top().is_setting = true;
            self.setting(at);
        } else if is("where") || is("on") || is("having") || is("when") {
            self.frames.top().is_setting = false;
        } else if is("secret") {
            self.secret(at);
        } else if is("options") {
            self.parts(at, "OPTIONS");
        }
    }

    /// `SET name TO 'value'`, `SET name 'value'`
    fn setting(&mut self, at: usize) {
        let mut name = at + 1;
        while matches!(self.lower(name).as_slice(), b"variable" | b"session" | b"global" | b"local")
        {
            name += 1;
        }
        let value = name + 1 + usize::from(self.lower(name + 1) == b"to");
        if self.tokens.kind(name) == Kind::Name && self.tokens.kind(value) == Kind::String {
            self.part(name, value, BindingContext::Assignment, None);
        }
    }

    /// `CREATE SECRET name (TYPE huggingface, TOKEN '…')`
    fn secret(&mut self, at: usize) {
        const MOST_WORDS: usize = 4;
        let creates = (1..=MOST_WORDS)
            .filter_map(|back| at.checked_sub(back))
            .any(|before| self.lower(before) == b"create");
        if creates {
            self.parts(at, "CREATE SECRET");
        }
    }

    /// Names and values without a separator, in the next bracket.
    fn parts(&mut self, at: usize, callee: &str) {
        const MOST_WORDS: usize = 8;
        let open =
            (at + 1..at + MOST_WORDS).find(|index| self.tokens.kind(*index) == Kind::RoundOpen);
        let Some(open) = open else { return };
        let close = self.tokens.mate(open).unwrap_or(self.tokens.len());
        let mut from = open + 1;
        while from < close {
            let extent = self.expressions().extent(from, false);
            if self.tokens.kind(from) == Kind::Name && extent.end > from + 1 {
                self.part(from, from + 1, BindingContext::Argument, Some(callee));
            }
            if self.tokens.kind(extent.end) != Kind::Comma {
                break;
            }
            from = extent.end + 1;
        }
    }

    fn part(&mut self, name: usize, value: usize, context: BindingContext, callee: Option<&str>) {
        let (key, key_span) = self.expressions().key(name);
        let extent = self.expressions().extent(value, false);
        let Some(bound) = self.expressions().value(value, extent.end) else { return };
        let start = self.tokens.at(name).start as usize;
        let stop = self.tokens.at(extent.end.saturating_sub(1)).end as usize;
        let named = Named { path: key.clone(), key, key_span, start };
        self.add(Binding {
            key: named.key,
            path: named.path,
            callee: callee.map(str::to_string),
            position: None,
            value: bound,
            context,
            key_span: named.key_span,
            span: Span::new(named.start, stop),
            language: None,
            commented: false,
        });
    }

    fn lower(&self, at: usize) -> Vec<u8> {
        const LONGEST: usize = 16;
        let bytes = self.tokens.bytes(at);
        bytes[..bytes.len().min(LONGEST)].to_ascii_lowercase()
    }
}
