//! Checks that need more than one file, each run once for the whole tree.

mod docker;
mod dotenv;
mod logs;
mod reuse;

use crate::{
    model::{Finding, Severity, SourcePath, TreeFile},
    rule::{Matcher, Rule, RuleSet},
};

/// A tree that was scanned.
pub struct Tree<'t> {
    /// The files in it that tend to hold secrets, or decide where such files go, in order.
    pub files: &'t [TreeFile],
    /// What was found in single files.
    pub findings: &'t [Finding],
    /// The content of a small file by its name, if it is there and can be read.
    pub read: &'t dyn Fn(&SourcePath) -> Option<Vec<u8>>,
}

impl Tree<'_> {
    /// Whether a credential of a known kind was found in the file, not only a value that
    /// is named like one.
    fn holds_credential(&self, path: &SourcePath) -> bool {
        self.findings.iter().any(|finding| {
            finding.location.path == *path
                && finding.secret.is_some()
                && finding.severity >= Severity::High
        })
    }
}

/// What a check found: a place to change, and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The file to point at.
    pub path: SourcePath,
    /// The line to point at, from 1.
    pub line: usize,
    /// How bad it is here.
    pub severity: Severity,
    /// What it is about, filled into the rule's words for `{name}`.
    pub name: String,
    /// More to be said, a sentence each.
    pub notes: Vec<String>,
}

/// A check over a tree.
trait Check: Sync {
    /// Its name in rules.
    fn name(&self) -> &'static str;

    /// What it finds, each at the place to change.
    fn run(&self, tree: &Tree<'_>) -> Vec<Claim>;
}

/// Every check.
const CHECKS: &[&dyn Check] = &[
    &dotenv::Committed,
    &dotenv::NotIgnored,
    &docker::CopiesSecrets,
    &logs::Tracked,
    &reuse::Reused,
];

/// The name of every check.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.name())
}

/// Whether a check has this name.
pub fn is_check(name: &str) -> bool {
    names().any(|known| known == name)
}

/// What the rules over whole trees find, with the rule of each.
pub fn run<'r>(rules: &'r RuleSet, tree: &Tree<'_>) -> Vec<(&'r Rule, Claim)> {
    let checks = rules.rules().iter().filter_map(|rule| match &rule.matcher {
        Matcher::Repository(name) => {
            Some((rule, CHECKS.iter().find(|check| check.name() == name)?))
        }
        _ => None,
    });
    checks
        .flat_map(|(rule, check)| check.run(tree).into_iter().map(move |claim| (rule, claim)))
        .collect()
}
