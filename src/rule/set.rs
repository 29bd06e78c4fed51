//! The rules of a run, and how a person chooses among them.

use super::{
    compile::{RuleError, from_packed, parse},
    names::Names,
    nearest::nearest,
    ready::Rule,
    selection::{RuleNames, Selection, SelectionError},
};
use crate::model::Severity;
use std::collections::BTreeMap;

/// The rule files that are part of hfscan, with their names.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));
/// The same in the form that `rules/build.rs` gives them.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.msgpack"));

/// The rules that are part of hfscan; with `names` also checked, as [`parse`] says.
///
/// # Errors
/// None in a released build: the tests parse every built-in rule.
pub fn built_in(names: Option<&Names>) -> Result<Vec<Rule>, RuleError> {
    let mut rules = Vec::new();
    for (file, text) in BUILT_IN {
        rules.extend(parse(file, text, names)?);
    }
    Ok(rules)
}

/// The same without their examples, read in a fraction of the time.
///
/// # Errors
/// Those of [`built_in`].
pub fn built_in_to_run() -> Result<Vec<Rule>, RuleError> {
    // Where something is wrong, only the text tells.
    from_packed(PACKED).or_else(|error| built_in(None).and(Err(error)))
}

/// The text of every rule file that is part of hfscan.
pub fn built_in_texts() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(_, text)| *text)
}

/// The rules of a run.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// The chosen ones of `rules`.
    ///
    /// # Errors
    /// A name that fits no rule, a bad glob, or an id that is there twice.
    pub fn new(rules: Vec<Rule>, selection: &Selection) -> Result<Self, SelectionError> {
        let mut set = Self::to_scan(rules, selection)?;
        set.rules.retain(|rule| !rule.is_ignored);
        Ok(set)
    }

    /// The same, and the credential rules among those that the user ignores: where one of
    /// them matches, no other rule reports the place either.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
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

    /// The same rules with the severities that a person gives them, by what [`RuleNames`] takes;
    /// of several that match, the last one holds.
    pub fn with_severities(mut self, severities: &[(String, Severity)]) -> Self {
        for (rules, severity) in severities {
            let names = RuleNames::new([rules]);
            for rule in self.rules.iter_mut().filter(|rule| names.match_rule(rule)) {
                rule.give_severity(*severity);
            }
        }
        self
    }

    /// The rules that report findings, in the order of their files.
    pub fn reporting(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|rule| !rule.is_ignored)
    }

    /// The rules for which `is_wanted` says so.
    pub fn filtered(mut self, is_wanted: impl Fn(&Rule) -> bool) -> Self {
        self.rules.retain(is_wanted);
        self
    }

    /// The rules, in the order of their files.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of this id, or that had it before.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.is_named(id))
    }

    /// The id that is nearest to `name` in spelling, if any is near.
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
