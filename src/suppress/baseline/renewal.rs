//! Updates a baseline after a scan: removes obsolete entries, and adds new ones.

use super::{
    entries::{Baseline, Entry, EntryKey},
    key::new_salt,
    matching::{Keys, placed},
};
use crate::model::{Finding, SourcePath};
use std::collections::BTreeMap;

/// The facts about files that are needed to update a baseline.
pub struct Files<'a> {
    /// The prefix that converts a finding's path to a path in the baseline.
    pub folder: &'a [u8],
    /// Returns `true` if a file of the baseline still exists.
    pub exists: &'a dyn Fn(&SourcePath) -> bool,
    /// Returns `true` if an existing file of the baseline was scanned.
    pub in_scope: &'a dyn Fn(&SourcePath) -> bool,
    /// `true` if files were scanned, so that entries without a match in them are fixed.
    pub covers_files: bool,
    /// `true` if all of git's history was scanned.
    pub covers_history: bool,
}

impl Baseline {
    /// The updated baseline after a scan with `findings`: entries without a match are removed,
    /// those of renamed files get the new path, and with `add` new findings are added. Entries of
    /// files that were not scanned are kept.
    pub fn renewed(&self, findings: &[Finding], files: &Files<'_>, add: bool) -> Self {
        let (matched, _) = self.matches(findings, files.folder, files.exists);
        let salt = self.salts().first().map_or_else(new_salt, |salt| salt.to_string());
        let mut keys = Keys::default();
        let mut entries: BTreeMap<EntryKey, Entry> = BTreeMap::new();
        for (finding, old) in findings.iter().zip(&matched) {
            if old.is_none() && !add {
                continue;
            }
            let place = EntryKey {
                path: placed(files.folder, finding),
                rule: finding.rule.to_string(),
                key: old.map_or_else(|| keys.key(finding, &salt), |old| old.key.clone()),
            };
            let old = old.and_then(|old| self.entries.get(old));
            let history = old.map_or(finding.history.is_some(), |old| old.history);
            let note = old.and_then(|old| old.note.clone());
            let known = entries.entry(place).or_insert(Entry { count: 0, history, note: None });
            known.count += 1;
            known.note = known.note.take().or(note);
        }
        for (place, known) in &self.entries {
            let is_covered = match known.history {
                true => files.covers_history,
                false => {
                    let is_elsewhere =
                        (files.exists)(&place.path) && !(files.in_scope)(&place.path);
                    files.covers_files && !is_elsewhere
                }
            };
            if !is_covered {
                let kept = entries.entry(place.clone()).or_insert_with(|| known.clone());
                kept.count = kept.count.max(known.count);
            }
        }
        Self { entries }
    }
}
