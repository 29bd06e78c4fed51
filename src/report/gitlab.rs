//! GitLab's Code Quality report, shown in merge requests in every tier.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use super::{
    identity,
    place::in_file,
    reporter::{Report, Reporter},
    wording::{shortened, statement},
};
use crate::model::Severity;
use serde::Serialize;
use std::io::{self, Write};

/// Characters of a description: enough for what is said, short enough to be shown.
const MAX_DESCRIPTION: usize = 1_000;

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
        // Issues with one fingerprint are shown as one.
        let names = identity::names(findings);
        let issues: Vec<Issue<'_>> = findings
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
                    lines: Lines::of(&finding.location),
                },
            })
            .collect();
        serde_json::to_writer_pretty(&mut *out, &issues)?;
        out.write_all(b"\n")
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
    fn of(location: &crate::model::Location) -> Self {
        let (start, end) = in_file(location);
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
        assert_eq!(fingerprints.len(), outcome.findings.len());
    }
}
