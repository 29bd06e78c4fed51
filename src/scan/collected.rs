//! What one thread, or all of them, found.

use crate::model::{Dismissed, Finding, Outcome, Skipped, Warning};
use std::collections::BTreeMap;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Collected {
    /// What counts.
    pub findings: Vec<Finding>,
    /// Matches that are not what they look like.
    pub dismissed: Vec<Dismissed>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// What a person should know besides.
    pub warnings: Vec<Warning>,
    /// How many were suppressed, by what.
    pub suppressed: BTreeMap<&'static str, u64>,
}

impl Collected {
    /// Adds what another one holds.
    pub fn absorb(&mut self, other: Collected) {
        self.findings.extend(other.findings);
        self.dismissed.extend(other.dismissed);
        self.skipped.extend(other.skipped);
        self.warnings.extend(other.warnings);
        for (by, count) in other.suppressed {
            self.count_suppressed(by, count);
        }
    }

    /// Adds to how many `by` suppressed.
    pub fn count_suppressed(&mut self, by: &'static str, count: u64) {
        if count > 0 {
            *self.suppressed.entry(by).or_default() += count;
        }
    }

    /// All of it as a scan tells it.
    pub fn into_outcome(self) -> Outcome {
        Outcome {
            findings: self.findings,
            skipped: self.skipped,
            dismissed: self.dismissed,
            warnings: self.warnings,
            suppressed: self.suppressed,
            ..Outcome::default()
        }
    }
}
