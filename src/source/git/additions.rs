//! The scopes of changed files: the lines that each change adds.

use super::{commits::FileChange, comparison::added, objects::Objects, renames::Renames};
use crate::model::{Added, ObjectId, Scope};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

/// The scopes of changed files, for all files of a scan. Each pair of versions is compared only
/// once.
#[derive(Debug, Default)]
pub struct Additions {
    /// The blobs of the files that each commit deletes.
    deleted: HashMap<usize, Vec<ObjectId>>,
    compared: Mutex<HashMap<(ObjectId, ObjectId), Scope>>,
    renamed: Mutex<HashMap<(usize, ObjectId), Option<ObjectId>>>,
}

impl Additions {
    /// Additions of changes that delete these blobs, by the index of the commit.
    pub fn new(deleted: HashMap<usize, Vec<ObjectId>>) -> Self {
        Self { deleted, ..Self::default() }
    }

    /// The part of a file with the content `bytes` that a change adds: the part that no version
    /// before the change has. `commit` is the index of the commit with the change.
    pub fn of(
        &self,
        change: &FileChange,
        commit: usize,
        bytes: &[u8],
        objects: &Objects<'_>,
    ) -> Scope {
        let Some(new) = change.new else { return Scope::nothing() };
        let since = |old: &Option<ObjectId>| match old
            .or_else(|| self.renamed(commit, new, bytes, objects))
        {
            Some(old) => self.between(old, new, bytes, objects),
            None => Scope::All,
        };
        Scope::every(change.old.iter().map(since).collect())
    }

    /// The part of `new` that `old` does not have. If `old` cannot be read, all of `new`, so that
    /// nothing is missed.
    fn between(&self, old: ObjectId, new: ObjectId, bytes: &[u8], from: &Objects<'_>) -> Scope {
        if old == new {
            return Scope::nothing();
        }
        cached(&self.compared, (old, new), is_small, || {
            from.blob(old).map_or(Scope::All, |old| added(&old, bytes))
        })
    }

    /// The file that the commit renamed to this one.
    fn renamed(
        &self,
        commit: usize,
        new: ObjectId,
        bytes: &[u8],
        from: &Objects<'_>,
    ) -> Option<ObjectId> {
        let deleted = self.deleted.get(&commit)?;
        cached(
            &self.renamed,
            (commit, new),
            |_| true,
            || Renames::new(from, deleted).source_of(new, bytes),
        )
    }
}

/// `true` if a scope is cached for other documents; one that contains a whole file is not.
fn is_small(scope: &Scope) -> bool {
    !matches!(scope, Scope::Lines(added) if matches!(**added, Added::Unlike(_)))
}

/// The value for `key`. An unknown value is computed outside the lock: two threads may compute the
/// same value, but none waits.
fn cached<K: Eq + Hash, V: Clone>(
    known: &Mutex<HashMap<K, V>>,
    key: K,
    keep: impl FnOnce(&V) -> bool,
    compute: impl FnOnce() -> V,
) -> V {
    let lock = || known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(value) = lock().get(&key) {
        return value.clone();
    }
    let value = compute();
    if keep(&value) {
        lock().insert(key, value.clone());
    }
    value
}
