//! Applies the fixes of one file in rounds, with a scan after each.

use crate::{
    fix::{apply, still_reads},
    model::{Applicability, Finding, Fingerprint, Fix, Secret, SourcePath},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Maximum number of rounds. Of overlapping fixes, one is applied per round.
const MAX_ROUNDS: usize = 10;
/// Maximum number of fixes in a round that are tried one by one after they failed together.
const MAX_TRIED: usize = 200;

/// A finding with the fix that removes it.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// The rule.
    pub rule: Arc<str>,
    /// The line of the finding before the fix, from 1.
    pub line: usize,
    /// The fix, in words.
    pub title: String,
    /// How safe the fix is.
    pub applicability: Applicability,
    /// The reason for that applicability.
    pub reason: String,
    /// The row of the fix in `docs/fixes.md`.
    pub row: &'static str,
    /// The finding's fingerprint.
    pub fingerprint: Fingerprint,
    /// The removed secret.
    pub secret: Option<Secret>,
    /// The environment variable that replaces it.
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

/// The result of the rounds on a file.
#[derive(Debug, Default)]
pub struct Result {
    /// The new content.
    pub bytes: Vec<u8>,
    /// The applied fixes.
    pub fixed: Vec<Fixed>,
    /// Withdrawn fixes with reasons: the file would not have improved.
    pub withdrawn: Vec<(Fixed, String)>,
    /// The remaining findings.
    pub left: Vec<Finding>,
}

/// Keys of fixes that are not tried again.
type Banned = BTreeSet<(Arc<str>, String, String, &'static str)>;

/// Fixes a file; `scan` returns the findings in given bytes with their fixes.
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
                // At least one fix is wrong, so each is tried alone.
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
    // A withdrawn fix is dropped if another fix removed its finding.
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
    /// Applies fixes, and checks that the file improves.
    ///
    /// # Errors
    /// Returns the reason if it does not.
    fn attempt(&self, wanted: &[(&Finding, &Fix)]) -> std::result::Result<Done, String> {
        let fixes: Vec<&Fix> = wanted.iter().map(|(_, fix)| *fix).collect();
        let applied = apply(self.bytes, &fixes);
        let new = applied.bytes;
        let fixed: Vec<&(&Finding, &Fix)> =
            applied.applied.iter().map(|number| &wanted[*number]).collect();
        if !still_reads(self.path, self.bytes, &new, &applied.edits) {
            return Err("the fix would change how the file is parsed".into());
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
                return Err("the secret would remain in the file".into());
            }
        }
        let left = (self.scan)(&new);
        if let Some(rule) = self.new_rule(&left, &fixed) {
            return Err(format!("there would be a new finding: {rule}"));
        }
        let fixed = fixed.iter().map(|(finding, fix)| Fixed::of(finding, fix)).collect();
        Ok((new, left, fixed))
    }

    /// The rule of a new finding. Findings without a secret and of lower severity than a fixed one
    /// do not count: the fixed one may have hidden them.
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
