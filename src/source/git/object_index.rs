//! The objects of a repository and their references to each other.

use super::{graph::Graph, store::Store, tips::Tips, trees::Trees};
use crate::model::ObjectId;
use std::collections::HashMap;

/// The objects read by a scan, used to find the origin of findings.
#[derive(Debug)]
pub struct ObjectIndex {
    /// All objects.
    pub store: Store,
    /// All commits.
    pub graph: Graph,
    /// The targets of annotated tags.
    pub tags: HashMap<u32, ObjectId>,
    /// All trees.
    pub trees: Trees,
    /// The tips from which history is read.
    pub tips: Tips,
}
