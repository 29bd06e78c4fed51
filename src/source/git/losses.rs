//! The parts of history that could not be read.

use super::{
    object_index::ObjectIndex, objects::is_partial, reach::tip_commits, shallow::edge,
    skips::unreadable, trees,
};
use crate::model::{Outcome, SkipReason, Skipped, SourcePath};
use git2::Repository;

/// Maximum number of objects listed; the rest are only counted.
const MAX_NAMED: usize = 50;

/// Records objects in `outcome` that are corrupt, missing or not fetched. Objects that no reference
/// reaches may be missing.
pub fn tell(
    remembered: &mut ObjectIndex,
    repository: &Repository,
    outcome: &mut Outcome,
    threads: usize,
    unreachable: bool,
) {
    let mut lost: Vec<(String, String)> =
        remembered.store.take_losses().into_iter().map(|loss| (loss.name, loss.detail)).collect();
    let missing = missing(remembered, repository, threads, unreachable);
    if let Some(detail) = shallow(repository) {
        outcome.skipped.push(not_fetched(".git/shallow", detail));
    }
    if !missing.is_empty() && (is_partial(repository) || remembered.store.is_promised()) {
        let detail = format!(
            "{} objects were never fetched, since this is a partial clone: fetch the rest \
             with `git fetch --refetch --no-filter`",
            missing.len()
        );
        outcome.skipped.push(not_fetched(".git/objects", detail));
    } else {
        lost.extend(missing);
    }
    lost.sort();
    lost.dedup();
    let more = lost.len().saturating_sub(MAX_NAMED);
    for (name, detail) in lost.into_iter().take(MAX_NAMED) {
        outcome.skipped.push(unreadable(format!(".git/objects/{name}"), detail));
    }
    if more > 0 {
        let detail = format!("{more} more objects cannot be read");
        outcome.skipped.push(unreadable(".git/objects".into(), detail));
    }
}

/// The referenced but missing objects, each with the object that refers to it.
fn missing(
    remembered: &ObjectIndex,
    repository: &Repository,
    threads: usize,
    unreachable: bool,
) -> Vec<(String, String)> {
    let mut lost = Vec::new();
    let table = &remembered.store.table;
    for tip in &remembered.tips.all {
        if table.find(&tip.object).is_none() {
            lost.push((
                tip.object.to_string(),
                format!("it is missing: {} refers to it", tip.name),
            ));
        }
    }
    let graph = &remembered.graph;
    let past = graph.past(&tip_commits(remembered));
    let shallow = edge(repository);
    let reached =
        (0_u32..).zip(&past).filter(|(_, is_in)| unreachable || **is_in).map(|(number, _)| number);
    for number in reached.clone() {
        let node = graph.node(number);
        let id = table.id(node.object);
        if node.missing.is_empty() || shallow.contains(&id) {
            continue;
        }
        for one in &node.missing {
            lost.push((
                one.to_string(),
                format!("it is missing: the commit {} refers to it", id.short()),
            ));
        }
    }
    let mut incomplete = remembered.trees.incomplete.clone();
    if !incomplete.is_empty() && !unreachable {
        let seen = reachable_trees(remembered, reached.map(|number| graph.node(number).tree));
        incomplete.retain(|tree| seen.get(*tree as usize).is_some_and(|reached| *reached));
    }
    if !incomplete.is_empty() {
        incomplete.sort_unstable();
        for (id, tree) in trees::missing(&remembered.store, threads, &incomplete) {
            let tree = table.id(tree).short();
            lost.push((id.to_string(), format!("it is missing: the tree {tree} refers to it")));
        }
    }
    lost
}

fn not_fetched(path: &str, detail: String) -> Skipped {
    Skipped::of(SourcePath::from_bytes(path), SkipReason::NotFetched, detail)
}

/// The reason why the history of a shallow clone is incomplete.
fn shallow(repository: &Repository) -> Option<String> {
    let count = edge(repository).len();
    (count > 0).then(|| {
        format!(
            "this is a shallow clone, whose history ends at {count} commits: fetch the rest with \
             `git fetch --unshallow` (in GitHub Actions `fetch-depth: 0`)"
        )
    })
}

/// For each object, `true` if it is a tree reachable from `roots`.
fn reachable_trees(remembered: &ObjectIndex, roots: impl Iterator<Item = u32>) -> Vec<bool> {
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
