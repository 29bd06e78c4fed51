//! Marks the findings that are in the current files.

use super::{objects::Objects, oid::object_id};
use crate::model::{Finding, Origin};
use git2::Repository;

/// Marks the findings whose object is the version of their file in `HEAD`. Unreadable objects are
/// ignored, since the scan has already reported them.
pub fn mark_current(repository: &Repository, objects: &Objects<'_>, findings: &mut [Finding]) {
    // libgit2's reader of loose objects never returns on a truncated object.
    let Some(commit) = repository.head().ok().and_then(|head| head.target()) else { return };
    let Ok(tree) = objects.tree_of(object_id(commit)) else { return };
    for finding in findings {
        let Some(history) = &mut finding.history else { continue };
        let Origin::Blob(id) = history.origin else { continue };
        let file = objects.file_at(tree, finding.location.path.as_bytes());
        history.is_at_head = file.is_ok_and(|file| file == Some(id));
    }
}
