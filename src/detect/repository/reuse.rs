//! The same secret in several files.

use super::check::{Check, Claim, Tree};
use crate::{
    model::{Finding, Secret, Severity},
    rule::Rule,
};
use std::collections::BTreeMap;

/// Maximum number of locations that are listed.
const NAMED: usize = 5;

/// The same token in two or more files: one claim per token, at its first location.
pub struct Reused;

impl Check for Reused {
    fn name(&self) -> &'static str {
        "token-reused"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        let mut places: BTreeMap<&Secret, Vec<&Finding>> = BTreeMap::new();
        for finding in tree.findings.iter().filter(|finding| finding.is_revocable()) {
            let Some(secret) = &finding.secret else { continue };
            let files = places.entry(secret).or_default();
            if files.iter().all(|other| other.location.path != finding.location.path) {
                files.push(finding);
            }
        }
        places.into_values().filter(|files| files.len() > 1).map(|files| claim(&files)).collect()
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
