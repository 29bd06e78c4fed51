//! Tracked files that a walk skipped because an ignore rule matches them.

use super::{
    shared::{Shared, lock},
    visitor::Visitor,
};
use crate::{
    model::{SourcePath, tree::is_of_note},
    source::{Sink, tracked::WorkTree},
};
use std::{
    cell::LazyCell,
    collections::{BTreeSet, HashSet},
    path::{Path, PathBuf},
};

/// Scans the tracked files that the walk skipped.
///
/// Returns the tracked files that checks over the whole tree need.
pub fn scan_unmet(shared: &Shared<'_>, sink: &dyn Sink) -> BTreeSet<SourcePath> {
    let mut noted = BTreeSet::new();
    // Only folders can contain files that were not visited, and hooks name thousands of files.
    let roots = &shared.folders;
    let is_noted = |path: &Path| is_of_note(path.as_os_str().as_encoded_bytes());
    let named: HashSet<&PathBuf> = shared.files.iter().filter(|path| is_noted(path)).collect();
    if roots.is_empty() && named.is_empty() {
        return noted;
    }
    // Computed only in a repository; sorting is faster than building a set.
    let visited = LazyCell::new(|| {
        let mut visited: Vec<u64> = lock(&shared.visited).drain(..).flatten().collect();
        visited.sort_unstable();
        visited
    });
    let was_visited = |file: &Path| visited.binary_search(&shared.hash(file)).is_ok();
    // A folder may since have been replaced by a link.
    let mut visitor = Visitor::new(shared, sink.worker(), shared.reader());
    for tree in lock(&shared.work_trees).iter().filter_map(|dir| WorkTree::at(dir)) {
        match tree.tracked() {
            Ok(files) => {
                for file in files.into_iter().map(|file| tree.dir.join(file)) {
                    let in_root = roots.iter().any(|root| file.starts_with(root));
                    if !in_root && !named.contains(&file) {
                        continue;
                    }
                    if in_root && shared.remember && !was_visited(&file) {
                        visitor.ignored_but_tracked(&file);
                    }
                    let name = is_noted(&file).then(|| shared.root.name_of(&file));
                    noted.extend(name.filter(|name| !shared.leaves_out(name)));
                }
            }
            Err(detail) if shared.remember && !tree.git_dir.is_dir() => {
                for root in roots.iter().filter_map(|root| common(root, &tree.dir)) {
                    visitor.ignored_files(root, &was_visited);
                }
                visitor.unknown_index(&tree, &detail, true);
            }
            Err(detail) => visitor.unknown_index(&tree, &detail, !shared.remember),
        }
    }
    noted
}

/// The inner one of two folders, if one contains the other.
fn common<'p>(one: &'p Path, other: &'p Path) -> Option<&'p Path> {
    match () {
        () if one.starts_with(other) => Some(one),
        () if other.starts_with(one) => Some(other),
        () => None,
    }
}
