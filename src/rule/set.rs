//! The rules of a run, and how a person chooses among them.

use super::{
    compile::{RuleError, from_packed, parse},
    glob::Globs,
    names::Names,
    ready::Rule,
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

/// Which rules a person wants, by id or glob.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only these; empty means all.
    pub select: Vec<String>,
    /// Not these, whatever `select` says.
    pub ignore: Vec<String>,
}

/// A selection that names a rule that is not there, or a rule that is there twice.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// No rule has this id, or matches this glob.
    #[error("no rule is named `{name}`")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The rule that is nearest in spelling.
        nearest: Option<String>,
    },
    /// A glob that cannot be read.
    #[error("bad glob {0}")]
    BadGlob(String),
    /// Two rules have one id.
    #[error("rule `{id}` of {second} is already defined in {first}")]
    Duplicate {
        /// The id.
        id: String,
        /// Where it was defined first.
        first: String,
        /// Where it was defined again.
        second: String,
    },
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
        let mut by_id = BTreeMap::new();
        for rule in &rules {
            if let Some(first) = by_id.insert(rule.id.clone(), rule.origin.clone()) {
                return Err(SelectionError::Duplicate {
                    id: rule.id.to_string(),
                    first: first.to_string(),
                    second: rule.origin.to_string(),
                });
            }
        }
        let select = known(&selection.select, &rules)?;
        let ignore = known(&selection.ignore, &rules)?;
        let wanted = |rule: &Rule| {
            (select.is_empty() || select.matches(&rule.id)) && !ignore.matches(&rule.id)
        };
        Ok(Self { rules: rules.into_iter().filter(|rule| wanted(rule)).collect() })
    }

    /// The same rules with the severities that a person gives them, by id or glob; of
    /// several that match, the last one holds.
    pub fn with_severities(mut self, severities: &[(String, Severity)]) -> Self {
        for (rules, severity) in severities {
            let globs = Globs::of_names([rules]);
            for rule in self.rules.iter_mut().filter(|rule| globs.matches(&rule.id)) {
                rule.give_severity(*severity);
            }
        }
        self
    }

    /// The rules, in the order of their files.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of this id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| &*rule.id == id)
    }

    /// The id that is nearest to `name` in spelling, if any is near.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.rules.iter().map(|rule| &*rule.id))
    }
}

/// The globs, each of which matches at least one rule.
fn known(globs: &[String], rules: &[Rule]) -> Result<Globs, SelectionError> {
    for name in globs {
        let one = Globs::of_names([name]);
        one.check().map_err(SelectionError::BadGlob)?;
        if !rules.iter().any(|rule| one.matches(&rule.id)) {
            let nearest = nearest(name, rules.iter().map(|rule| &*rule.id)).map(str::to_string);
            return Err(SelectionError::Unknown { name: name.clone(), nearest });
        }
    }
    Ok(Globs::of_names(globs))
}

/// The name that is nearest to `wanted` in spelling, if it is near enough to be meant:
/// a Jaro-Winkler similarity of 0.8 or more.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(wanted, name), name))
        .filter(|(similarity, _)| *similarity >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
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
