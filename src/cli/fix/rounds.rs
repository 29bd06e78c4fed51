//! Applies the fixes of one file in rounds, and looks again after each.

use crate::{
    fix::{apply, still_reads},
    model::{Applicability, Finding, Fingerprint, Fix, Secret, SourcePath},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Fixes that touch each other wait for the next round; after so many it is enough.
const MAX_ROUNDS: usize = 10;
/// So many fixes of a round are tried one by one if they fail together.
const MAX_TRIED: usize = 200;

/// A finding with the fix that removes it.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// The rule.
    pub rule: Arc<str>,
    /// The line, from 1, when it was fixed.
    pub line: usize,
    /// What was done.
    pub title: String,
    /// How safe that is.
    pub applicability: Applicability,
    /// Why.
    pub reason: String,
    /// The row of `docs/fixes.md`.
    pub row: &'static str,
    /// The finding's fingerprint.
    pub fingerprint: Fingerprint,
    /// The secret that is gone.
    pub secret: Option<Secret>,
    /// The variable that is to hold it.
    pub variable: Option<String>,
}

impl Fixed {
    /// A finding and the fix that removes it.
    pub fn of(finding: &Finding, fix: &Fix) -> Self {
        Self {
            rule: finding.rule.clone(),
            line: finding.location.start.line,
            title: fix.title.clone(),
            applicability: fix.applicability,
            reason: fix.reason.clone(),
            row: fix.row,
            fingerprint: finding.fingerprint.clone(),
            secret: finding.secret.clone(),
            variable: fix.variable.clone(),
        }
    }
}

/// What the rounds made of a file.
#[derive(Debug, Default)]
pub struct Result {
    /// The file afterwards.
    pub bytes: Vec<u8>,
    /// What was fixed.
    pub fixed: Vec<Fixed>,
    /// What was undone, since the file would not have been better.
    pub withdrawn: Vec<(Fixed, String)>,
    /// The findings that are left.
    pub left: Vec<Finding>,
}

/// Names fixes that are not to be tried again.
type Banned = BTreeSet<(Arc<str>, String, String, &'static str)>;

/// Fixes a file; `scan` finds and plans in its bytes.
pub fn run(
    path: &SourcePath,
    bytes: &[u8],
    scan: &dyn Fn(&[u8]) -> Vec<Finding>,
    least: Applicability,
) -> Result {
    let mut result = Result { bytes: bytes.to_vec(), ..Result::default() };
    let mut findings = scan(bytes);
    let mut banned = Banned::new();
    for _ in 0..MAX_ROUNDS {
        let wanted: Vec<(&Finding, &Fix)> = findings
            .iter()
            .filter_map(|one| {
                let may_be_tried = |fix: &&Fix| {
                    fix.applicability >= least
                        && !fix.edits.is_empty()
                        && !banned.contains(&key(one, fix))
                };
                Some((one, one.fixes.iter().find(may_be_tried)?))
            })
            .collect();
        if wanted.is_empty() {
            break;
        }
        let base = Base { path, bytes: &result.bytes, findings: &findings, scan };
        let (new, left, fixed) = match base.attempt(&wanted) {
            Ok(done) => done,
            Err(_) => {
                // One of them is to blame: each is tried alone.
                let mut first = None;
                for one in wanted.iter().take(MAX_TRIED) {
                    match base.attempt(&[*one]) {
                        Ok(done) => first = first.or(Some(done)),
                        Err(why) => {
                            banned.insert(key(one.0, one.1));
                            result.withdrawn.push((Fixed::of(one.0, one.1), why));
                        }
                    }
                }
                for one in wanted.iter().skip(MAX_TRIED) {
                    banned.insert(key(one.0, one.1));
                    result
                        .withdrawn
                        .push((Fixed::of(one.0, one.1), "too many fixes failed".into()));
                }
                match first {
                    Some(done) => done,
                    None => break,
                }
            }
        };
        result.fixed.extend(fixed);
        result.bytes = new;
        findings = left;
    }
    // What another fix removed after all was not withdrawn.
    let left: BTreeSet<(&str, &str)> =
        findings.iter().map(|one| (&*one.rule, one.fingerprint.as_str())).collect();
    result.withdrawn.retain(|(one, _)| left.contains(&(&*one.rule, one.fingerprint.as_str())));
    result.left = findings;
    result
}

fn key(finding: &Finding, fix: &Fix) -> (Arc<str>, String, String, &'static str) {
    let (rule, name) = (finding.rule.clone(), finding.fingerprint.to_string());
    (rule, name, finding.excerpt.text.clone(), fix.row)
}

/// A file before a round.
struct Base<'a> {
    path: &'a SourcePath,
    bytes: &'a [u8],
    findings: &'a [Finding],
    scan: &'a dyn Fn(&[u8]) -> Vec<Finding>,
}

type Done = (Vec<u8>, Vec<Finding>, Vec<Fixed>);

impl Base<'_> {
    /// Applies fixes, and looks whether the file is better for it.
    ///
    /// # Errors
    /// Says why it is not.
    fn attempt(&self, wanted: &[(&Finding, &Fix)]) -> std::result::Result<Done, String> {
        let fixes: Vec<&Fix> = wanted.iter().map(|(_, fix)| *fix).collect();
        let applied = apply(self.bytes, &fixes);
        let new = applied.bytes;
        let fixed: Vec<&(&Finding, &Fix)> =
            applied.applied.iter().map(|number| &wanted[*number]).collect();
        if !still_reads(self.path, self.bytes, &new, &applied.edits) {
            return Err("the file would no longer be read as before".into());
        }
        let mut gone: BTreeMap<&[u8], usize> = BTreeMap::new();
        for (finding, _) in &fixed {
            if let Some(secret) = &finding.secret {
                *gone.entry(secret.expose()).or_default() += 1;
            }
        }
        for (secret, count) in gone {
            let occurrences = |bytes: &[u8]| memchr::memmem::find_iter(bytes, secret).count();
            if occurrences(&new) + count > occurrences(self.bytes) {
                return Err("the secret would still stand there".into());
            }
        }
        let left = (self.scan)(&new);
        if let Some(rule) = self.new_rule(&left, &fixed) {
            return Err(format!("there would be a new finding: {rule}"));
        }
        let fixed = fixed.iter().map(|(finding, fix)| Fixed::of(finding, fix)).collect();
        Ok((new, left, fixed))
    }

    /// The rule of a finding that was not there before. One that a removed finding stood for,
    /// since it is weaker and shows no secret, is not new.
    fn new_rule(&self, left: &[Finding], fixed: &[&(&Finding, &Fix)]) -> Option<Arc<str>> {
        let (before, after) = (counts(self.findings), counts(left));
        let strongest = fixed.iter().map(|(finding, _)| finding.severity).max();
        let is_weaker = |one: &&Finding| {
            one.secret.is_none() && strongest.is_some_and(|severity| one.severity < severity)
        };
        let more =
            after.iter().filter(|(rule, count)| before.get(*rule).is_none_or(|old| *count > old));
        let mut more = more.map(|(rule, _)| *rule);
        let rule = more.find(|rule| {
            !left.iter().filter(|one| &*one.rule == *rule).all(|one| is_weaker(&one))
        })?;
        Some(rule.into())
    }
}

fn counts(findings: &[Finding]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(&*finding.rule).or_default() += 1;
    }
    counts
}
