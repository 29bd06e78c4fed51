//! Records of parts of a repository that are not read.

use crate::{
    model::{SkipReason, Skipped, SourcePath},
    source::Sink,
};

/// The record of a part of the repository that cannot be read.
pub fn unreadable(path: String, detail: String) -> Skipped {
    Skipped {
        path: SourcePath::from_bytes(path),
        inside: Vec::new(),
        reason: SkipReason::Unreadable,
        detail,
    }
}

/// Records files that the user's globs exclude, since someone else may have written the globs.
pub fn hand_over_excluded(paths: Vec<SourcePath>, sink: &dyn Sink) {
    if paths.is_empty() {
        return;
    }
    let mut worker = sink.worker();
    for path in paths {
        worker.skipped(Skipped::of(path, SkipReason::Excluded, String::new()));
    }
}
