//! All settings that decide which findings count.

use super::{allowlist::Allowlist, baseline::AppliedBaseline};
use crate::model::{Confidence, Severity};
use std::{collections::BTreeSet, sync::Arc};

/// All settings that decide which findings count.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// The settings `per-path` and `allow`.
    pub allowlist: &'a Allowlist,
    /// The effect of ignore comments.
    pub comments: CommentPolicy<'a>,
    /// The baseline, if there is one.
    pub baseline: Option<&'a AppliedBaseline>,
    /// Findings below this severity do not count.
    pub min_severity: Severity,
    /// Findings below this confidence do not count.
    pub min_confidence: Confidence,
    /// `true` if suppressed findings are kept for a report, not only counted.
    pub keep_suppressed: bool,
}

/// The effect of ignore comments.
#[derive(Debug, Clone, Copy)]
pub struct CommentPolicy<'a> {
    /// `true` if comments are obeyed.
    pub obey: bool,
    /// `true` if only comments that give a reason are obeyed.
    pub require_reason: bool,
    /// The ids of all rules, including those that do not run.
    pub known_rules: &'a BTreeSet<Arc<str>>,
    /// `true` if every rule runs. Only then is a comment without effect a warning.
    pub all_rules_run: bool,
}
