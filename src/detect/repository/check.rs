//! The input and the results of a check over a scanned tree.

use crate::{
    model::{Finding, Severity, SourcePath, TreeFile},
    rule::Rule,
};

/// A tree that was scanned.
pub struct Tree<'t> {
    /// The files that tend to contain secrets or decide where such files go, sorted: those for
    /// which `is_of_note` in `model/tree.rs` returns `true`, and all files of an upload. A check
    /// gets no other files.
    pub files: &'t [TreeFile],
    /// The findings in single files.
    pub findings: &'t [Finding],
    /// Findings in single files that the baseline or the least severity suppresses.
    pub suppressed: &'t [Finding],
    /// The content of a small file, if it exists and can be read.
    pub read: &'t dyn Fn(&SourcePath) -> Option<Vec<u8>>,
    /// The lines, from 1, on which a rule has findings in a text treated as a file of this name.
    pub lines: &'t LinesOf<'t>,
}

/// Returns the lines on which a rule has findings in a text treated as a file of this name.
pub type LinesOf<'t> = dyn Fn(&Rule, &SourcePath, &[u8]) -> Vec<usize> + 't;

impl Tree<'_> {
    /// `true` if the file contains a credential of a known kind, rather than only a value under a
    /// suspicious name.
    pub(super) fn holds_credential(&self, path: &SourcePath) -> bool {
        self.findings.iter().any(|finding| {
            finding.location.path == *path
                && finding.secret.is_some()
                && finding.severity >= Severity::High
        })
    }
}

/// A result of a check: a location to change, and its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The file to report.
    pub path: SourcePath,
    /// The line to report, from 1.
    pub line: usize,
    /// The severity at this location.
    pub severity: Severity,
    /// The subject, filled into the rule's messages for `{name}`.
    pub name: String,
    /// Further notes, one sentence each.
    pub notes: Vec<String>,
}

/// A check over a tree.
pub(super) trait Check: Sync {
    /// The check's name in rules.
    fn name(&self) -> &'static str;

    /// Its results for a rule, each with the location to change.
    fn run(&self, rule: &Rule, tree: &Tree<'_>) -> Vec<Claim>;
}
