//! Matches the entries of a baseline with findings.

use super::{
    entries::{Baseline, EntryKey},
    key::Subject,
};
use crate::model::{Finding, SourcePath};
use std::collections::{BTreeMap, HashMap};

impl Baseline {
    /// The matching entry of each finding. An entry matches at most as many findings as its count.
    ///
    /// A finding with a secret also matches under the other rules that found it, so that a new rule
    /// does not make it new. After a merge, a finding may have an entry for each of two salts. It
    /// uses up both, since a copy of the secret would otherwise match the second one.
    pub(super) fn matches(
        &self,
        findings: &[Finding],
        folder: &[u8],
        exists: &dyn Fn(&SourcePath) -> bool,
    ) -> (Vec<Option<&EntryKey>>, Vec<(&EntryKey, u64)>) {
        let mut left: BTreeMap<&EntryKey, u64> =
            self.entries.iter().map(|(place, known)| (place, known.count)).collect();
        let salts: Vec<String> = self.salts().into_iter().map(str::to_string).collect();
        let mut keys = Keys::default();
        let mut matched: Vec<Option<&EntryKey>> = vec![None; findings.len()];
        for (finding, matched) in findings.iter().zip(&mut matched) {
            let path = placed(folder, finding);
            for salt in &salts {
                let key = keys.key(finding, salt);
                for rule in rules(finding) {
                    let (path, key) = (path.clone(), key.clone());
                    let place = EntryKey { path, rule: rule.to_string(), key };
                    let Some((place, _)) = self.entries.get_key_value(&place) else { continue };
                    if let Some(left) = left.get_mut(place).filter(|left| **left > 0) {
                        *left -= 1;
                        matched.get_or_insert(place);
                    }
                }
            }
        }
        // Entries of deleted files may match in a file with another name.
        let mut moved: HashMap<(String, String), Vec<(&EntryKey, u64)>> = HashMap::new();
        let mut rest: Vec<(&EntryKey, u64)> = Vec::new();
        for (place, left) in left.into_iter().filter(|(_, left)| *left > 0) {
            let is_history = self.entries.get(place).is_some_and(|known| known.history);
            if !is_history && !exists(&place.path) {
                let name = (place.rule.clone(), place.key.clone());
                moved.entry(name).or_default().push((place, left));
            } else {
                rest.push((place, left));
            }
        }
        if moved.is_empty() {
            return (matched, rest);
        }
        let new = findings.iter().zip(&mut matched).filter(|(_, matched)| matched.is_none());
        for (finding, matched) in new {
            for salt in &salts {
                let key = keys.key(finding, salt);
                let name = finding
                    .names()
                    .map(|rule| (rule.to_string(), key.clone()))
                    .find(|name| moved.contains_key(name));
                let Some(places) = name.and_then(|name| moved.get_mut(&name)) else { continue };
                if let Some((place, left)) = places.last_mut() {
                    matched.get_or_insert(place);
                    *left -= 1;
                    if *left == 0 {
                        places.pop();
                    }
                }
            }
        }
        rest.extend(moved.into_values().flatten());
        (matched, rest)
    }
}

/// The rules under which the baseline may contain a finding.
fn rules(finding: &Finding) -> impl Iterator<Item = &str> {
    let also = finding.also.iter().filter(|_| finding.secret.is_some());
    finding.names().chain(also.map(|rule| &**rule))
}

/// Cache of keys; those of weak secrets are slow to compute.
#[derive(Default)]
pub struct Keys(HashMap<(String, Vec<u8>), String>);

impl Keys {
    /// The key of a finding.
    pub fn key(&mut self, finding: &Finding, salt: &str) -> String {
        let subject = Subject::of(finding);
        let bytes = match subject {
            Subject::Secret(secret) => secret.expose(),
            Subject::Text(text) => return Subject::Text(text).key(salt),
        };
        self.0
            .entry((salt.to_string(), bytes.to_vec()))
            .or_insert_with(|| subject.key(salt))
            .clone()
    }
}

/// A finding's path in the baseline. A path that contains a secret is masked, because a baseline is
/// committed.
pub fn placed(folder: &[u8], finding: &Finding) -> SourcePath {
    let path = &finding.location.path;
    let name = path.masked().map_or(path.as_bytes(), str::as_bytes);
    SourcePath::from_bytes([folder, name].concat())
}
