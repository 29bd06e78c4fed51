//! Assigns environment variables to secrets.

use crate::{
    model::Finding,
    rule::{OwnFix, Rule},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The variable of each secret: `HF_TOKEN` for the first Hugging Face token, `HF_TOKEN_2` for the
/// second; and the fixes of rules.
#[derive(Debug, Default)]
pub struct Names {
    /// Variable, and its name without a number, by secret.
    by_secret: BTreeMap<Box<[u8]>, (String, String)>,
    /// Variables in use.
    taken: BTreeSet<String>,
    /// Number of secrets by name without a number.
    shared: BTreeMap<String, usize>,
    /// The rules' own fixes, by rule and language.
    own: BTreeMap<Arc<str>, BTreeMap<String, OwnFix>>,
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
            *names.shared.entry(name.clone()).or_default() += 1;
            names.taken.insert(name.clone());
            names.by_secret.entry(value.into()).or_insert((name.clone(), name));
        }
        names
    }

    /// Assigns a name to the secret of a finding, unless it has one. `variable` is the rule's
    /// suggestion.
    pub fn add(&mut self, finding: &Finding, variable: Option<&str>) {
        let Some(secret) = &finding.secret else { return };
        let Some(base) = variable.map(str::to_string).or_else(|| of_token(finding)) else { return };
        if self.by_secret.contains_key(secret.expose()) {
            return;
        }
        let count = self.shared.entry(base.clone()).or_default();
        *count += 1;
        let mut number = *count;
        let mut name = numbered(&base, number);
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = numbered(&base, number);
        }
        self.by_secret.insert(secret.expose().into(), (name, base));
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
        self.by_secret.get(secret).map(|(name, _)| name.as_str())
    }

    /// `true` if several secrets have the same name without a number.
    pub fn is_shared(&self, secret: &[u8]) -> bool {
        let base = self.by_secret.get(secret).map(|(_, base)| base);
        base.and_then(|base| self.shared.get(base)).is_some_and(|count| *count > 1)
    }
}

fn numbered(base: &str, number: usize) -> String {
    if number == 1 { base.to_string() } else { format!("{base}_{number}") }
}

/// `HF_TOKEN`, if the secret is a token of Hugging Face.
fn of_token(finding: &Finding) -> Option<String> {
    let secret = finding.secret.as_ref()?.expose();
    let mut rules = std::iter::once(&finding.rule).chain(&finding.also);
    let is_token = secret.starts_with(b"hf_") || secret.starts_with(b"api_org_");
    (is_token && !rules.any(|rule| OTHERS.contains(&&**rule))).then(|| "HF_TOKEN".to_string())
}
