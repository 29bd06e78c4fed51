//! Findings shown as one block.

use crate::{
    model::{Finding, Secret, Severity},
    report::ranking::worst_first,
};
use std::collections::HashMap;

/// The findings of a rule with the same remedy, or of one secret in git's history.
pub struct Group<'a> {
    /// The finding shown in full.
    pub first: &'a Finding,
    /// The others, with only their locations listed.
    pub others: Vec<&'a Finding>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    /// A secret in git's history, found by any rules.
    Secret(&'a Secret),
    /// Other findings with the same rule, severity and remedy.
    Advice(&'a str, Severity, &'a str),
}

/// The groups, most severe first; with `long` each finding is a separate group.
pub fn groups(findings: &[Finding], long: bool) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut numbers = HashMap::new();
    for finding in worst_first(findings) {
        let key = match (&finding.history, &finding.secret) {
            (Some(_), Some(secret)) => Some(Key::Secret(secret)),
            (Some(_), None) => None,
            (None, _) => Some(Key::Advice(&finding.rule, finding.severity, &finding.help)),
        };
        let number = key.filter(|_| !long).map(|key| *numbers.entry(key).or_insert(groups.len()));
        match number.and_then(|number| groups.get_mut(number)) {
            Some(group) => group.others.push(finding),
            None => groups.push(Group { first: finding, others: Vec::new() }),
        }
    }
    groups
}
