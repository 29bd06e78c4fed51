//! The same secret in several files.

use super::check::{Check, Claim, Tree};
use crate::{
    model::{Finding, Secret, Severity, Suppressor},
    rule::Rule,
};
use std::collections::BTreeMap;

/// Maximum number of locations that are listed.
const NAMED: usize = 5;

/// The same token in two or more files: one claim per token, at its first location. A file whose
/// finding is in the baseline counts if another one is reported: a copy is a new leak.
pub struct Reused;

impl Check for Reused {
    fn name(&self) -> &'static str {
        "token-reused"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        let mut places: BTreeMap<&Secret, Vec<&Finding>> = BTreeMap::new();
        for finding in tree.findings.iter().filter(|finding| finding.is_revocable()) {
            let Some(secret) = &finding.secret else { continue };
            add(places.entry(secret).or_default(), finding);
        }
        let is_known = |one: &&Finding| matches!(one.suppressed, Some(Suppressor::Baseline { .. }));
        for finding in tree.suppressed.iter().filter(is_known) {
            if let Some(files) = finding.secret.as_ref().and_then(|secret| places.get_mut(secret)) {
                add(files, finding);
            }
        }
        places.into_values().filter(|files| files.len() > 1).map(|files| claim(&files)).collect()
    }
}

/// Adds a finding, unless there is one in the same file.
fn add<'f>(files: &mut Vec<&'f Finding>, finding: &'f Finding) {
    if files.iter().all(|other| other.location.path != finding.location.path) {
        files.push(finding);
    }
}

fn claim(files: &[&Finding]) -> Claim {
    let first = files[0];
    let place =
        |finding: &&Finding| format!("{}:{}", finding.location.name(), finding.location.start.line);
    let mut named: Vec<String> = files[1..].iter().take(NAMED).map(place).collect();
    if files.len() - 1 > NAMED {
        named.push(format!("{} more", files.len() - 1 - NAMED));
    }
    // Invented tokens in tests are no worse if two tests share them.
    let worst = files.iter().map(|finding| finding.severity).max();
    Claim {
        path: first.location.path.clone(),
        line: first.location.start.line,
        severity: worst.unwrap_or(Severity::Medium).min(Severity::Medium),
        name: format!("{} files", files.len()),
        notes: vec![format!("also at {}", named.join(", "))],
    }
}
