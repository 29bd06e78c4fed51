//! What people said does not count: files, rules in some files, and secrets.

use crate::{
    model::{Finding, SourcePath},
    rule::Globs,
};
use aho_corasick::AhoCorasick;
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use std::collections::BTreeSet;

/// What does not count.
#[derive(Debug, Default)]
pub struct Allowed {
    /// Files in which nothing counts.
    pub paths: Globs,
    /// Files, and the rules that do not count in them.
    pub rules_by_path: Vec<(Globs, Globs)>,
    /// Secrets, by themselves.
    pub values: BTreeSet<Vec<u8>>,
    /// Secrets, by their SHA-256 in lower-case hexadecimal.
    pub sha256: BTreeSet<String>,
    /// Expressions that match a whole secret.
    pub patterns: Vec<String>,
    /// Words in a secret, in any case.
    pub stop_words: Vec<String>,
}

/// What does not count, ready to be asked.
#[derive(Debug, Default)]
pub struct Allowlist {
    allowed: Allowed,
    patterns: Option<RegexSet>,
    stop_words: Option<AhoCorasick>,
}

impl Allowlist {
    /// Makes it ready.
    ///
    /// # Errors
    /// Expressions that are none, or too large together.
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

    /// Takes out the findings of rules that do not count in their file, and tells how many.
    ///
    /// Done before rules compete for a place, so that the others speak as if the rule had
    /// not run.
    pub fn drop_rules(&self, path: &SourcePath, findings: &mut Vec<Finding>) -> u64 {
        let mut here =
            self.allowed.rules_by_path.iter().filter(|(paths, _)| paths.covers(path)).peekable();
        if here.peek().is_none() {
            return 0;
        }
        let rules: Vec<&Globs> = here.map(|(_, rules)| rules).collect();
        take_out(findings, |finding| rules.iter().any(|globs| globs.matches(&finding.rule)))
    }

    /// Takes out the findings that do not count for their file or their secret, and tells
    /// how many.
    pub fn drop_allowed(&self, path: &SourcePath, findings: &mut Vec<Finding>) -> u64 {
        if self.allowed.paths.covers(path) {
            return take_out(findings, |_| true);
        }
        take_out(findings, |finding| {
            finding.secret.as_ref().is_some_and(|secret| self.allows_secret(secret))
        })
    }

    fn allows_secret(&self, secret: &crate::model::Secret) -> bool {
        let Allowed { values, sha256, .. } = &self.allowed;
        let bytes = secret.expose();
        values.contains(bytes)
            || !sha256.is_empty() && sha256.contains(&secret.sha256())
            || self.patterns.as_ref().is_some_and(|patterns| patterns.is_match(bytes))
            || self.stop_words.as_ref().is_some_and(|words| words.is_match(bytes))
    }
}

/// The expression, such that it must match the whole of a secret.
///
/// # Errors
/// If it is none, or too large.
pub fn whole_secret(pattern: &str) -> Result<Regex, regex::Error> {
    // By itself first: `a)|(b` is none, but would become one in the brackets.
    compiled(pattern)?;
    compiled(&anchored(pattern))
}

fn compiled(pattern: &str) -> Result<Regex, regex::Error> {
    // A tenth of what is usual: there may be many, and a repository may be hostile.
    RegexBuilder::new(pattern).unicode(false).size_limit(1 << 20).build()
}

fn anchored(pattern: &str) -> String {
    format!(r"\A(?:{pattern})\z")
}

fn take_out(findings: &mut Vec<Finding>, goes: impl Fn(&Finding) -> bool) -> u64 {
    let before = findings.len();
    findings.retain(|finding| !goes(finding));
    (before - findings.len()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Secret;

    fn allows(allowed: Allowed, secret: &str) -> bool {
        let list = Allowlist::new(allowed).expect("valid");
        list.allows_secret(&Secret::new(secret.as_bytes()))
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
