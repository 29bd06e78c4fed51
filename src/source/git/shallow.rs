//! The boundary of a shallow clone.

use crate::{model::ObjectId, source::regular};
use git2::Repository;
use std::collections::HashSet;

/// Maximum size in bytes of the list of boundary commits.
const MAX_SHALLOW: u64 = 64 << 20;

/// The boundary commits, whose parents were not fetched; none in a complete clone.
pub fn edge(repository: &Repository) -> HashSet<ObjectId> {
    let path = repository.commondir().join("shallow");
    let text = regular::read(&path, MAX_SHALLOW).unwrap_or_default();
    text.split(|byte| *byte == b'\n').filter_map(ObjectId::from_hex).collect()
}
