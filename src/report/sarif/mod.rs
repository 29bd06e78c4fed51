//! SARIF 2.1.0, for code scanning on GitHub, GitLab, Azure DevOps and others.
//!
//! The standard leaves many choices open; `docs/formats.md` explains those made here.

mod log;
mod rule;
mod severity;

use super::{
    json_writer,
    place::in_file,
    ranking,
    reporter::{Report, Reporter, WantedFixes},
    uri,
    wording::{caution, counted, not_scanned, reason, shortened, statement},
};
use crate::model::{Finding, Fix, Outcome, SkipReason, SourcePath, Suppressor};
use log::{
    ArtifactChange, ArtifactLocation, AutomationDetails, BaseId, Content, Driver, Invocation,
    Location, Log, Message, Notification, PartialFingerprints, PhysicalLocation, Proposal, Region,
    Replacement, ResultProperties, Run, SarifResult, Suppression, Tool,
};
use severity::{level, rank};
use std::{
    collections::{BTreeMap, HashMap},
    io::{self, Write},
};

/// Maximum number of results in a run. Platforms drop the rest regardless of severity, or reject
/// the file.
const MAX_RESULTS: usize = 5_000;
/// Maximum number of listed skipped files.
const MAX_NOTIFICATIONS: usize = 1_000;
/// Maximum number of characters of a message. GitLab drops a result with more than 2,048; GitHub
/// truncates at 1,024.
const MAX_MESSAGE: usize = 1_000;

/// The base of all paths.
const BASE: &str = "%SRCROOT%";

/// The SARIF log.
#[derive(Debug)]
pub struct Sarif;

impl Reporter for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn about(&self) -> &'static str {
        "SARIF 2.1.0, for code scanning platforms"
    }

    fn wants_line_hashes(&self) -> bool {
        true
    }

    fn wants_fixes(&self) -> WantedFixes {
        WantedFixes::Edits
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let (mut findings, left) = ranking::worst(&report.outcome.findings, MAX_RESULTS);
        let room = MAX_RESULTS - findings.len();
        findings.extend(report.suppressed().take(room));
        let rules: Vec<_> = report.rules.reporting().collect();
        let numbers: HashMap<&str, usize> =
            rules.iter().enumerate().map(|(number, rule)| (&*rule.id, number)).collect();
        let log = Log {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [Run {
                tool: Tool {
                    driver: Driver {
                        name: env!("CARGO_PKG_NAME"),
                        semantic_version: env!("CARGO_PKG_VERSION"),
                        information_uri: Some(env!("CARGO_PKG_REPOSITORY"))
                            .filter(|address| !address.is_empty()),
                        rules: rules.iter().map(|rule| rule::described(rule)).collect(),
                    },
                },
                automation_details: report
                    .setting
                    .category
                    .map(|category| AutomationDetails { id: format!("{category}/") }),
                invocations: [Invocation {
                    // `true` also with findings; platforms reject the file otherwise.
                    execution_successful: !report.outcome.interrupted,
                    tool_execution_notifications: notifications(report, left),
                }],
                original_uri_base_ids: BTreeMap::from([(
                    BASE,
                    BaseId { description: Message::of("The root of the repository.") },
                )]),
                column_kind: "unicodeCodePoints",
                results: findings.iter().map(|one| result(one, report, &numbers)).collect(),
            }],
        };
        json_writer::write(out, &log)
    }
}

fn result<'a>(
    finding: &'a Finding,
    report: Report<'_>,
    numbers: &HashMap<&str, usize>,
) -> SarifResult<'a> {
    let location = &finding.location;
    SarifResult {
        rule_id: &finding.rule,
        rule_index: numbers.get(&*finding.rule).copied(),
        level: level(finding.severity),
        rank: rank(finding.severity),
        message: Message { text: shortened(&statement(finding), MAX_MESSAGE) },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: artifact(report, &location.path),
                region: in_file(finding).map(|(start, end)| Region::between(start, end)),
            },
        }],
        partial_fingerprints: PartialFingerprints {
            fingerprint: finding.fingerprint.as_str(),
            line_hash: finding.line_hash.as_deref().filter(|_| in_file(finding).is_some()),
        },
        fixes: finding.fixes.iter().filter_map(|fix| proposal(fix, report, location)).collect(),
        suppressions: report.style.show_suppressed.then(|| suppressions(finding)),
        properties: ResultProperties {
            severity: finding.severity,
            confidence: finding.confidence,
            verification: finding.verification.as_ref().map(|one| one.state.as_str()),
        },
    }
}

/// SARIF's `fix` for a fix that only edits its file; `None` for one that changes other files.
fn proposal<'a>(
    fix: &'a Fix,
    report: Report<'_>,
    location: &crate::model::Location,
) -> Option<Proposal<'a>> {
    let places = fix.places.as_ref().filter(|_| fix.files.is_empty())?;
    let replacements = fix.edits.iter().zip(&places.edits);
    let replacements = replacements.map(|(edit, (start, end))| Replacement {
        deleted_region: Region::between(*start, *end),
        inserted_content: (!edit.text.is_empty()).then_some(Content { text: &edit.text }),
    });
    let (title, reason) = (&fix.title, &fix.reason);
    let applicability = fix.applicability.as_str();
    Some(Proposal {
        description: Message { text: format!("{title} ({applicability}: {reason})") },
        artifact_changes: [ArtifactChange {
            artifact_location: artifact(report, &location.path),
            replacements: replacements.collect(),
        }],
    })
}

