//! Marks the findings that are in the current files.

use super::objects::Objects;
use crate::model::{Finding, Origin};

/// Marks the findings whose object is the version of their file in `HEAD`. Unreadable objects are
/// ignored, since the scan has already reported them.
pub fn mark_current(objects: &Objects<'_>, findings: &mut [Finding]) {
    let Ok(Some(commit)) = objects.references.head() else { return };
    let Ok(tree) = objects.tree_of(commit) else { return };
    for finding in findings {
        let Some(history) = &mut finding.history else { continue };
        let Origin::Blob(id) = history.origin else { continue };
        let file = objects.file_at(tree, finding.location.path.as_bytes());
        history.is_at_head = file.is_ok_and(|file| file == Some(id));
    }
}
