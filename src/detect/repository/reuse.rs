//! The same secret in several files.

use super::check::{Check, Claim, Tree};
use crate::{
    model::{Finding, Secret, Severity, Suppressor},
    rule::Rule,
};
use std::collections::HashMap;

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
        let mut places: HashMap<&Secret, Files> = HashMap::with_capacity(tree.findings.len());
        for finding in tree.findings.iter().filter(|finding| finding.is_revocable()) {
            let Some(secret) = &finding.secret else { continue };
            let files = places.entry(secret);
            files.and_modify(|files| files.add(finding)).or_insert_with(|| Files::of(finding));
        }
        let is_known = |one: &&Finding| matches!(one.suppressed, Some(Suppressor::Baseline { .. }));
        for finding in tree.suppressed.iter().filter(is_known) {
            if let Some(files) = finding.secret.as_ref().and_then(|secret| places.get_mut(secret)) {
                files.add(finding);
            }
        }
        places.retain(|_, files| !files.others.is_empty());
        let mut reused: Vec<(&Secret, Files)> = places.into_iter().collect();
        reused.sort_unstable_by_key(|(secret, _)| *secret);
        reused.iter().map(|(_, files)| files.claim()).collect()
    }
}

/// The files with one secret, by one finding in each. Nearly all secrets are in one file.
struct Files<'f> {
    first: &'f Finding,
    others: Vec<&'f Finding>,
}

impl<'f> Files<'f> {
    fn of(first: &'f Finding) -> Self {
        Self { first, others: Vec::new() }
    }

    /// Adds a finding, unless there is one in the same file.
    fn add(&mut self, finding: &'f Finding) {
        let is_other = |known: &Finding| known.location.path != finding.location.path;
        if is_other(self.first) && self.others.iter().all(|known| is_other(known)) {
            self.others.push(finding);
        }
    }

    fn claim(&self) -> Claim {
        let Self { first, others } = self;
        let place = |finding: &&Finding| {
            format!("{}:{}", finding.location.name(), finding.location.start.line)
        };
        let mut named: Vec<String> = others.iter().take(NAMED).map(place).collect();
        if others.len() > NAMED {
            named.push(format!("{} more", others.len() - NAMED));
        }
        // Invented tokens in tests are no worse if two tests share them.
        let worst = others.iter().map(|finding| finding.severity).max();
        let worst = worst.map_or(first.severity, |worst| worst.max(first.severity));
        Claim {
            path: first.location.path.clone(),
            line: first.location.start.line,
            severity: worst.min(Severity::Medium),
            name: format!("{} files", 1 + others.len()),
            notes: vec![format!("also at {}", named.join(", "))],
        }
    }
}
