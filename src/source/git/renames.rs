//! Finds the deleted file that a new file was renamed from.

use super::objects::Objects;
use crate::model::ObjectId;
use std::collections::HashSet;

/// Maximum number of deleted files with which a new one is compared. Git's own limit is 1000 on
/// both sides (`diff.renameLimit`).
const MAX_COMPARED: usize = 1000;
/// Maximum size in bytes of files that are compared; larger ones only count as renamed if their
/// content is equal.
const MAX_SIZE: usize = 4 << 20;

/// The files that a change deletes.
pub struct Renames<'a> {
    objects: &'a Objects<'a>,
    deleted: &'a [ObjectId],
}

impl<'a> Renames<'a> {
    /// Renames of a change that deletes files of this content.
    pub fn new(objects: &'a Objects<'a>, deleted: &'a [ObjectId]) -> Self {
        Self { objects, deleted }
    }

    /// The file that was renamed to `new`: the one with the same content, or the one that shares
    /// most of its lines, if that is at least half of them, as git counts.
    pub fn source_of(&self, id: ObjectId, new: &[u8]) -> Option<ObjectId> {
        if self.deleted.contains(&id) {
            return Some(id);
        }
        if self.deleted.len() > MAX_COMPARED || new.len() > MAX_SIZE {
            return None;
        }
        let lines = lines(new);
        let shared = |old: &[u8]| -> usize {
            self::lines(old).intersection(&lines).map(|line| line.len()).sum()
        };
        let candidates = self.deleted.iter().filter_map(|id| {
            // A file twice as long cannot share half of its lines.
            let most = new.len().saturating_mul(2).min(MAX_SIZE) as u64;
            let (_, old) = self.objects.read(*id, Some(most)).ok()?;
            if old.len().saturating_mul(2) < new.len() {
                return None;
            }
            let shared = shared(&old);
            let is_enough = shared * 2 >= old.len().max(new.len()).min(total(&lines) * 2);
            is_enough.then_some((shared, *id))
        });
        candidates.max_by_key(|(shared, _)| *shared).map(|(_, id)| id)
    }
}

fn lines(text: &[u8]) -> HashSet<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

fn total(lines: &HashSet<&[u8]>) -> usize {
    lines.iter().map(|line| line.len()).sum()
}
