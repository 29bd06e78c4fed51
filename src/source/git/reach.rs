//! The secrets in the files of each commit, and those in its history.

use super::{
    object_index::ObjectIndex,
    sets::{EMPTY, SetId, Sets},
    store::NONE,
    trees::holders,
};
use crate::model::ObjectId;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The indices of the secrets that each object holds.
pub type Holds = HashMap<u32, BTreeSet<u32>>;

/// The secrets held by commits.
#[derive(Debug)]
pub struct Holdings {
    /// All sets of secrets.
    pub sets: Sets,
    /// The secrets in each tree and its subtrees, by its index in the table.
    trees: Vec<Option<SetId>>,
    /// The commits in the history of the tips, oldest first.
    pub order: Vec<u32>,
    /// For each commit, the secrets in its files.
    pub files: Vec<SetId>,
    /// For each commit, the secrets in the files or messages of its history, itself included.
    pub past: Vec<SetId>,
}

impl Holdings {
    /// Determines the secrets of `blobs` and `messages` that the commits in the history of the tips
    /// hold.
    pub fn find(remembered: &ObjectIndex, threads: usize, blobs: &Holds, messages: &Holds) -> Self {
        let graph = &remembered.graph;
        let order = graph.oldest_first(&graph.past(&tip_commits(remembered)));
        let mut this = Self {
            sets: Sets::default(),
            trees: vec![None; remembered.store.table.len()],
            order,
            files: vec![EMPTY; graph.len()],
            past: vec![EMPTY; graph.len()],
        };
        let own = this.own_sets(remembered, threads, blobs);
        for at in 0..this.order.len() {
            let number = this.order[at];
            let node = graph.node(number);
            let files = this.tree(remembered, &own, node.tree);
            let mut past = files;
            if let Some(message) = messages.get(&node.object) {
                let message = this.sets.of(message.iter().copied().collect());
                past = this.sets.union(past, message);
            }
            for parent in graph.parents(number) {
                past = this.sets.union(past, this.past[parent as usize]);
            }
            this.files[number as usize] = files;
            this.past[number as usize] = past;
        }
        // A tag can refer to a tree without a commit.
        for tip in &remembered.tips.all {
            let target = remembered.store.table.find(&tip.object).map(|one| peel(remembered, one));
            if let Some(target) = target.filter(|target| graph.number(*target).is_none()) {
                this.tree(remembered, &own, target);
            }
        }
        this
    }

    /// Computes the secrets directly in each tree, without its subtrees.
    fn own_sets(
        &mut self,
        remembered: &ObjectIndex,
        threads: usize,
        blobs: &Holds,
    ) -> HashMap<u32, SetId> {
        if blobs.is_empty() {
            return HashMap::new();
        }
        let targets: HashSet<u32> = blobs.keys().copied().collect();
        let found = holders(&remembered.store, threads, &targets);
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_unstable_by_key(|(tree, _)| *tree);
        found
            .into_iter()
            .map(|(tree, held)| {
                let all = held.iter().filter_map(|blob| blobs.get(blob)).flatten().copied();
                (tree, self.sets.of(all.collect()))
            })
            .collect()
    }

    /// The secrets in a tree and its subtrees. Each tree is read once, with a work list instead of
    /// recursion, because the repository determines the depth.
    fn tree(&mut self, remembered: &ObjectIndex, own: &HashMap<u32, SetId>, root: u32) -> SetId {
        if root == NONE || own.is_empty() {
            return EMPTY;
        }
        let mut stack = vec![(root, false)];
        while let Some((tree, is_done)) = stack.pop() {
            if is_done {
                let mut all = own.get(&tree).copied().unwrap_or(EMPTY);
                for folder in remembered.trees.folders(tree) {
                    all = self.sets.union(all, self.of_tree(*folder));
                }
                self.trees[tree as usize] = Some(all);
            } else if let Some(place @ None) = self.trees.get_mut(tree as usize) {
                // In a corrupt store a tree may contain itself, so it is marked as visited first.
                *place = Some(EMPTY);
                stack.push((tree, true));
                let folders = remembered.trees.folders(tree).iter();
                let unknown = folders.filter(|one| self.trees[**one as usize].is_none());
                stack.extend(unknown.map(|one| (*one, false)));
            }
        }
        self.of_tree(root)
    }

    /// The secrets in a tree, if it belongs to a commit or a tip.
    pub fn of_tree(&self, tree: u32) -> SetId {
        self.trees.get(tree as usize).copied().flatten().unwrap_or(EMPTY)
    }

    /// `true` if a tree or one of its subtrees holds a secret.
    pub fn tree_has(&self, tree: u32, secret: u32) -> bool {
        self.sets.has(self.of_tree(tree), secret)
    }
}

/// The commit, or other object, that an object leads to through tags.
pub fn peel(remembered: &ObjectIndex, object: u32) -> u32 {
    let mut object = object;
    // Tags can refer to tags, but no legitimate chain is this long.
    for _ in 0..32 {
        let Some(target) = remembered.tags.get(&object) else { break };
        object = remembered.store.table.find(target).unwrap_or(NONE);
    }
    object
}

/// The tags between an object and the commit that it leads to.
pub fn tags_of(remembered: &ObjectIndex, object: u32) -> Vec<u32> {
    let mut tags = Vec::new();
    let mut object = object;
    while let Some(target) = remembered.tags.get(&object).filter(|_| tags.len() < 32) {
        tags.push(object);
        object = remembered.store.table.find(target).unwrap_or(NONE);
    }
    tags
}

/// The indices of the commits that the tips lead to.
pub fn tip_commits(remembered: &ObjectIndex) -> Vec<u32> {
    let find = |id: &ObjectId| remembered.store.table.find(id);
    remembered
        .tips
        .all
        .iter()
        .filter_map(|tip| remembered.graph.number(peel(remembered, find(&tip.object)?)))
        .collect()
}
