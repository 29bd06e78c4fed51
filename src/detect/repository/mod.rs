//! Checks that need more than one file, run once for the whole tree.

mod check;
mod docker;
mod dotenv;
mod logs;
mod reuse;
mod upload;
mod workflow;

use crate::rule::{Rule, RuleSet};
use check::Check;
pub use check::{Claim, Tree};

/// All checks.
const CHECKS: &[&dyn Check] = &[
    &dotenv::Committed,
    &dotenv::NotIgnored,
    &docker::CopiesSecrets,
    &logs::Tracked,
    &reuse::Reused,
    &upload::CredentialFiles,
    &upload::Samples,
    &upload::OutsideLinks,
    &upload::Refused,
    &upload::GitFolder,
    &upload::PlainReadme,
    &workflow::Called,
];

/// Checks that need the Hub's answer about a token. The code that queries the Hub runs them.
const OF_VERIFICATION: [&str; 2] = ["verify-excess-scope", "rotation-overdue"];

/// The names of all checks.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.name()).chain(OF_VERIFICATION)
}

/// `true` if a check has this name.
pub fn is_check(name: &str) -> bool {
    names().any(|known| known == name)
}

/// The results of the rules over whole trees, each with its rule.
pub fn run<'r>(rules: &'r RuleSet, tree: &Tree<'_>) -> Vec<(&'r Rule, Claim)> {
    let checks = rules.rules().iter().filter_map(|rule| {
        let name = rule.repository.as_deref()?;
        Some((rule, CHECKS.iter().find(|check| check.name() == name)?))
    });
    checks
        .flat_map(|(rule, check)| check.run(rule, tree).into_iter().map(move |claim| (rule, claim)))
        .collect()
}
