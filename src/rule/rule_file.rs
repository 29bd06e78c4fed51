//! A rule file during parsing, for its error messages.

use super::{names::Names, nearest::nearest, unpack::UnpackError};
use std::ops::Range;

/// The reason why a rule file cannot be used: the position, the rule, and the expected form.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {}{message}", rule.as_ref().map(|id| format!("rule `{id}`: ")).unwrap_or_default())]
pub struct RuleError {
    /// The rule file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The rule, if the error is in one.
    pub rule: Option<String>,
    /// The mistake, and the expected form.
    pub message: String,
    /// How to correct the mistake.
    pub help: Option<String>,
}

/// The file being read, for its errors.
pub struct Source<'a> {
    /// Its name.
    pub file: &'a str,
    /// The text of the file; empty for the packed rules.
    pub text: &'a str,
    /// The names that its rules may use; `None` if they are not checked.
    pub names: Option<&'a Names>,
}

impl Source<'_> {
    /// An error at these bytes, in this rule.
    pub fn error(
        &self,
        at: Range<usize>,
        rule: Option<&str>,
        message: impl Into<String>,
    ) -> RuleError {
        let before = &self.text.as_bytes()[..at.start.min(self.text.len())];
        RuleError {
            file: self.file.to_string(),
            line: memchr::memchr_iter(b'\n', before).count() + 1,
            rule: rule.map(str::to_string),
            message: message.into(),
            help: None,
        }
    }

    /// A syntax error from the TOML parser.
    pub fn syntax_error(&self, error: UnpackError) -> RuleError {
        let at = error.at.unwrap_or(0..0);
        // The TOML reader only reports byte offsets; the last id before them names the rule.
        let above = self.text.get(..at.end).unwrap_or(self.text);
        let rule = above
            .rfind("[[rule]]")
            .and_then(|start| self.text.get(start..))
            .and_then(|table| table.lines().find_map(|line| line.strip_prefix("id = ")))
            .map(|id| id.trim().trim_matches(['"', '\'']));
        let message = error.message.replace('\n', " ");
        let help = meant(&message)
            .map(|name| format!("did you mean `{name}`?"))
            .or_else(|| self.listed(&message, at.start));
        RuleError { help, ..self.error(at, rule, message) }
    }

    /// The help text if the table at `start` must be one of a list: `[rule]`.
    fn listed(&self, message: &str, start: usize) -> Option<String> {
        let line = self.text.get(start..)?.lines().next()?;
        let header = line.split_inclusive(']').next()?;
        (message.ends_with("expected a sequence") && header.starts_with('[')).then(|| {
            format!("write `[{header}]`: there can be several, each of which starts with this line")
        })
    }
}

/// The most similar known word, if the TOML reader reports an unknown one and lists the known
/// words: ``unknown variant `hgih`, expected one of `info`, `low` ``.
fn meant(message: &str) -> Option<&str> {
    let (unknown, expected) = message.split_once(", expected ")?;
    let wrong = unknown.strip_prefix("unknown ")?.split('`').nth(1)?;
    nearest(wrong, expected.split('`').skip(1).step_by(2))
}
