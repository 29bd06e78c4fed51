//! All settings that suppress findings.

use super::{allowlist::Allowlist, baseline::AppliedBaseline};
use crate::model::{Confidence, Severity};
use std::{collections::BTreeSet, sync::Arc};

/// All settings that suppress findings.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// The settings `per-path` and `allow`.
    pub allowlist: &'a Allowlist,
    /// The settings for ignore comments.
    pub comments: CommentPolicy<'a>,
    /// The baseline, if there is one.
    pub baseline: Option<&'a AppliedBaseline>,
    /// Minimum severity of reported findings.
    pub min_severity: Severity,
    /// Minimum confidence of reported findings.
    pub min_confidence: Confidence,
    /// `true` if suppressed findings are kept for a report, not only counted.
    pub keep_suppressed: bool,
}

/// The settings for ignore comments.
#[derive(Debug, Clone, Copy)]
pub struct CommentPolicy<'a> {
    /// `true` if comments have an effect.
    pub obey: bool,
    /// `true` if only comments with a reason have an effect.
    pub require_reason: bool,
    /// The ids of all rules, enabled or not.
    pub known_rules: &'a BTreeSet<Arc<str>>,
    /// `true` if every rule is enabled. Only then does a comment without effect cause a warning.
    pub all_rules_run: bool,
}
