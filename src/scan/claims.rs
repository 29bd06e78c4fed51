//! Runs the checks that need more than one file.

use super::{excerpt::Excerpter, job::Scan};
use crate::{
    detect::{
        Scratch, Text, Verdict,
        repository::{self, Claim},
    },
    model::{Excerpt, Finding, Fingerprint, LineColumn, Location, Outcome, SourcePath, Span},
    rule::Rule,
    source::Source,
    suppress::{Sifted, stage},
};

/// Runs the checks that need more than one file. They report on findings that are not suppressed;
/// `suppressed` are those that the baseline and the least severity suppress.
pub fn check_tree(
    scan: Scan<'_>,
    source: &dyn Source,
    suppressed: &[Finding],
    outcome: &mut Outcome,
) {
    let mut files = source.files_of_note();
    files.retain(|file| {
        let project = scan.project_of(&file.path);
        !project.is_some_and(|project| project.excludes(&file.path))
    });
    let read = |path: &SourcePath| source.read_small(path);
    let lines = |rule: &Rule, path: &SourcePath, text: &[u8]| lines_of(scan, rule, path, text);
    let findings = &outcome.findings;
    let tree = repository::Tree { files: &files, findings, suppressed, read: &read, lines: &lines };
    let projects = scan.projects.map(|projects| projects.found()).unwrap_or_default();
    let mut claims = Vec::new();
    for project in std::iter::once(None).chain(projects.into_iter().map(Some)) {
        let own = |(_, claim): &(&Rule, Claim)| match (scan.project_of(&claim.path), project) {
            (None, None) => true,
            (Some(one), Some(other)) => std::ptr::addr_eq(one, other),
            _ => false,
        };
        let rules = scan.within(project).engine.rules();
        claims.extend(repository::run(rules, &tree).into_iter().filter(own));
    }
    admit(scan, claims, outcome);
}

/// Applies the suppressions that need all documents to `found`.
pub fn sift_all(scan: Scan<'_>, found: Vec<Finding>) -> Sifted {
    scan.policy.sift_all(found, &|path| scan.at(path).policy)
}

/// The lines, from 1, on which a rule has findings in the content of a file.
fn lines_of(scan: Scan<'_>, rule: &Rule, path: &SourcePath, bytes: &[u8]) -> Vec<usize> {
    let text = Text { path, containers: &[], bytes, part: None, is_whole: true, map: None };
    let mut lines = Vec::new();
    scan.at(path).engine.run(text, &mut Scratch::default(), &mut |candidate| {
        if let (Verdict::Real(_), true) = (candidate.verdict, candidate.rule.id == rule.id) {
            let before = &bytes[..candidate.span.start.min(bytes.len())];
            lines.push(memchr::memchr_iter(b'\n', before).count() + 1);
        }
    });
    lines
}

/// Adds the findings of claims, unless they are suppressed.
pub fn admit(scan: Scan<'_>, claims: Vec<(&Rule, Claim)>, outcome: &mut Outcome) {
    let mut found: Vec<Finding> = Vec::new();
    let mut excerpter = Excerpter::new(scan.secrets, 0);
    for (rule, claim) in claims {
        let path = claim.path.clone();
        let document = stage::Document { path: &path, comments: None };
        let mut finding = finding(rule, claim);
        excerpter.mask_sentences(&mut finding);
        let Sifted { findings, suppressed } =
            scan.at(&path).policy.sift(document, vec![finding], &mut Vec::new());
        found.extend(findings);
        for one in suppressed {
            outcome.suppress(one, scan.policy.keep_suppressed);
        }
    }
    let Sifted { findings, suppressed } = sift_all(scan, found);
    outcome.findings.extend(findings);
    suppressed.into_iter().for_each(|one| outcome.suppress(one, scan.policy.keep_suppressed));
}

/// The finding for a claim.
fn finding(rule: &Rule, claim: Claim) -> Finding {
    let Claim { path, line, severity, name, mut notes } = claim;
    notes.extend(rule.notes());
    let place = LineColumn { line, ..LineColumn::START };
    let location = Location {
        path,
        inside: Vec::new(),
        span: Span::default(),
        start: place,
        end: place,
        note: None,
    };
    let fill = |words: &str| words.replace("{name}", &name).into();
    Finding {
        fingerprint: Fingerprint::new(&rule.id, &location.path, name.as_bytes()),
        rule: rule.id.clone(),
        also: Vec::new(),
        rule_names: rule.other_names.clone(),
        severity: if rule.severity_is_given || rule.preview { rule.severity } else { severity },
        confidence: rule.confidence,
        message: fill(&rule.message),
        help: fill(&rule.hint),
        notes,
        location,
        excerpt: Excerpt::default(),
        secret: None,
        has_adopted: false,
        line_hash: None,
        repeats: 0,
        precedence: rule.precedence,
        fixes: Vec::new(),
        history: None,
        verification: None,
        suppressed: None,
    }
}
