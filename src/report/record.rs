//! The records of hfscan's own JSON formats, described in `docs/json-report.md`.

use super::{
    history::HistoryJson,
    identity::public_id,
    reporter::{Report, rule_page},
    verification::VerificationRecord,
};
use crate::model::{
    AllowedBy, Confidence, Dismissed, Edit, Excerpt, FileChange, Finding, Fix, LineColumn,
    Location, Outcome, Severity, Skipped, Summary, Suppressor, Warning,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Incremented when a field is removed or changes its meaning; not for new fields.
pub const VERSION: u32 = 1;

/// A finding.
#[derive(Serialize)]
pub struct FindingRecord<'a> {
    rule: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<&'a str>,
    title: &'a str,
    severity: Severity,
    confidence: Confidence,
    message: &'a str,
    why: &'a str,
    help: &'a str,
    notes: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoke: Option<&'a str>,
    location: LocationRecord,
    excerpt: ExcerptRecord<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<SecretRecord>,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<HistoryJson<'a>>,
    cwe: &'a [u32],
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    references: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<VerificationRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppression: Option<SuppressionRecord<'a>>,
}

impl<'a> FindingRecord<'a> {
    /// The record of a finding.
    pub fn of(finding: &'a Finding, report: Report<'a>) -> Self {
        let rule = report.rules.get(&finding.rule);
        Self {
            rule: &finding.rule,
            also: finding.also.iter().map(|rule| &**rule).collect(),
            title: rule.map_or("", |rule| &rule.title),
            severity: finding.severity,
            confidence: finding.confidence,
            message: &finding.message,
            why: rule.map_or("", |rule| &rule.why),
            help: &finding.help,
            notes: &finding.notes,
            fixes: finding.fixes.iter().map(FixRecord::of).collect(),
            revoke: report.revoke_url(finding),
            location: LocationRecord::of(&finding.location),
            excerpt: ExcerptRecord::of(&finding.excerpt),
            secret: finding.secret.as_ref().map(|secret| SecretRecord {
                masked: secret.masked(),
                id: public_id(secret),
                length: secret.len(),
            }),
            fingerprint: finding.fingerprint.as_str(),
            history: finding.history.as_deref().map(HistoryJson::of),
            cwe: rule.map_or(&[], |rule| &rule.cwe),
            page: rule.and_then(rule_page),
            references: rule.map_or(&[], |rule| &rule.references),
            verification: finding
                .verification
                .as_deref()
                .map(|one| VerificationRecord::of(one, report.setting.started)),
            suppression: finding.suppressed.as_ref().map(SuppressionRecord::of),
        }
    }
}

/// A fix for a finding.
#[derive(Serialize)]
struct FixRecord<'a> {
    row: &'a str,
    title: &'a str,
    applicability: &'static str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<&'a str>,
    edits: Vec<EditRecord<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileChangeRecord<'a>>,
}

impl<'a> FixRecord<'a> {
    fn of(fix: &'a Fix) -> Self {
        Self {
            row: fix.row,
            title: &fix.title,
            applicability: fix.applicability.as_str(),
            reason: &fix.reason,
            variable: fix.variable.as_deref(),
            edits: fix.edits.iter().map(EditRecord::of).collect(),
            files: fix.files.iter().map(FileChangeRecord::of).collect(),
        }
    }
}

/// Byte offsets count from 0.
#[derive(Serialize)]
struct EditRecord<'a> {
    bytes: Bytes,
    text: &'a str,
}

impl<'a> EditRecord<'a> {
    fn of(edit: &'a Edit) -> Self {
        let bytes = Bytes { start: edit.span.start, end: edit.span.end };
        Self { bytes, text: &edit.text }
    }
}

#[derive(Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
enum FileChangeRecord<'a> {
    Append { path: String, lines: &'a [String] },
    Delete { path: String },
}

impl<'a> FileChangeRecord<'a> {
    fn of(change: &'a FileChange) -> Self {
        match change {
            FileChange::Append { path, lines } => Self::Append { path: path.to_text(), lines },
            FileChange::Delete { path } => Self::Delete { path: path.to_text() },
        }
    }
}

/// The reason for which a finding is suppressed.
#[derive(Serialize)]
struct SuppressionRecord<'a> {
    by: &'static str,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    glob: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

impl<'a> SuppressionRecord<'a> {
    fn of(by: &'a Suppressor) -> Self {
        let (mut rule, mut glob, mut line, mut note) = (None, None, None, None);
        match by {
            Suppressor::IgnoredRule { rule: id } | Suppressor::Overlap { winner: id } => {
                rule = Some(&**id);
            }
            Suppressor::PerPath { glob: paths, rule: id } => {
                (rule, glob) = (Some(&**id), Some(paths.as_str()));
            }
            Suppressor::Allowlist(AllowedBy::Path(paths)) => glob = Some(paths),
            Suppressor::Comment { line: at, reason, .. } => {
                line = *at;
                note = Some(reason.as_str()).filter(|reason| !reason.is_empty());
            }
            Suppressor::Baseline { note: text } => note = text.as_deref(),
            _ => {}
        }
        Self { by: by.kind(), reason: by.reason(), rule, glob, line, note }
    }
}

