//! GitLab's Code Quality report, shown in merge requests in every tier.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use super::{
    identity, json_writer,
    place::line_or_first,
    reporter::{Report, Reporter},
    wording::{is_missing, not_scanned, shortened, statement},
};
use crate::model::{Finding, Fingerprint, Severity, SourcePath};
use serde::Serialize;
use std::io::{self, Write};

/// Maximum number of characters of a description that GitLab shows in full.
const MAX_DESCRIPTION: usize = 1_000;

/// The name of the issue about files that were not scanned.
const NOT_SCANNED: &str = "hfscan-not-scanned";

/// GitLab's Code Quality report.
#[derive(Debug)]
pub struct GitLab;

impl Reporter for GitLab {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn about(&self) -> &'static str {
        "GitLab's Code Quality report"
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let findings = &report.outcome.findings;
        // GitLab merges issues with the same fingerprint.
        let names = identity::names(findings);
        let mut issues: Vec<Issue<'_>> = findings
            .iter()
            .zip(&names)
            .map(|(finding, name)| Issue {
                // GitLab does not show the name of the check.
                description: shortened(
                    &format!("{}: {}", finding.rule, statement(finding)),
                    MAX_DESCRIPTION,
                ),
                check_name: &finding.rule,
                fingerprint: name,
                severity: severity(finding.severity),
                location: Location {
                    path: report.repository_path(&finding.location.path).to_text(),
                    lines: Lines::of(finding),
                },
            })
            .collect();
        let missing = report.outcome.skipped.iter().find(|one| is_missing(one));
        let not_scanned = not_scanned(report.outcome).zip(missing);
        // The format has no other element for them.
        let name = Fingerprint::new(NOT_SCANNED, &SourcePath::default(), b"");
        if let Some((description, first)) = not_scanned {
            issues.push(Issue {
                description: format!("hfscan: {description}"),
                check_name: NOT_SCANNED,
                fingerprint: name.as_str(),
                severity: if report.is_complete() { "info" } else { "major" },
                location: Location {
                    path: report.repository_path(&first.path).to_text(),
                    lines: Lines { begin: 1, end: 1 },
                },
            });
        }
        json_writer::write(out, &issues)
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

impl Lines {
    fn of(finding: &Finding) -> Self {
        let (start, end) = line_or_first(finding);
        Self { begin: start.line, end: end.line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn nothing_found_is_an_empty_list() {
        assert_eq!(sample::written(&GitLab, &Default::default()), "[]\n");
    }

    #[test]
    fn no_two_issues_share_a_fingerprint() {
        let mut outcome = sample::outcome();
        outcome.findings.push(sample::finding(0));
        let issues: serde_json::Value =
            serde_json::from_str(&sample::written(&GitLab, &outcome)).expect("it is JSON");
        let fingerprints: std::collections::BTreeSet<&str> = issues
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|issue| issue["fingerprint"].as_str())
            .collect();
        // The findings, and the issue about files that were not scanned.
        assert_eq!(fingerprints.len(), outcome.findings.len() + 1);
    }
}
