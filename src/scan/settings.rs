//! The settings of a scanner.

use crate::{
    decode::container::Limits,
    model::{Completeness, Confidence, Severity},
    rule::Selection,
    suppress::{Allowlist, AppliedBaseline},
};

/// The settings of a scanner. The default runs every built-in rule, opens containers, honours
/// ignore comments and reports everything.
#[derive(Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The rules to run.
    pub selection: Selection,
    /// Severities of rules, by id or glob; the last match wins.
    pub severities: Vec<(String, Severity)>,
    /// Rule files that are added to the built-in rules.
    pub rule_files: Vec<RuleText>,
    /// Files, rules and secrets whose findings are suppressed.
    pub allowlist: Allowlist,
    /// `true` if ignore comments are honoured.
    pub inline_ignores: bool,
    /// `true` if ignore comments are honoured only with a reason.
    pub require_reason: bool,
    /// The baseline, whose findings are suppressed.
    pub baseline: Option<AppliedBaseline>,
    /// `true` if suppressed findings are kept in the outcome and not only counted.
    pub keep_suppressed: bool,
    /// `true` if the outcome lists every value that a rule rejected, with the reason, and not only
    /// those that a pattern matched. This takes longer.
    pub explain_dismissed: bool,
    /// `true` if containers are opened, `false` if only their raw bytes are scanned.
    pub open_containers: bool,
    /// Limits on unpacking.
    pub limits: Limits,
    /// Decides which skips fail a scan.
    pub completeness: Completeness,
    /// The lowest severity to report.
    pub min_severity: Severity,
    /// The lowest confidence to report.
    pub min_confidence: Confidence,
    /// The number of threads; 0 uses one per processor, at most 12.
    pub threads: usize,
    /// `true` if each finding carries the hash of its line, by which code scanning platforms
    /// identify it.
    pub line_hashes: bool,
    /// The time that signed tokens are compared with, in seconds since 1970; `None` is the system
    /// time when the scanner is built.
    pub now: Option<i64>,
}

/// The text of a rule file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RuleText {
    /// The name of the file in messages.
    pub name: String,
    /// Its content, in TOML.
    pub text: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            selection: Selection::default(),
            severities: Vec::new(),
            rule_files: Vec::new(),
            allowlist: Allowlist::default(),
            inline_ignores: true,
            require_reason: false,
            baseline: None,
            keep_suppressed: false,
            explain_dismissed: false,
            open_containers: true,
            limits: Limits::default(),
            completeness: Completeness::default(),
            min_severity: Severity::Info,
            min_confidence: Confidence::Low,
            threads: 0,
            line_hashes: false,
            now: None,
        }
    }
}

impl Settings {
    /// `true` if every rule runs.
    pub fn all_rules_run(&self) -> bool {
        self.selection.select.is_empty() && self.selection.ignore.is_empty()
    }

    /// The number of threads to use. Beyond 12, threads mostly wait for each other in the kernel.
    pub fn thread_count(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from).min(12),
            given => given,
        }
    }
}
