//! The objects of a repository and how they lead to each other.

use super::{graph::Graph, store::Store, tips::Tips, trees::Trees};
use crate::model::ObjectId;
use std::collections::HashMap;

/// The objects that a scan read, for looking up where findings came from.
#[derive(Debug)]
pub struct ObjectIndex {
    /// All objects.
    pub store: Store,
    /// All commits.
    pub graph: Graph,
    /// The objects that annotated tags name.
    pub tags: HashMap<u32, ObjectId>,
    /// All trees.
    pub trees: Trees,
    /// The references to begin from.
    pub tips: Tips,
}