/// The suppressions of a result. Platforms interpret a missing list differently if *any* result of
/// the run has one, so either all results have one or none.
fn suppressions(finding: &Finding) -> Vec<Suppression> {
    let one = finding.suppressed.as_ref().map(|by| Suppression {
        kind: match by {
            Suppressor::Comment { .. } => "inSource",
            _ => "external",
        },
        status: "accepted",
        justification: shortened(&by.reason(), MAX_MESSAGE),
    });
    one.into_iter().collect()
}

/// The files that were not scanned, and the number of omitted findings.
fn notifications(report: Report<'_>, left: usize) -> Vec<Notification> {
    let outcome = report.outcome;
    let mut all = Vec::new();
    if left > 0 {
        let text = format!(
            "{} of equal or lower severity omitted: platforms show at most {MAX_RESULTS}.",
            counted(left as u64, "finding")
        );
        all.push(Notification { level: "warning", message: Message { text }, locations: None });
    }
    let mut skipped: Vec<_> = outcome.skipped.iter().collect();
    skipped.sort_by_key(|one| !outcome.is_failure(one.reason));
    if let Some(text) = not_scanned(outcome) {
        let message = Message { text: text + "." };
        all.push(Notification { level: "warning", message, locations: None });
    }
    let unlisted = skipped.len().saturating_sub(MAX_NOTIFICATIONS);
    for one in skipped.iter().take(MAX_NOTIFICATIONS) {
        all.push(Notification {
            level: skip_level(outcome, one.reason),
            message: Message { text: reason(one) + "." },
            locations: Some([Location::of_file(artifact(report, &one.path))]),
        });
    }
    if unlisted > 0 {
        let text = format!("{} more not scanned.", counted(unlisted as u64, "file"));
        all.push(Notification { level: "note", message: Message { text }, locations: None });
    }
    for warning in outcome.warnings.iter().take(MAX_NOTIFICATIONS) {
        let mut place = Location::of_file(artifact(report, &warning.path));
        place.physical_location.region = warning.place.map(|place| Region::between(place, place));
        all.push(Notification {
            level: "warning",
            message: Message { text: caution(warning) + "." },
            locations: Some([place]),
        });
    }
    all
}

/// Never `error`, which would mean that the whole run failed.
fn skip_level(outcome: &Outcome, reason: SkipReason) -> &'static str {
    if outcome.is_failure(reason) { "warning" } else { "note" }
}

fn artifact(report: Report<'_>, path: &SourcePath) -> ArtifactLocation {
    let path = report.repository_path(path);
    let base = (!path.as_bytes().starts_with(b"/")).then_some(BASE);
    ArtifactLocation { uri: uri::reference(&path), uri_base_id: base }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Severity, report::sample};
    use serde_json::Value;

    fn written(outcome: &crate::model::Outcome) -> Value {
        serde_json::from_str(&sample::written(&Sarif, outcome)).expect("it is JSON")
    }

    #[test]
    fn every_rule_is_listed_whatever_was_found() {
        let run = &written(&Default::default())["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
        assert_eq!(rules.len(), sample::rules().rules().len());
        assert_eq!(run["results"], serde_json::json!([]));
    }

    #[test]
    fn a_result_names_its_rule_by_id_and_number() {
        let log = written(&sample::outcome());
        let run = &log["runs"][0];
        for result in run["results"].as_array().expect("a list") {
            let number = result["ruleIndex"].as_u64().expect("a number") as usize;
            assert_eq!(run["tool"]["driver"]["rules"][number]["id"], result["ruleId"]);
        }
    }

    #[test]
    fn what_is_more_than_platforms_show_is_cut_by_severity_and_said() {
        let mut outcome = sample::outcome();
        let low = Finding { severity: Severity::Low, ..sample::finding(0) };
        let bad = Finding { severity: Severity::Critical, ..sample::finding(0) };
        outcome.findings = vec![low; MAX_RESULTS];
        outcome.findings.extend([bad.clone(), bad]);
        let log = written(&outcome);
        let results = log["runs"][0]["results"].as_array().expect("a list");
        assert_eq!(results.len(), MAX_RESULTS);
        assert_eq!(results.iter().filter(|one| one["level"] == "error").count(), 2);
        let first = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
        assert!(first["message"]["text"].as_str().expect("a text").starts_with("2 findings"));
    }

    #[test]
    fn a_place_inside_of_a_file_is_told_in_words() {
        let mut outcome = sample::outcome();
        outcome.findings.truncate(1);
        outcome.findings[0].location.inside = vec!["run/args.bin".into()];
        let result = &written(&outcome)["runs"][0]["results"][0];
        assert!(result["message"]["text"].as_str().expect("a text").contains("run/args.bin"));
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region.is_null(), "{result}");
        assert!(result["partialFingerprints"].get("primaryLocationLineHash").is_none());
    }
}
