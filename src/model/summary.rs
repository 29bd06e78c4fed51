//! The counts of a scan.

use super::{outcome::Outcome, severity::Severity};
use std::collections::{BTreeMap, HashSet};

/// The counts of a scan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Number of findings of each severity.
    pub findings: BTreeMap<Severity, usize>,
    /// Number of different credentials among them.
    pub secrets: usize,
    /// Number of matches that judgement dismissed, by reason.
    pub dismissed: BTreeMap<&'static str, usize>,
    /// Number of files and parts that were not scanned, by reason.
    pub skipped: BTreeMap<&'static str, usize>,
}

impl Summary {
    /// Counts an outcome.
    pub fn of(outcome: &Outcome) -> Self {
        let mut summary = Self::default();
        let mut secrets = HashSet::with_capacity(outcome.findings.len());
        for finding in &outcome.findings {
            *summary.findings.entry(finding.severity).or_default() += 1;
            secrets.extend(finding.secret.as_ref());
        }
        summary.secrets = secrets.len();
        for dismissed in &outcome.dismissed {
            *summary.dismissed.entry(dismissed.reason.as_str()).or_default() += 1;
        }
        for skipped in &outcome.skipped {
            *summary.skipped.entry(skipped.reason.as_str()).or_default() += 1;
        }
        summary
    }
}
