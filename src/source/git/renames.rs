//! Where a new file came from: one that the same change takes away.

use super::{blobs::content, repository::oid};
use crate::model::ObjectId;
use git2::Repository;
use std::collections::HashSet;

/// More files that go away are not compared with each new one; git's own limit is 1000
/// on both sides (`diff.renameLimit`).
const MAX_COMPARED: usize = 1000;
/// Larger files are renamed only as they are.
const MAX_SIZE: usize = 4 << 20;

/// The files that a change takes away.
pub struct Renames<'a> {
    repository: &'a Repository,
    deleted: Vec<ObjectId>,
}

impl<'a> Renames<'a> {
    /// For a change that takes away files of this content.
    pub fn new(repository: &'a Repository, deleted: Vec<ObjectId>) -> Self {
        Self { repository, deleted }
    }

    /// The content of the file that became `new`: the very same, or the one that has
    /// most of its lines, if that is half of them or more, as git takes it.
    pub fn source_of(&self, id: ObjectId, new: &[u8]) -> Option<Vec<u8>> {
        if self.deleted.contains(&id) {
            return Some(new.to_vec());
        }
        if self.deleted.len() > MAX_COMPARED || new.len() > MAX_SIZE {
            return None;
        }
        let lines = lines(new);
        let shared = |old: &[u8]| -> usize {
            self::lines(old).intersection(&lines).map(|line| line.len()).sum()
        };
        let candidates = self.deleted.iter().filter_map(|id| {
            let (size, _) = self.repository.odb().ok()?.read_header(oid(*id)).ok()?;
            // A file twice as long cannot have half of its lines in common.
            let longer = size.max(new.len());
            (size.min(new.len()) * 2 >= longer && size <= MAX_SIZE)
                .then(|| content(self.repository, *id).ok())?
        });
        candidates
            .map(|old| (shared(&old), old))
            .filter(|(shared, old)| shared * 2 >= old.len().max(new.len()).min(total(&lines) * 2))
            .max_by_key(|(shared, _)| *shared)
            .map(|(_, old)| old)
    }
}

fn lines(text: &[u8]) -> HashSet<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

fn total(lines: &HashSet<&[u8]>) -> usize {
    lines.iter().map(|line| line.len()).sum()
}