#[derive(Serialize)]
struct SecretRecord {
    masked: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    length: usize,
}

/// Lines and columns count from 1; columns are in code points, byte columns in bytes of UTF-8. Byte
/// offsets count from 0. Ends are exclusive.
#[derive(Serialize)]
struct LocationRecord {
    path: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inside: Vec<String>,
    start: Position,
    end: Position,
    bytes: Bytes,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl LocationRecord {
    fn of(location: &Location) -> Self {
        Self {
            path: location.path.to_text(),
            inside: location.inside.clone(),
            start: Position::of(location.start),
            end: Position::of(location.end),
            bytes: Bytes { start: location.span.start, end: location.span.end },
            note: location.note.clone(),
        }
    }
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
    byte_column: usize,
}

impl Position {
    fn of(place: LineColumn) -> Self {
        Self { line: place.line, column: place.column, byte_column: place.byte_column }
    }
}

#[derive(Serialize)]
struct Bytes {
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct ExcerptRecord<'a> {
    text: &'a str,
    highlight: Bytes,
}

impl<'a> ExcerptRecord<'a> {
    fn of(excerpt: &'a Excerpt) -> Self {
        let highlight = Bytes { start: excerpt.highlight.start, end: excerpt.highlight.end };
        Self { text: &excerpt.text, highlight }
    }
}

/// A file or part that was not scanned.
#[derive(Serialize)]
pub struct SkippedRecord<'a> {
    path: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    inside: &'a [String],
    reason: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    failure: bool,
}

impl<'a> SkippedRecord<'a> {
    /// The record of a skipped file or part.
    pub fn of(outcome: &Outcome, skipped: &'a Skipped) -> Self {
        Self {
            path: skipped.path.to_text(),
            inside: &skipped.inside,
            reason: skipped.reason.as_str(),
            detail: &skipped.detail,
            failure: outcome.is_failure(skipped.reason),
        }
    }
}

/// A dismissed match.
#[derive(Serialize)]
pub struct DismissedRecord<'a> {
    rule: &'a str,
    reason: &'static str,
    location: LocationRecord,
}

impl<'a> DismissedRecord<'a> {
    /// The record of a dismissed match.
    pub fn of(dismissed: &'a Dismissed) -> Self {
        Self {
            rule: &dismissed.rule,
            reason: dismissed.reason.as_str(),
            location: LocationRecord::of(&dismissed.location),
        }
    }
}

/// A warning about ignore comments or configuration.
#[derive(Serialize)]
pub struct WarningRecord<'a> {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Position>,
    message: &'a str,
}

impl<'a> WarningRecord<'a> {
    /// The record of a warning.
    pub fn of(warning: &'a Warning) -> Self {
        Self {
            path: warning.path.to_text(),
            place: warning.place.map(Position::of),
            message: &warning.message,
        }
    }
}

/// The counts of a scan.
#[derive(Serialize)]
pub struct SummaryRecord<'a> {
    files: u64,
    bytes: u64,
    findings: BTreeMap<&'static str, usize>,
    secrets: usize,
    suppressed: &'a BTreeMap<&'static str, u64>,
    dismissed: BTreeMap<&'static str, usize>,
    skipped: BTreeMap<&'static str, usize>,
    #[serde(skip_serializing_if = "is_zero")]
    excluded: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl<'a> SummaryRecord<'a> {
    /// The record of an outcome.
    pub fn of(outcome: &'a Outcome) -> Self {
        let summary = Summary::of(outcome);
        Self {
            files: outcome.totals.files,
            bytes: outcome.totals.bytes,
            findings: Severity::ALL
                .iter()
                .map(|one| (one.as_str(), summary.findings.get(one).copied().unwrap_or(0)))
                .collect(),
            secrets: summary.secrets,
            suppressed: &outcome.suppressed_counts,
            dismissed: summary.dismissed,
            skipped: summary.skipped,
            excluded: outcome.excluded,
        }
    }
}

/// The tool that wrote a report.
#[derive(Serialize)]
pub struct ToolRecord<'a> {
    name: &'a str,
    version: &'a str,
    rules_version: &'a str,
    rules: usize,
}

impl<'a> ToolRecord<'a> {
    /// The record of this hfscan.
    pub fn of(report: Report<'a>) -> Self {
        Self {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            rules_version: report.rules_version,
            rules: report.rules.reporting().count(),
        }
    }
}
