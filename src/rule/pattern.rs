//! Regular expressions that are compiled on first use.

use super::{
    late_literal::LateLiteral,
    reach::{Reach, narrowed},
};
use regex::bytes::{Captures, Regex, RegexBuilder};
use std::sync::OnceLock;

/// Maximum size in bytes of the automaton of one pattern. The default of the `regex` crate (10
/// MiB), made explicit because rule files come from users.
const MAX_COMPILED_BYTES: usize = 10 << 20;

/// A regular expression over bytes. It is compiled on first use, so that a scan only compiles the
/// expressions of rules that a file wakes.
#[derive(Debug)]
pub struct Pattern {
    source: String,
    compiled: OnceLock<Regex>,
    reach: OnceLock<Reach>,
    narrowed: OnceLock<Option<Box<Pattern>>>,
    /// Boxed, since it is large, and rules are moved while they are compiled.
    late_literal: OnceLock<Option<Box<LateLiteral>>>,
}

impl Pattern {
    /// Stores the text of an expression without checking it.
    pub fn new(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            compiled: OnceLock::new(),
            reach: OnceLock::new(),
            narrowed: OnceLock::new(),
            late_literal: OnceLock::new(),
        }
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Checks that the expression is valid.
    ///
    /// # Errors
    /// Returns the mistake, in one line.
    pub fn check(&self) -> Result<(), String> {
        match compile(&self.source) {
            Ok(regex) => {
                // Another thread may have set it first, to an equal value.
                let _ = self.compiled.set(regex);
                Ok(())
            }
            Err(error) => Err(last_line(&error)),
        }
    }

    /// The compiled expression.
    ///
    /// An invalid expression matches nothing; [`check`](Self::check) refuses those of rule files.
    pub fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            compile(&self.source).unwrap_or_else(|_| {
                compile(r"[^\s\S]").expect("the empty class is a valid expression")
            })
        })
    }

    /// The maximum extent of one match.
    pub fn reach(&self) -> Reach {
        *self.reach.get_or_init(|| Reach::of(&self.source))
    }

    /// An expression of limited reach that matches wherever this one does; `None` unless this one's
    /// reach is unlimited.
    pub fn narrowed(&self) -> Option<&Pattern> {
        let narrow = || match self.reach() {
            Reach::Text => narrowed(&self.source).map(|source| Box::new(Self::new(source))),
            _ => None,
        };
        self.narrowed.get_or_init(narrow).as_deref()
    }

    /// `false` if it cannot match in `text`, by a faster test than a search for it.
    pub fn may_match(&self, text: &[u8]) -> bool {
        let literal = self.late_literal.get_or_init(|| LateLiteral::of(&self.source).map(Box::new));
        literal.as_ref().is_none_or(|literal| literal.is_in(text))
    }

    /// `true` if it matches anywhere in `text`.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.regex().is_match(text)
    }
}

/// Rules match ASCII, so `\w`, `\b`, `.` and the like refer to bytes. Their Unicode forms take most
/// of the compile time, and the fast engines give up on non-ASCII text with them.
fn compile(source: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).unicode(false).size_limit(MAX_COMPILED_BYTES).build()
}

/// The last line of a regex error, which states the mistake; the lines above are a diagram.
fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let line = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("invalid");
    line.trim().trim_start_matches("error: ").to_string()
}

/// The part of a match that is the secret: the group `secret`, or the whole match.
pub fn secret_of(captures: &Captures<'_>) -> crate::model::Span {
    captures
        .name("secret")
        .or_else(|| captures.get(0))
        .map_or_else(Default::default, |found| found.range().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_syntax::{ParserBuilder, hir::literal::Extractor};

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

    /// Without a literal at its start, an expression visits every byte of a text, one at a time.
    #[test]
    fn built_in_gates_start_with_a_literal() {
        let rules = crate::rule::built_in(None).expect("the built-in rules are valid");
        let gates = rules.iter().filter_map(|rule| Some((&rule.id, rule.gate.as_ref()?)));
        let mut count = 0;
        for (id, gate) in gates {
            let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
            let gate = parser.parse(gate.as_str()).expect("it is valid");
            let starts = Extractor::new().extract(&gate);
            assert!(starts.min_literal_len().is_some_and(|length| length > 0), "{id}: {starts:?}");
            count += 1;
        }
        assert!(count > 10, "{count}");
    }
}
