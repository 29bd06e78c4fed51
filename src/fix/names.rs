//! Assigns environment variables to secrets.

use crate::{
    model::Finding,
    rule::{OwnFix, Rule},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

/// The variable of each secret: `HF_TOKEN` for the first Hugging Face token, `HF_TOKEN_2` for the
/// second; and the fixes of rules.
#[derive(Debug, Default)]
pub struct Names {
    /// The variable of each secret.
    by_secret: HashMap<Box<[u8]>, Variable>,
    /// Variables in use.
    taken: HashSet<Arc<str>>,
    /// Number of secrets by name without a number.
    shared: BTreeMap<Arc<str>, usize>,
    /// The rules' own fixes, by rule and language.
    own: BTreeMap<Arc<str>, BTreeMap<String, OwnFix>>,
}

/// An environment variable.
#[derive(Debug)]
struct Variable {
    name: Arc<str>,
    /// The name without a number.
    base: Arc<str>,
}

/// Rules for credentials with a token prefix that `HF_TOKEN` must not contain.
const OTHERS: [&str; 5] = [
    "hf-oauth-client-secret",
    "hf-oauth-refresh-token",
    "hf-s3-credentials",
    "hf-webhook-secret",
    "hf-xet-token",
];

impl Names {
    /// Starts with the variables of an existing file, in its order: name and value.
    pub fn known(entries: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut names = Self::default();
        for (name, value) in entries {
            let name: Arc<str> = name.into();
            *names.shared.entry(name.clone()).or_default() += 1;
            names.taken.insert(name.clone());
            names
                .by_secret
                .entry(value.into())
                .or_insert(Variable { name: name.clone(), base: name });
        }
        names
    }

    /// Assigns a name to the secret of a finding, unless it has one. `variable` is the rule's
    /// suggestion.
    pub fn add(&mut self, finding: &Finding, variable: Option<&str>) {
        let Some(secret) = &finding.secret else { return };
        let Some(base) = variable.or_else(|| of_token(finding)) else { return };
        if self.by_secret.contains_key(secret.expose()) {
            return;
        }
        let base = match self.shared.get_key_value(base) {
            Some((known, _)) => known.clone(),
            None => base.into(),
        };
        let count = self.shared.entry(base.clone()).or_default();
        *count += 1;
        let mut number = *count;
        let mut name = numbered(&base, number);
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = numbered(&base, number);
        }
        self.by_secret.insert(secret.expose().into(), Variable { name, base });
    }

    /// Adds the fixes of a rule.
    pub fn add_fixes(&mut self, rule: &Rule) {
        if !rule.fix.is_empty() && !self.own.contains_key(&rule.id) {
            self.own.insert(rule.id.clone(), rule.fix.clone());
        }
    }

    /// The fix of a rule for the first of these languages or dialects that has one.
    pub fn own_fix(&self, rule: &str, languages: &[&str]) -> Option<&OwnFix> {
        let own = self.own.get(rule)?;
        languages.iter().find_map(|language| own.get(*language))
    }

    /// The variable of a secret; `None` if no name was suggested.
    pub fn variable(&self, secret: &[u8]) -> Option<&str> {
        self.by_secret.get(secret).map(|one| &*one.name)
    }

    /// `true` if several secrets have the same name without a number.
    pub fn is_shared(&self, secret: &[u8]) -> bool {
        let variable = self.by_secret.get(secret);
        variable.and_then(|one| self.shared.get(&one.base)).is_some_and(|count| *count > 1)
    }
}

fn numbered(base: &Arc<str>, number: usize) -> Arc<str> {
    if number == 1 { base.clone() } else { format!("{base}_{number}").into() }
}

/// `HF_TOKEN`, if the secret is a token of Hugging Face.
fn of_token(finding: &Finding) -> Option<&'static str> {
    let secret = finding.secret.as_ref()?.expose();
    let mut rules = std::iter::once(&finding.rule).chain(&finding.also);
    let is_token = secret.starts_with(b"hf_") || secret.starts_with(b"api_org_");
    (is_token && !rules.any(|rule| OTHERS.contains(&&**rule))).then_some("HF_TOKEN")
}
