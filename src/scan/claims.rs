//! Findings of the checks that need more than one file.

use super::job::Scan;
use crate::{
    detect::repository::{self, Claim},
    model::{
        EditSpans, Excerpt, Finding, Fingerprint, LineColumn, Location, Outcome, SourcePath, Span,
    },
    rule::Rule,
    source::Source,
};

/// Runs the checks that need more than one file, over what is left of single ones.
pub fn check_tree(scan: Scan<'_>, source: &dyn Source, outcome: &mut Outcome) {
    let files = source.files_of_note();
    let read = |path: &SourcePath| source.read_small(path);
    let tree = repository::Tree { files: &files, findings: &outcome.findings, read: &read };
    let claims = repository::run(scan.engine.rules(), &tree);
    let mut found: Vec<Finding> = Vec::new();
    for (rule, claim) in claims {
        let path = claim.path.clone();
        let mut one = vec![of_claim(rule, claim)];
        let by_path = scan.allowlist.drop_rules(&path, &mut one);
        let allowed = scan.allowlist.drop_allowed(&path, &mut one);
        outcome.count_suppressed("per-path", by_path);
        outcome.count_suppressed("allowlist", allowed);
        found.extend(one);
    }
    if !found.is_empty() {
        outcome.findings.extend(found);
        outcome.sort();
    }
}

/// The finding that a check over the whole tree makes.
fn of_claim(rule: &Rule, claim: Claim) -> Finding {
    let Claim { path, line, severity, name, notes } = claim;
    let place = LineColumn { line, ..LineColumn::START };
    let location = Location {
        path,
        inside: Vec::new(),
        span: Span::default(),
        start: place,
        end: place,
        note: None,
    };
    let fill = |words: &str| words.replace("{name}", &name);
    Finding {
        fingerprint: Fingerprint::new(&rule.id, &location.path, name.as_bytes()),
        rule: rule.id.clone(),
        severity: if rule.severity_is_given { rule.severity } else { severity },
        confidence: rule.confidence,
        message: fill(&rule.message),
        help: fill(&rule.hint),
        notes,
        location,
        excerpt: Excerpt::default(),
        secret: None,
        line_hash: None,
        repeats: 0,
        precedence: rule.precedence,
        edit_spans: EditSpans::default(),
        history: None,
    }
}
