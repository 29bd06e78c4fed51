//! Regular expressions that are compiled when they are first needed.

use super::{
    opening::{Automaton, Opening},
    reach::{Reach, narrowed},
};
use regex::bytes::{Captures, Regex, RegexBuilder};
use std::sync::OnceLock;

/// The largest automaton one pattern may compile to, in bytes. The default of the
/// `regex` crate (10 MiB), said here because rule files come from users.
const MAX_COMPILED_BYTES: usize = 10 << 20;

/// A regular expression over bytes; compiled on first use, so that a scan pays only
/// for the rules that a file wakes.
#[derive(Debug)]
pub struct Pattern {
    source: String,
    compiled: OnceLock<Regex>,
    reach: OnceLock<Reach>,
    narrowed: OnceLock<Option<Box<Pattern>>>,
    automaton: OnceLock<Automaton>,
}

impl Pattern {
    /// Keeps the text of an expression without looking at it.
    pub fn new(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            compiled: OnceLock::new(),
            reach: OnceLock::new(),
            narrowed: OnceLock::new(),
            automaton: OnceLock::new(),
        }
    }

    /// The expression as it is written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Whether it is a valid expression.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    pub fn check(&self) -> Result<(), String> {
        match compile(&self.source) {
            Ok(regex) => {
                // Another thread may have been first; both hold the same.
                let _ = self.compiled.set(regex);
                Ok(())
            }
            Err(error) => Err(last_line(&error)),
        }
    }

    /// The compiled expression.
    ///
    /// An expression that does not compile matches nothing; [`check`](Self::check) is
    /// how rule files keep such out.
    pub fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            compile(&self.source).unwrap_or_else(|_| {
                compile(r"[^\s\S]").expect("the empty class is a valid expression")
            })
        })
    }

    /// How much of a text one match may cover.
    pub fn reach(&self) -> Reach {
        *self.reach.get_or_init(|| Reach::of(&self.source))
    }

    /// Another expression that matches wherever this one does, of a known reach, if this
    /// one has none.
    pub fn narrowed(&self) -> Option<&Pattern> {
        let narrow = || match self.reach() {
            Reach::Text => narrowed(&self.source).map(|source| Box::new(Self::new(source))),
            _ => None,
        };
        self.narrowed.get_or_init(narrow).as_deref()
    }

    /// What may stand behind `prefix` in texts that begin with it and on which it matches.
    pub fn opening(&self, prefix: &[u8]) -> Opening {
        let automaton = self.automaton.get_or_init(|| Automaton::of(&self.source));
        Opening::behind(prefix, automaton)
    }

    /// Whether it matches anywhere.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.regex().is_match(text)
    }
}

/// What rules look for is ASCII, so `\w`, `\b`, `.` and the like mean bytes: their meaning
/// in Unicode costs most of the time to compile an expression, and keeps the fast engines
/// from texts with other letters.
fn compile(source: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).unicode(false).size_limit(MAX_COMPILED_BYTES).build()
}

/// The part of a regex error that says what is wrong; above it stands a drawing.
fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let line = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("invalid");
    line.trim().trim_start_matches("error: ").to_string()
}

/// The part of a match that is the secret: the group `secret`, or all of it.
pub fn secret_of(captures: &Captures<'_>) -> crate::model::Span {
    captures
        .name("secret")
        .or_else(|| captures.get(0))
        .map_or_else(Default::default, |found| found.range().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_expression_says_what_is_wrong_in_one_line() {
        let error = Pattern::new("hf_[").check().expect_err("unclosed class");
        assert_eq!(error, "unclosed character class");
        assert!(!Pattern::new("hf_[").is_match(b"hf_["));
    }

    #[test]
    fn the_group_named_secret_is_the_secret() {
        let pattern = Pattern::new("key=(?<secret>[a-z]+)");
        let captures = pattern.regex().captures(b"key=abc").expect("it matches");
        assert_eq!(secret_of(&captures).slice(b"key=abc"), b"abc");
    }
}
