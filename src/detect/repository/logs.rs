//! Output of runs that git tracks.

use super::check::{Check, Claim, Tree};
use crate::{
    model::{FileState, Severity, SourcePath, tree::is_log},
    rule::Rule,
};
use std::collections::BTreeMap;

/// Logs and folders of experiment trackers in git's index: one claim per folder.
pub struct Tracked;

impl Check for Tracked {
    fn name(&self) -> &'static str {
        "logs-tracked"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        let mut folders: BTreeMap<SourcePath, (SourcePath, usize)> = BTreeMap::new();
        for file in tree
            .files
            .iter()
            .filter(|file| file.state == FileState::Tracked && is_log(file.path.as_bytes()))
        {
            let folder = file.path.ancestors().last().unwrap_or_default();
            folders.entry(folder).or_insert_with(|| (file.path.clone(), 0)).1 += 1;
        }
        let claim = |(folder, (path, count)): (SourcePath, (SourcePath, usize))| Claim {
            name: if folder.as_bytes().is_empty() { path.to_string() } else { folder.to_string() },
            notes: if count > 1 {
                vec![format!("there are {count} such files")]
            } else {
                Vec::new()
            },
            path,
            line: 1,
            severity: Severity::Low,
        };
        folders.into_iter().map(claim).collect()
    }
}
