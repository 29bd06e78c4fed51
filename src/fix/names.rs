//! Which environment variable holds which secret afterwards.

use crate::model::Finding;
use std::collections::{BTreeMap, BTreeSet};

/// The variable of each secret: `HF_TOKEN` for the first of Hugging Face, `HF_TOKEN_2` for
/// another one.
#[derive(Debug, Default)]
pub struct Names {
    /// By secret, its variable and the name that it would have alone.
    by_secret: BTreeMap<Box<[u8]>, (String, String)>,
    /// The variables that a secret has.
    taken: BTreeSet<String>,
    /// How many secrets share the name that each would have alone.
    shared: BTreeMap<String, usize>,
}

/// Rules whose credentials begin like a token, and are none that `HF_TOKEN` may hold.
const OTHERS: [&str; 5] = [
    "hf-oauth-client-secret",
    "hf-oauth-refresh-token",
    "hf-s3-credentials",
    "hf-webhook-secret",
    "hf-xet-token",
];

impl Names {
    /// The variables that a file already holds, in its order: name and value.
    pub fn known(entries: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut names = Self::default();
        for (name, value) in entries {
            *names.shared.entry(name.clone()).or_default() += 1;
            names.taken.insert(name.clone());
            names.by_secret.entry(value.into()).or_insert((name.clone(), name));
        }
        names
    }

    /// Gives the secret of a finding a name, if it has none yet. `variable` is what the rule
    /// says.
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

    /// The variable of a secret; `None` if nothing says how it should be called.
    pub fn variable(&self, secret: &[u8]) -> Option<&str> {
        self.by_secret.get(secret).map(|(name, _)| name.as_str())
    }

    /// `true` if another secret would have had the same name.
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
