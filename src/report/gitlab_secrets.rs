//! GitLab's secret detection report, for its vulnerability pages.
//!
//! <https://gitlab.com/gitlab-org/security-products/security-report-schemas>, version 15.2.1. The
//! schema requires the time of the scan.

use super::{
    identity, json_writer,
    reporter::{Report, Reporter},
    wording::{caution, not_scanned, reason, sentence, shortened, statement},
};
use crate::{
    model::{Finding, Severity},
    rule::Rule,
};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Maximum number of characters of a name in the schema.
const MAX_NAME: usize = 255;
/// Maximum number of characters of a solution in the schema.
const MAX_SOLUTION: usize = 7_000;
/// Maximum number of characters of a description, far below the maximum in the schema.
const MAX_DESCRIPTION: usize = 20_000;
/// Maximum number of listed skipped files.
const MAX_MESSAGES: usize = 1_000;
/// The schema requires a commit even for a scan of files; GitLab's own analyzer uses this
/// placeholder.
const NO_COMMIT: &str = "0000000";

/// GitLab's secret detection report.
#[derive(Debug)]
pub struct GitLabSecrets;

impl Reporter for GitLabSecrets {
    fn name(&self) -> &'static str {
        "gitlab-secrets"
    }

    fn about(&self) -> &'static str {
        "GitLab's secret detection report"
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let tool = json!({
            "id": "hfscan",
            "name": "hfscan",
            "version": env!("CARGO_PKG_VERSION"),
            "vendor": { "name": "hfscan" },
        });
        let findings = &report.outcome.findings;
        let vulnerabilities: Vec<Value> = findings
            .iter()
            .zip(identity::names(findings))
            .map(|(finding, name)| vulnerability(finding, &name, report))
            .collect();
        let document = json!({
            "version": "15.2.1",
            "scan": {
                "analyzer": tool,
                "scanner": tool,
                "start_time": date_time(report.setting.started),
                "end_time": date_time(report.setting.ended),
                "status": if report.outcome.interrupted { "failure" } else { "success" },
                "type": "secret_detection",
                "messages": messages(report),
            },
            "vulnerabilities": vulnerabilities,
        });
        json_writer::write(out, &document)
    }
}

fn vulnerability(finding: &Finding, name: &str, report: Report<'_>) -> Value {
    let rule = report.rules.get(&finding.rule);
    let title = rule.map_or(&*finding.rule, |rule| &rule.title);
    let mut location = json!({
        "file": report.repository_path(&finding.location.path).to_text(),
        "commit": commit(finding),
    });
    // Line numbers of a file; GitLab shows it at the commit.
    if finding.location.inside.is_empty() {
        location["start_line"] = finding.location.start.line.into();
        location["end_line"] = finding.location.end.line.into();
    }
    let why = rule.map(|rule| sentence(&rule.why)).unwrap_or_default();
    let links: Vec<Value> = rule
        .map_or(&[][..], |rule| &rule.references)
        .iter()
        .filter(|address| address.starts_with("https://"))
        .map(|address| json!({ "url": address }))
        .collect();
    json!({
        "id": identity::uuid(name),
        // Equal for all findings of a rule: GitLab groups by it.
        "name": shortened(title, MAX_NAME),
        "description": shortened(&format!("{} {why}", statement(finding)), MAX_DESCRIPTION),
        "severity": severity(finding.severity),
        "solution": shortened(&sentence(&finding.help), MAX_SOLUTION),
        "identifiers": identifiers(finding, rule),
        "links": links,
        "location": location,
    })
}

/// The commit that added the finding, if known.
fn commit(finding: &Finding) -> Value {
    let history = finding.history.as_ref();
    match history.and_then(|history| history.introduced.as_ref()) {
        None => json!({ "sha": NO_COMMIT }),
        Some(commit) => json!({
            "sha": commit.id.to_string(),
            "author": commit.author,
            "date": commit.time.to_string(),
        }),
    }
}

/// The rule comes first, since GitLab tracks a finding by its first identifier.
fn identifiers(finding: &Finding, rule: Option<&Rule>) -> Vec<Value> {
    let own = json!({
        "type": "hfscan_rule_id",
        "name": format!("hfscan {}", finding.rule),
        "value": &*finding.rule,
    });
    let weaknesses = rule.map_or(&[][..], |rule| &rule.cwe).iter().map(|cwe| {
        json!({
            "type": "cwe",
            "name": format!("CWE-{cwe}"),
            "value": cwe.to_string(),
            "url": format!("https://cwe.mitre.org/data/definitions/{cwe}.html"),
        })
    });
    std::iter::once(own).chain(weaknesses).collect()
}

fn messages(report: Report<'_>) -> Vec<Value> {
    let outcome = report.outcome;
    let skipped = outcome.skipped.iter().map(|one| {
        let level = if outcome.is_failure(one.reason) { "warn" } else { "info" };
        json!({ "level": level, "value": format!("{}: {}", one.path, reason(one)) })
    });
    let warnings = outcome.warnings.iter().map(|warning| {
        json!({ "level": "warn", "value": format!("{}: {}", warning.path, caution(warning)) })
    });
    let summary = not_scanned(outcome).map(|text| json!({ "level": "warn", "value": text }));
    summary
        .into_iter()
        .chain(skipped.take(MAX_MESSAGES))
        .chain(warnings.take(MAX_MESSAGES))
        .collect()
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}

/// Converts seconds since 1970 to `YYYY-MM-DDTHH:MM:SS` in UTC; the schema allows no time zone.
///
/// Source of the conversion: Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>).
fn date_time(seconds: i64) -> String {
    // The schema allows only years of four digits.
    let seconds = seconds.clamp(0, 253_402_300_799);
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_time_is_a_date_in_utc() {
        assert_eq!(date_time(0), "1970-01-01T00:00:00");
        assert_eq!(date_time(951_782_400), "2000-02-29T00:00:00");
        assert_eq!(date_time(1_800_000_000), "2027-01-15T08:00:00");
        assert_eq!(date_time(i64::MAX), "9999-12-31T23:59:59");
        assert_eq!(date_time(-5), "1970-01-01T00:00:00");
    }

    #[test]
    fn a_vulnerability_is_named_after_its_rule_alone() {
        let report: Value =
            serde_json::from_str(&sample::written(&GitLabSecrets, &sample::outcome()))
                .expect("it is JSON");
        let all = report["vulnerabilities"].as_array().expect("a list");
        assert_eq!(all.len(), sample::NAMES.len());
        for one in all {
            assert_eq!(one["name"], "Hugging Face user access token");
            assert_eq!(one["identifiers"][0]["value"], "hf-user-access-token");
            assert_eq!(one["identifiers"][1]["value"], "798");
        }
    }
}
