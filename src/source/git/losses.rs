//! What of history could not be read.

use super::{
    blobs::is_partial,
    history::{Remembered, skipped},
    reach::tip_commits,
};
use crate::model::{Outcome, SkipReason, Skipped, SourcePath};
use git2::Repository;
use std::collections::HashSet;

/// So many objects are named; of more only the count is told.
const MAX_NAMED: usize = 50;

/// Notes in `outcome` which objects are corrupt or missing. Where a remote promises what
/// is not here, it is no loss; nor at the edge of a shallow clone, nor where no
/// reference leads.
pub fn tell(
    remembered: &mut Remembered,
    repository: &Repository,
    outcome: &mut Outcome,
    unreachable: bool,
) {
    let mut lost: Vec<(String, String)> =
        remembered.store.take_losses().into_iter().map(|loss| (loss.name, loss.detail)).collect();
    let missing = missing(remembered, repository, &mut lost, unreachable);
    if missing > 0 && (is_partial(repository) || remembered.store.is_promised()) {
        outcome.skipped.push(Skipped {
            path: SourcePath::from_bytes(".git/objects"),
            inside: Vec::new(),
            reason: SkipReason::Vanished,
            detail: format!("{missing} objects were never fetched: this is a partial clone"),
        });
        lost.retain(|(_, detail)| !detail.starts_with(MISSING));
    }
    lost.sort();
    lost.dedup();
    let more = lost.len().saturating_sub(MAX_NAMED);
    for (name, detail) in lost.into_iter().take(MAX_NAMED) {
        outcome.skipped.push(skipped(format!(".git/objects/{name}"), detail));
    }
    if more > 0 {
        let detail = format!("{more} more objects cannot be read");
        outcome.skipped.push(skipped(".git/objects".into(), detail));
    }
}

/// How the note on a missing object begins.
const MISSING: &str = "it is missing";

/// Adds what is named and not there to `lost`, and says how many they are.
fn missing(
    remembered: &Remembered,
    repository: &Repository,
    lost: &mut Vec<(String, String)>,
    unreachable: bool,
) -> usize {
    let before = lost.len();
    let table = &remembered.store.table;
    for tip in &remembered.tips.all {
        if table.find(&tip.object).is_none() {
            lost.push((tip.object.to_string(), format!("{MISSING}: {} leads to it", tip.name)));
        }
    }
    let graph = &remembered.graph;
    let past = graph.past(&tip_commits(remembered));
    let shallow: HashSet<String> = std::fs::read_to_string(repository.commondir().join("shallow"))
        .unwrap_or_default()
        .lines()
        .map(str::to_string)
        .collect();
    let reached =
        (0_u32..).zip(&past).filter(|(_, is_in)| unreachable || **is_in).map(|(number, _)| number);
    for number in reached.clone() {
        let node = graph.node(number);
        let id = table.id(node.object);
        if node.missing.is_empty() || shallow.contains(&id.to_string()) {
            continue;
        }
        for one in &node.missing {
            lost.push((one.to_string(), format!("{MISSING}: the commit {} names it", id.short())));
        }
    }
    if !remembered.trees.missing.is_empty() {
        let trees = reachable_trees(remembered, reached.map(|number| graph.node(number).tree));
        for (id, tree) in &remembered.trees.missing {
            if unreachable || trees.get(*tree as usize).is_some_and(|reached| *reached) {
                let tree = table.id(*tree).short();
                lost.push((id.to_string(), format!("{MISSING}: the tree {tree} names it")));
            }
        }
    }
    lost.len() - before
}

/// Which objects are trees that `roots` lead to.
fn reachable_trees(remembered: &Remembered, roots: impl Iterator<Item = u32>) -> Vec<bool> {
    let mut seen = vec![false; remembered.store.table.len()];
    let mut stack: Vec<u32> = roots.collect();
    while let Some(tree) = stack.pop() {
        if let Some(slot) = seen.get_mut(tree as usize)
            && !std::mem::replace(slot, true)
        {
            stack.extend(remembered.trees.folders(tree));
        }
    }
    seen
}
