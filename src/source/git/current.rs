//! Which findings are in the files as they are now.

use super::oid::object_id;
use crate::model::{Finding, Origin};
use git2::Repository;

/// Marks the findings whose object is the version of their file in `HEAD`.
pub fn mark_current(repository: &Repository, findings: &mut [Finding]) {
    let Some(tree) = repository.head().ok().and_then(|head| head.peel_to_tree().ok()) else {
        return;
    };
    for finding in findings {
        let Some(history) = &mut finding.history else { continue };
        let Origin::Blob(id) = history.origin else { continue };
        let entry = tree.get_path(&finding.location.path.to_path());
        history.is_at_head = entry.is_ok_and(|entry| object_id(entry.id()) == id);
    }
}
