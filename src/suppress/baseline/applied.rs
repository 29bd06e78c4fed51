//! A baseline that is applied to a scan.

use super::entries::{Baseline, EntryKey};
use crate::model::{Finding, SourcePath, Suppressor, Warning};
use std::collections::BTreeSet;

/// A baseline with the facts about its files that are needed to apply it.
#[derive(Debug, Clone, Default)]
pub struct AppliedBaseline {
    /// The baseline.
    pub baseline: Baseline,
    /// The prefix that converts a finding's path to a path in the baseline.
    pub folder: Vec<u8>,
    /// The baseline's files that no longer exist; their entries may match in a renamed file.
    pub gone: BTreeSet<SourcePath>,
    /// The baseline's files in the scan's scope, existing or not.
    pub covered: BTreeSet<SourcePath>,
    /// The path of the baseline file, for warnings.
    pub name: SourcePath,
}

impl AppliedBaseline {
    /// The suppressor of each finding that the baseline contains.
    pub fn known(&self, findings: &[Finding]) -> Vec<Option<Suppressor>> {
        let exists = |path: &SourcePath| !self.gone.contains(path);
        let suppressor = |place: &EntryKey| Suppressor::Baseline {
            note: self.baseline.entries.get(place).and_then(|known| known.note.clone()),
        };
        let (matched, _) = self.baseline.matches(findings, &self.folder, &exists);
        matched.into_iter().map(|place| place.map(suppressor)).collect()
    }

    /// A warning about stale entries: entries of files in the scan's scope without a match.
    /// `findings` are all findings in documents, and `is_of_documents` returns `true` for the rules
    /// with such findings.
    pub fn stale(
        &self,
        findings: &[Finding],
        is_of_documents: &dyn Fn(&str) -> bool,
    ) -> Option<Warning> {
        let exists = |path: &SourcePath| !self.gone.contains(path);
        let (_, left) = self.baseline.matches(findings, &self.folder, &exists);
        let is_covered = |place: &EntryKey| {
            let is_history = self.baseline.entries.get(place).is_some_and(|known| known.history);
            !is_history && self.covered.contains(&place.path) && is_of_documents(&place.rule)
        };
        let count: u64 = left.iter().filter(|(place, _)| is_covered(place)).map(|one| one.1).sum();
        (count > 0).then(|| Warning {
            path: self.name.clone(),
            place: None,
            message: format!(
                "{count} finding{} of the baseline {} gone: `hfscan baseline prune` removes the \
                 entries, so that they hide nothing later",
                if count == 1 { "" } else { "s" },
                if count == 1 { "is" } else { "are" }
            ),
        })
    }
}
