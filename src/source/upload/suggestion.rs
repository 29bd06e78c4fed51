//! The patterns that exclude every file with a finding from an upload.

use super::{
    fnmatch::Pattern,
    plan::{Plan, Planned},
};
use crate::model::{SourcePath, tree::Passage, upload::GitignoreUse};
use std::collections::BTreeSet;

/// Folders that are excluded as a whole if any file in them must be.
const WHOLE: [&str; 12] = [
    ".git",
    ".cache",
    ".claude",
    ".codex",
    ".cursor",
    ".ssh",
    ".aws",
    "wandb",
    "mlruns",
    "runs",
    "lightning_logs",
    ".hydra",
];

/// The `--exclude` patterns that exclude the files of `unwanted`, and otherwise only files in
/// folders that tend to hold secrets. They cover files that are sent whole and those whose first
/// bytes are sent. Empty if patterns have no effect, or cannot name a file.
pub fn excludes(plan: &Plan, unwanted: &BTreeSet<SourcePath>) -> Vec<String> {
    let Some(filter) = plan.filter() else { return Vec::new() };
    let mut unwanted: BTreeSet<&SourcePath> = unwanted.iter().collect();
    let is_gitignore = |one: &&Planned| one.name == b".gitignore";
    let has_gitignore = plan.upload.gitignore == GitignoreUse::Sent;
    if has_gitignore
        && plan.files.iter().find(is_gitignore).is_some_and(|one| unwanted.contains(&one.path))
    {
        // Without this pattern, the files that it ignores would be sent.
        let sampled = plan.files.iter().filter(|one| one.passage == Passage::Sample);
        unwanted.extend(sampled.map(|one| &one.path));
    }
    let mut filter = filter.clone();
    let mut patterns = Vec::new();
    for planned in plan.files.iter().filter(|one| unwanted.contains(&one.path)) {
        if filter.leaves_out(&planned.name).is_some() {
            continue;
        }
        let masked = unwanted.get(&planned.path).and_then(|path| path.masked());
        let Some(pattern) = pattern_for(planned, masked) else { continue };
        filter.exclude(pattern.text());
        // A line of a filter file may still include the file.
        if filter.leaves_out(&planned.name).is_some() {
            patterns.push(pattern.text().to_string());
        }
    }
    patterns
}

/// The pattern of a file's own name, or of its folder if that tends to hold secrets. A secret in
/// the name is replaced by a wildcard.
fn pattern_for(planned: &Planned, masked: Option<&str>) -> Option<Pattern> {
    let name = &planned.name[..];
    let text = std::str::from_utf8(name).ok()?;
    if let Some(masked) = masked {
        let folder = planned.path.as_bytes().len().checked_sub(name.len())?;
        let quoted = Pattern::of_name(masked.as_bytes().get(folder..)?)?;
        return Some(Pattern::new(&quoted.text().replace('…', "*")));
    }
    let mut end = 0;
    for part in text.split_inclusive('/') {
        end += part.len();
        if part.ends_with('/') && WHOLE.contains(&part.trim_end_matches('/')) {
            let quoted = Pattern::of_name(&name[..end])?;
            return Some(Pattern::new(&format!("{}*", quoted.text())));
        }
    }
    Pattern::of_name(name)
}
