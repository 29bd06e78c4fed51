//! The rules of a run, and their selection.

use super::{
    built_in::built_in_files,
    compile::{from_packed, parse},
    names::Names,
    nearest::nearest,
    ready::Rule,
    rule_file::RuleError,
    selection::{RuleNames, Selection, SelectionError},
};
use crate::model::Severity;
use std::collections::{BTreeMap, BTreeSet};

/// The built-in rules in the packed form of `rules/build.rs`.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.packed"));
/// The SHA-256 digest of the built-in rule files, computed at build time.
pub const BUILT_IN_DIGEST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.sha256"));

/// The built-in rules; with `names` they are also checked, as by [`parse`].
///
/// # Errors
/// None in a released build, since the tests parse every built-in rule.
pub fn built_in(names: Option<&Names>) -> Result<Vec<Rule>, RuleError> {
    let mut rules = Vec::new();
    for (file, text) in built_in_files() {
        rules.extend(parse(file, &text, names)?);
    }
    Ok(rules)
}

/// The built-in rules without their examples, which load in a fraction of the time.
///
/// # Errors
/// Returns the errors of [`built_in`].
pub fn built_in_to_run() -> Result<Vec<Rule>, RuleError> {
    // Parses the text again for an error, so that the message names the line.
    from_packed(PACKED).or_else(|error| built_in(None).and(Err(error)))
}

/// The rules of a run.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// The selected rules of `rules`.
    ///
    /// # Errors
    /// Returns an error for a name that matches no rule, an invalid glob, or a duplicate id.
    pub fn new(rules: Vec<Rule>, selection: &Selection) -> Result<Self, SelectionError> {
        let mut set = Self::to_scan(rules, selection)?;
        set.rules.retain(|rule| !rule.is_ignored);
        Ok(set)
    }

    /// The first rule of each id, none of them ignored.
    pub fn joined(rules: impl IntoIterator<Item = Rule>) -> Self {
        let mut known = BTreeSet::new();
        let rules = rules.into_iter().filter(|rule| known.insert(rule.id.clone()));
        Self { rules: rules.collect() }
    }

    /// The selected rules, and the credential rules among those that the user ignores: no other
    /// rule may report a location where one of these matches.
    ///
    /// # Errors
    /// Returns the errors of [`new`](Self::new).
    pub fn to_scan(mut rules: Vec<Rule>, selection: &Selection) -> Result<Self, SelectionError> {
        let mut by_id = BTreeMap::new();
        for rule in &rules {
            for id in rule.ids() {
                if let Some(first) = by_id.insert(id, &rule.origin) {
                    return Err(SelectionError::Duplicate {
                        id: id.to_string(),
                        first: first.to_string(),
                        second: rule.origin.to_string(),
                    });
                }
            }
        }
        let select = RuleNames::known(&selection.select, &rules)?;
        let ignore = RuleNames::known(&selection.ignore, &rules)?;
        for rule in &mut rules {
            rule.is_ignored = ignore.match_rule(rule);
        }
        let wanted = |rule: &Rule| {
            (select.is_empty() || select.match_rule(rule)) && (rule.credential || !rule.is_ignored)
        };
        Ok(Self { rules: rules.into_iter().filter(|rule| wanted(rule)).collect() })
    }

    /// The same rules with the user's severities, by the names of [`RuleNames`]; the last one that
    /// matches wins.
    pub fn with_severities(mut self, severities: &[(String, Severity)]) -> Self {
        for (rules, severity) in severities {
            let names = RuleNames::new([rules]);
            for rule in self.rules.iter_mut().filter(|rule| names.match_rule(rule)) {
                rule.give_severity(*severity);
            }
        }
        self
    }

    /// The same rules, set to record each rejected value as a dismissed match with a reason.
    pub fn explaining(mut self) -> Self {
        self.rules.iter_mut().for_each(Rule::explain);
        self
    }

    /// The rules that report findings, in the order of their files.
    pub fn reporting(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|rule| !rule.is_ignored)
    }

    /// The rules for which `is_wanted` is `true`.
    pub fn filtered(mut self, is_wanted: impl Fn(&Rule) -> bool) -> Self {
        self.rules.retain(is_wanted);
        self
    }

    /// The rules, in the order of their files.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with this id or earlier id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.is_named(id))
    }

    /// The id most similar to `name`, if one is similar enough.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.rules.iter().map(|rule| &*rule.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_run_is_all_of_each_rule_but_its_examples() {
        let all = built_in(None).expect("the built-in rules are valid");
        let to_run = built_in_to_run().expect("they are without examples");
        assert!(to_run.iter().all(|rule| rule.examples.is_empty()));
        let without = |mut rule: Rule| {
            rule.examples.clear();
            format!("{rule:?}")
        };
        let all: Vec<_> = all.into_iter().map(without).collect();
        assert_eq!(to_run.into_iter().map(without).collect::<Vec<_>>(), all);
    }
}
