//! The reason why a finding is suppressed.

use super::escape::escaped;
use std::sync::Arc;

/// The reason why a finding is suppressed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Suppressor {
    /// The setting `ignore` names a rule that matched at this location.
    IgnoredRule {
        /// The rule.
        rule: Arc<str>,
    },
    /// An entry of `per-path` names a rule that matched at this location.
    PerPath {
        /// The glob of the entry, as it was written.
        glob: String,
        /// The rule.
        rule: Arc<str>,
    },
    /// Another finding reports the same location.
    Overlap {
        /// The rule of that finding.
        winner: Arc<str>,
    },
    /// The allowlist contains the file or the secret.
    Allowlist(AllowedBy),
    /// An ignore comment.
    Comment {
        /// The first words of the comment: `hfscan: ignore`, `gitleaks:allow`.
        mark: String,
        /// The line that the comment is on; unknown in files that are read in pieces.
        line: Option<usize>,
        /// The text after the comment's first words; empty if there is none.
        reason: String,
        /// `true` if it is another scanner's comment.
        is_peers: bool,
    },
    /// The baseline contains the finding.
    Baseline {
        /// The note of the baseline's entry.
        note: Option<String>,
    },
    /// A habit that occurs only in git's history, not in `HEAD`.
    PastHabit,
    /// Its severity is below `min-severity`.
    MinSeverity,
    /// Its confidence is below `min-confidence`.
    MinConfidence,
}

/// The part of the allowlist that contains a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum AllowedBy {
    /// A glob of `allow.paths`.
    Path(String),
    /// `allow.values`.
    Value,
    /// `allow.sha256`.
    Sha256,
    /// `allow.patterns`.
    Pattern,
    /// `allow.stop-words`.
    StopWord,
}

impl Suppressor {
    /// Its name in reports and in the counts of the summary.
    pub fn kind(&self) -> &'static str {
        match self {
            Suppressor::IgnoredRule { .. } => "ignored-rule",
            Suppressor::PerPath { .. } => "per-path",
            Suppressor::Overlap { .. } => Self::OVERLAP,
            Suppressor::Allowlist(_) => "allowlist",
            Suppressor::Comment { is_peers: false, .. } => "inline",
            Suppressor::Comment { is_peers: true, .. } => "inline-peer",
            Suppressor::Baseline { .. } => "baseline",
            Suppressor::PastHabit => "past-habit",
            Suppressor::MinSeverity => "min-severity",
            Suppressor::MinConfidence => "min-confidence",
        }
    }

    /// The [`kind`](Self::kind) of findings that another finding at the same location replaces. It
    /// hides no leak.
    pub const OVERLAP: &'static str = "overlap";

    /// The reason in a few words, ready to print.
    pub fn reason(&self) -> String {
        match self {
            Suppressor::IgnoredRule { rule } => format!("`ignore` names `{rule}`"),
            Suppressor::PerPath { glob, rule } => {
                format!("`per-path` names `{rule}` for `{}`", escaped(glob.as_bytes()))
            }
            Suppressor::Overlap { winner } => format!("`{winner}` reports this location"),
            Suppressor::Allowlist(AllowedBy::Path(glob)) => {
                format!("`allow.paths` has `{}`", escaped(glob.as_bytes()))
            }
            Suppressor::Allowlist(AllowedBy::Value) => "`allow.values` has the secret".into(),
            Suppressor::Allowlist(AllowedBy::Sha256) => "`allow.sha256` has the secret".into(),
            Suppressor::Allowlist(AllowedBy::Pattern) => {
                "the secret matches one of `allow.patterns`".into()
            }
            Suppressor::Allowlist(AllowedBy::StopWord) => {
                "the secret contains one of `allow.stop-words`".into()
            }
            Suppressor::Comment { mark, line, reason, .. } => {
                let line = line.map(|line| format!(" on line {line}")).unwrap_or_default();
                let reason = if reason.is_empty() {
                    ", without a reason".to_string()
                } else {
                    format!(": {}", escaped(reason.as_bytes()))
                };
                format!("`{}`{line}{reason}", escaped(mark.as_bytes()))
            }
            Suppressor::Baseline { note: None } => "it is in the baseline".into(),
            Suppressor::Baseline { note: Some(note) } => {
                format!("it is in the baseline: {}", escaped(note.as_bytes()))
            }
            Suppressor::PastHabit => {
                "a habit that is no longer in HEAD; `--past-habits` reports it".into()
            }
            Suppressor::MinSeverity => "its severity is below `min-severity`".into(),
            Suppressor::MinConfidence => "its confidence is below `min-confidence`".into(),
        }
    }
}
