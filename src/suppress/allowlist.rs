//! The settings `per-path` and `allow`: suppressed files, rules by file, and secrets.

use crate::{
    model::{AllowedBy, Finding, Secret, SourcePath, Suppressor},
    rule::Globs,
};
use aho_corasick::AhoCorasick;
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use std::collections::BTreeSet;

/// The settings `per-path` and `allow` before compilation.
#[derive(Debug, Default)]
pub struct Allowed {
    /// Files in which all findings are suppressed.
    pub paths: Globs,
    /// Files, and the rules that are suppressed in them.
    pub rules_by_path: Vec<(Globs, Globs)>,
    /// Suppressed secrets.
    pub values: BTreeSet<Vec<u8>>,
    /// SHA-256 of suppressed secrets, in lower-case hexadecimal.
    pub sha256: BTreeSet<String>,
    /// Regular expressions that match a whole secret.
    pub patterns: Vec<String>,
    /// Stop words, case-insensitive. A secret that contains one is suppressed.
    pub stop_words: Vec<String>,
}

/// The compiled settings.
#[derive(Debug, Default)]
pub struct Allowlist {
    allowed: Allowed,
    patterns: Option<RegexSet>,
    stop_words: Option<AhoCorasick>,
}

impl Allowlist {
    /// Compiles the settings.
    ///
    /// # Errors
    /// Returns an error if a pattern is invalid, or all of them together are too large.
    pub fn new(allowed: Allowed) -> Result<Self, String> {
        let patterns = match &allowed.patterns[..] {
            [] => None,
            some => Some(
                RegexSetBuilder::new(some.iter().map(|one| anchored(one)))
                    .unicode(false)
                    .build()
                    .map_err(|error| error.to_string())?,
            ),
        };
        let stop_words = match &allowed.stop_words[..] {
            [] => None,
            some => Some(
                AhoCorasick::builder()
                    .ascii_case_insensitive(true)
                    .build(some)
                    .map_err(|error| error.to_string())?,
            ),
        };
        Ok(Self { allowed, patterns, stop_words })
    }

    /// Suppresses the findings of rules that `per-path` names for this file.
    pub fn mark_rules(&self, path: &SourcePath, findings: &mut [Finding]) {
        let here: Vec<_> =
            self.allowed.rules_by_path.iter().filter(|(paths, _)| paths.covers(path)).collect();
        if here.is_empty() {
            return;
        }
        for finding in findings.iter_mut().filter(|finding| finding.suppressed.is_none()) {
            let entry =
                here.iter().find(|(_, rules)| finding.names().any(|name| rules.matches(name)));
            finding.suppressed = entry.map(|(paths, _)| Suppressor::PerPath {
                glob: paths.covering(path).unwrap_or_default().to_string(),
                rule: finding.rule.clone(),
            });
        }
    }

    /// The suppressor of all findings in this file, if `allow.paths` matches it.
    pub fn allowed_path(&self, path: &SourcePath) -> Option<Suppressor> {
        let paths = &self.allowed.paths;
        let glob = paths.covers(path).then(|| paths.covering(path).unwrap_or_default());
        Some(Suppressor::Allowlist(AllowedBy::Path(glob?.to_string())))
    }

    /// The suppressor of findings of this secret, if the allowlist contains it.
    pub fn allowed_secret(&self, secret: Option<&Secret>) -> Option<Suppressor> {
        let secret = secret?;
        let (Allowed { values, sha256, .. }, bytes) = (&self.allowed, secret.expose());
        let by = if values.contains(bytes) {
            AllowedBy::Value
        } else if !sha256.is_empty() && sha256.contains(&secret.sha256()) {
            AllowedBy::Sha256
        } else if self.patterns.as_ref().is_some_and(|patterns| patterns.is_match(bytes)) {
            AllowedBy::Pattern
        } else if self.stop_words.as_ref().is_some_and(|words| words.is_match(bytes)) {
            AllowedBy::StopWord
        } else {
            return None;
        };
        Some(Suppressor::Allowlist(by))
    }
}

/// The pattern, anchored so that it must match a whole secret.
///
/// # Errors
/// Returns an error if the pattern is invalid or too large.
pub fn whole_secret(pattern: &str) -> Result<Regex, regex::Error> {
    // Compiled without parentheses first: `a)|(b` is invalid, but would be valid in parentheses.
    compiled(pattern)?;
    compiled(&anchored(pattern))
}

fn compiled(pattern: &str) -> Result<Regex, regex::Error> {
    // A tenth of the default limit, since there may be many, and the repository may be hostile.
    RegexBuilder::new(pattern).unicode(false).size_limit(1 << 20).build()
}

fn anchored(pattern: &str) -> String {
    format!(r"\A(?:{pattern})\z")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(allowed: Allowed, secret: &str) -> bool {
        let list = Allowlist::new(allowed).expect("valid");
        list.allowed_secret(Some(&Secret::new(secret.as_bytes()))).is_some()
    }

    #[test]
    fn a_secret_is_allowed_by_value_digest_expression_or_word() {
        let secret = "pretend-AcmeTest-value";
        let values = [secret.as_bytes().to_vec()].into();
        assert!(allows(Allowed { values, ..Allowed::default() }, secret));
        let sha256: BTreeSet<String> = [Secret::new(secret.as_bytes()).sha256()].into();
        assert!(allows(Allowed { sha256, ..Allowed::default() }, secret));
        let patterns = vec!["pretend-[A-Za-z-]+".to_string()];
        assert!(allows(Allowed { patterns, ..Allowed::default() }, secret));
        let stop_words = vec!["acmetest".to_string()];
        assert!(allows(Allowed { stop_words, ..Allowed::default() }, secret));
        assert!(!allows(Allowed::default(), secret));
    }

    #[test]
    fn an_expression_must_match_the_whole_secret() {
        let of = |pattern: &str| Allowed { patterns: vec![pattern.into()], ..Allowed::default() };
        assert!(!allows(of("pretend"), "pretend-and-more"));
        assert!(!allows(of("a|b"), "ab"));
        assert!(whole_secret("a)|(b").is_err());
    }
}
