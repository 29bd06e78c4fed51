//! The entries of a baseline.

use super::key::salt_of;
use crate::model::SourcePath;
use std::collections::{BTreeMap, BTreeSet};

/// The accepted findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Entries by key.
    pub(super) entries: BTreeMap<EntryKey, Entry>,
}

/// The key of an entry; entries are sorted by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryKey {
    /// The file.
    pub path: SourcePath,
    /// The id of the rule.
    pub rule: String,
    /// A salted digest of the secret or the text.
    pub key: String,
}

/// The findings of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number of accepted findings with this key; one more is new.
    pub count: u64,
    /// `true` if it was found in git's history; a scan of files cannot show that it was removed.
    pub history: bool,
    /// The user's reason.
    pub note: Option<String>,
}

impl Baseline {
    /// The number of accepted findings.
    pub fn len(&self) -> u64 {
        self.entries.values().fold(0, |sum, known| sum.saturating_add(known.count))
    }

    /// `true` if it contains no findings.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The path, rule, count and note of each entry, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&SourcePath, &str, u64, Option<&str>)> {
        self.entries
            .iter()
            .map(|(place, known)| (&place.path, &*place.rule, known.count, known.note.as_deref()))
    }

    /// The files with entries.
    pub fn paths(&self) -> impl Iterator<Item = &SourcePath> {
        let mut last = None;
        self.entries.keys().map(|place| &place.path).filter(move |path| {
            let is_new = last != Some(*path);
            last = Some(*path);
            is_new
        })
    }

    /// The salts of its keys.
    pub(super) fn salts(&self) -> BTreeSet<&str> {
        self.entries.keys().filter_map(|place| salt_of(&place.key)).collect()
    }
}
