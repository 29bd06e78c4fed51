//! The commits in the history of some, but not in that of others.
//!
//! libgit2 reserves the memory that a packed commit announces, so it walks none.

use super::{
    commits::parents,
    error::GitError,
    graph::committed_at,
    objects::{Objects, Unread},
    shallow::edge,
    store::Kind,
};
use crate::model::ObjectId;
use std::{
    collections::{BinaryHeap, HashMap, HashSet},
    mem,
};

/// Walks commits, each of which it reads once.
pub struct Walk<'o, 'r> {
    objects: &'o Objects<'r>,
    /// The boundary of a shallow clone, whose parents were not fetched.
    edge: HashSet<ObjectId>,
    commits: HashMap<ObjectId, Commit>,
}

#[derive(Debug, Clone)]
struct Commit {
    /// The time of the commit, in seconds since 1970.
    time: i64,
    parents: Vec<ObjectId>,
    /// `true` if it is in the history of a known commit.
    is_known: bool,
    is_visited: bool,
}

impl<'o, 'r> Walk<'o, 'r> {
    /// A walk over these objects.
    pub fn new(objects: &'o Objects<'r>) -> Self {
        Self { objects, edge: edge(objects.repository), commits: HashMap::new() }
    }

    /// The parents of a commit that were fetched.
    ///
    /// # Errors
    /// Returns an error if the commit cannot be read.
    pub fn parents(&mut self, id: ObjectId) -> Result<Vec<ObjectId>, Unread> {
        Ok(self.commit(id)?.parents.clone())
    }

    fn commit(&mut self, id: ObjectId) -> Result<&mut Commit, Unread> {
        if !self.commits.contains_key(&id) {
            let text = self.objects.content(id, Kind::Commit)?;
            let parents =
                if self.edge.contains(&id) { Vec::new() } else { parents(&text).collect() };
            let time = committed_at(&text).unwrap_or_default();
            let commit = Commit { time, parents, is_known: false, is_visited: false };
            self.commits.insert(id, commit);
        }
        Ok(self.commits.get_mut(&id).expect("it was just added"))
    }

    /// The commits in the history of `tips`, but not in that of `known`, parents before their
    /// children. Of wrong times, a commit that is known may be among them; none is ever left out.
    ///
    /// # Errors
    /// Returns an error if a commit in the history of `tips` cannot be read.
    pub fn between(
        mut self,
        tips: &[ObjectId],
        known: &[ObjectId],
    ) -> Result<Vec<ObjectId>, GitError> {
        let (mut open, mut fresh) = (BinaryHeap::new(), HashSet::new());
        for id in known {
            // A reference to a missing object, or to one that is not a commit, excludes nothing.
            if let Ok(commit) = self.commit(*id) {
                commit.is_known = true;
                open.push((commit.time, *id));
            }
        }
        for id in tips {
            open.push((self.readable(*id)?.time, *id));
            fresh.insert(*id);
        }
        let mut last = i64::MAX;
        while let Some((time, id)) = open.pop() {
            let commit = self.readable(id)?;
            if mem::replace(&mut commit.is_visited, true) {
                continue;
            }
            let (is_known, parents) = (commit.is_known, commit.parents.clone());
            fresh.remove(&id);
            if !is_known {
                last = time;
            } else if time < last && fresh.is_empty() {
                break;
            }
            for parent in parents {
                if is_known {
                    self.mark_known(parent, &mut open, &mut fresh);
                    continue;
                }
                let commit = self.readable(parent)?;
                if !commit.is_visited {
                    open.push((commit.time, parent));
                    if !commit.is_known {
                        fresh.insert(parent);
                    }
                }
            }
        }
        Ok(self.in_order(tips))
    }

    /// The commit, which must be readable.
    fn readable(&mut self, id: ObjectId) -> Result<&mut Commit, GitError> {
        self.commit(id).map_err(|(_, message)| GitError::Git {
            what: "cannot walk the commits".into(),
            message,
        })
    }

    /// Marks a commit as known, and its ancestors as far as they were visited.
    fn mark_known(
        &mut self,
        id: ObjectId,
        open: &mut BinaryHeap<(i64, ObjectId)>,
        fresh: &mut HashSet<ObjectId>,
    ) {
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            let Ok(commit) = self.commit(id) else { continue };
            if mem::replace(&mut commit.is_known, true) {
                continue;
            }
            fresh.remove(&id);
            if commit.is_visited {
                stack.extend(commit.parents.iter().copied());
            } else {
                open.push((commit.time, id));
            }
        }
    }

    /// The visited commits that are not known, parents before their children.
    fn in_order(&mut self, tips: &[ObjectId]) -> Vec<ObjectId> {
        let mut ordered = Vec::new();
        // Each commit twice: before its parents, and after them.
        let mut stack: Vec<(ObjectId, bool)> = tips.iter().rev().map(|id| (*id, false)).collect();
        while let Some((id, is_after)) = stack.pop() {
            if is_after {
                ordered.push(id);
                continue;
            }
            let Some(commit) = self.commits.get_mut(&id) else { continue };
            if commit.is_known || !mem::take(&mut commit.is_visited) {
                continue;
            }
            stack.push((id, true));
            stack.extend(commit.parents.iter().rev().map(|parent| (*parent, false)));
        }
        ordered
    }
}
