//! hfscan's own JSON, described in `docs/json-report.md`.

use super::reporter::{Report, Reporter};
use crate::model::{
    Confidence, Dismissed, Excerpt, Finding, LineColumn, Location, Severity, Skipped, Summary,
};
use crate::report::Verbosity;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// Changes when a field changes its meaning or goes away; new fields do not change it.
const VERSION: u32 = 1;

/// The JSON report.
#[derive(Debug)]
pub struct Json;

impl Reporter for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "one JSON document, its fields stable within a version"
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let outcome = report.outcome;
        let summary = Summary::of(outcome);
        let explain = report.style.verbosity >= Verbosity::Dismissed;
        let document = Document {
            version: VERSION,
            tool: Tool {
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                rules_version: report.rules_version,
                rules: report.rules.rules().len(),
            },
            complete: !outcome.interrupted
                && !outcome.skipped.iter().any(|one| one.reason.is_failure()),
            summary: Counts {
                files: outcome.totals.files,
                bytes: outcome.totals.bytes,
                findings: Severity::ALL
                    .iter()
                    .map(|one| (one.as_str(), summary.findings.get(one).copied().unwrap_or(0)))
                    .collect(),
                secrets: summary.secrets,
                suppressed: &outcome.suppressed,
                dismissed: &summary.dismissed,
                skipped: &summary.skipped,
            },
            findings: outcome.findings.iter().map(|one| FindingJson::of(one, report)).collect(),
            skipped: outcome.skipped.iter().map(SkippedJson::of).collect(),
            dismissed: explain.then(|| outcome.dismissed.iter().map(DismissedJson::of).collect()),
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool<'a>,
    complete: bool,
    summary: Counts<'a>,
    findings: Vec<FindingJson<'a>>,
    skipped: Vec<SkippedJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dismissed: Option<Vec<DismissedJson<'a>>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'a str,
    version: &'a str,
    rules_version: &'a str,
    rules: usize,
}

#[derive(Serialize)]
struct Counts<'a> {
    files: u64,
    bytes: u64,
    findings: BTreeMap<&'static str, usize>,
    secrets: usize,
    suppressed: &'a BTreeMap<&'static str, u64>,
    dismissed: &'a BTreeMap<&'static str, usize>,
    skipped: &'a BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    rule: &'a str,
    title: &'a str,
    severity: Severity,
    confidence: Confidence,
    message: &'a str,
    why: &'a str,
    help: &'a str,
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    revoke: Option<&'a str>,
    location: LocationJson,
    excerpt: ExcerptJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<SecretJson>,
    fingerprint: &'a str,
    cwe: &'a [u32],
    references: &'a [String],
}

impl<'a> FindingJson<'a> {
    fn of(finding: &'a Finding, report: Report<'a>) -> Self {
        let rule = report.rules.get(&finding.rule);
        Self {
            rule: &finding.rule,
            title: rule.map_or("", |rule| &rule.title),
            severity: finding.severity,
            confidence: finding.confidence,
            message: &finding.message,
            why: rule.map_or("", |rule| &rule.why),
            help: &finding.help,
            notes: &finding.notes,
            revoke: report.revoke_url(finding),
            location: LocationJson::of(&finding.location),
            excerpt: ExcerptJson::of(&finding.excerpt),
            secret: finding.secret.as_ref().map(|secret| SecretJson {
                masked: secret.masked(),
                id: secret.id(),
                length: secret.len(),
            }),
            fingerprint: finding.fingerprint.as_str(),
            cwe: rule.map_or(&[], |rule| &rule.cwe),
            references: rule.map_or(&[], |rule| &rule.references),
        }
    }
}

#[derive(Serialize)]
struct SecretJson {
    masked: String,
    id: String,
    length: usize,
}

/// Lines and columns count from 1, columns in code points; bytes count from 0; ends
/// are not part of the finding.
#[derive(Serialize)]
struct LocationJson {
    path: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inside: Vec<String>,
    start: Place,
    end: Place,
    bytes: Bytes,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl LocationJson {
    fn of(location: &Location) -> Self {
        Self {
            path: location.path.to_text(),
            inside: location.inside.clone(),
            start: Place::of(location.start),
            end: Place::of(location.end),
            bytes: Bytes { start: location.span.start, end: location.span.end },
            note: location.note.clone(),
        }
    }
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

impl Place {
    fn of(place: LineColumn) -> Self {
        Self { line: place.line, column: place.column }
    }
}

#[derive(Serialize)]
struct Bytes {
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct ExcerptJson<'a> {
    text: &'a str,
    highlight: Bytes,
}

impl<'a> ExcerptJson<'a> {
    fn of(excerpt: &'a Excerpt) -> Self {
        let highlight = Bytes { start: excerpt.highlight.start, end: excerpt.highlight.end };
        Self { text: &excerpt.text, highlight }
    }
}

#[derive(Serialize)]
struct SkippedJson<'a> {
    path: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    inside: &'a [String],
    reason: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    failure: bool,
}

impl<'a> SkippedJson<'a> {
    fn of(skipped: &'a Skipped) -> Self {
        Self {
            path: skipped.path.to_text(),
            inside: &skipped.inside,
            reason: skipped.reason.as_str(),
            detail: &skipped.detail,
            failure: skipped.reason.is_failure(),
        }
    }
}

#[derive(Serialize)]
struct DismissedJson<'a> {
    rule: &'a str,
    reason: &'static str,
    location: LocationJson,
}

impl<'a> DismissedJson<'a> {
    fn of(dismissed: &'a Dismissed) -> Self {
        Self {
            rule: &dismissed.rule,
            reason: dismissed.reason.as_str(),
            location: LocationJson::of(&dismissed.location),
        }
    }
}
