//! Records of parts of a repository that are not read.

use crate::model::{SkipReason, Skipped, SourcePath};

/// The record of a part of the repository that cannot be read.
pub fn unreadable(path: String, detail: String) -> Skipped {
    Skipped {
        path: SourcePath::from_bytes(path),
        inside: Vec::new(),
        reason: SkipReason::Unreadable,
        detail,
    }
}
