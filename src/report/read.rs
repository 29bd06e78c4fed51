//! Parses hfscan's own reports, to merge several.

use crate::model::{
    Confidence, Excerpt, Finding, Fingerprint, LineColumn, Location, Outcome, Precedence, Secret,
    Severity, SkipReason, Skipped, SourcePath, Span,
};
use serde::Deserialize;

/// A report cannot be parsed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not JSON, or not a report.
    #[error("line {line}: not a report of hfscan: {reason}")]
    NoReport {
        /// The line, from 1.
        line: usize,
        /// The mistake.
        reason: String,
    },
    /// It has another version of the format.
    #[error("version {0} of the format; this hfscan reads version 1")]
    Version(u32),
    /// Its last line, the summary, is missing.
    #[error("the report ends before its summary")]
    Truncated,
}

/// Adds the content of a report to `outcome`. The text is a JSON document, JSON Lines, or a JSON
/// document per line. Suppressed and dismissed findings, warnings, history and fixes are dropped.
///
/// # Errors
/// Returns an error if it is not a report, or a truncated one.
pub fn read_report(text: &str, outcome: &mut Outcome) -> Result<(), ReadError> {
    if let Ok(document) = serde_json::from_str::<Document>(text) {
        return document.add_to(outcome);
    }
    let mut is_open = false;
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |error: serde_json::Error| ReadError::NoReport {
            line: number + 1,
            // Only the position: the error text may quote the report.
            reason: format!("{:?} error at column {}", error.classify(), error.column()),
        };
        if let Ok(document) = serde_json::from_str::<Document>(line) {
            document.add_to(outcome)?;
            continue;
        }
        is_open = true;
        match serde_json::from_str(line).map_err(wrong)? {
            Line::Finding(finding) => outcome.findings.push(finding.finding()),
            Line::Skipped(skipped) => outcome.skipped.extend(skipped.skipped()),
            Line::Summary(end) => {
                end.add_to(outcome)?;
                is_open = false;
            }
            Line::Other => {}
        }
    }
    if is_open { Err(ReadError::Truncated) } else { Ok(()) }
}

/// A report in one document.
#[derive(Deserialize)]
struct Document {
    #[serde(flatten)]
    end: End,
    findings: Vec<FindingText>,
    #[serde(default)]
    skipped: Vec<SkippedText>,
}

impl Document {
    fn add_to(self, outcome: &mut Outcome) -> Result<(), ReadError> {
        self.end.add_to(outcome)?;
        outcome.findings.extend(self.findings.into_iter().map(FindingText::finding));
        outcome.skipped.extend(self.skipped.into_iter().filter_map(SkippedText::skipped));
        Ok(())
    }
}

/// A line of JSON Lines.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line {
    Finding(Box<FindingText>),
    Skipped(SkippedText),
    Summary(End),
    #[serde(other)]
    Other,
}

/// The metadata of a report.
#[derive(Deserialize)]
struct End {
    version: u32,
    complete: bool,
    summary: Totals,
}

#[derive(Deserialize)]
struct Totals {
    files: u64,
    bytes: u64,
}

impl End {
    fn add_to(&self, outcome: &mut Outcome) -> Result<(), ReadError> {
        if self.version != super::record::VERSION {
            return Err(ReadError::Version(self.version));
        }
        outcome.totals.files += self.summary.files;
        outcome.totals.bytes += self.summary.bytes;
        outcome.interrupted |= !self.complete;
        Ok(())
    }
}

#[derive(Deserialize)]
struct FindingText {
    rule: String,
    #[serde(default)]
    also: Vec<String>,
    severity: Severity,
    confidence: Confidence,
    message: String,
    help: String,
    #[serde(default)]
    notes: Vec<String>,
    location: LocationText,
    excerpt: ExcerptText,
    secret: Option<SecretText>,
    fingerprint: String,
}

#[derive(Deserialize)]
struct LocationText {
    path: String,
    #[serde(default)]
    inside: Vec<String>,
    start: PlaceText,
    end: PlaceText,
    bytes: BytesText,
    note: Option<String>,
}

#[derive(Deserialize)]
struct PlaceText {
    line: usize,
    column: usize,
    byte_column: usize,
}

#[derive(Deserialize)]
struct BytesText {
    start: usize,
    end: usize,
}

#[derive(Deserialize)]
struct ExcerptText {
    text: String,
    highlight: BytesText,
}

#[derive(Deserialize)]
struct SecretText {
    masked: String,
    id: Option<String>,
    length: usize,
}

#[derive(Deserialize)]
struct SkippedText {
    path: String,
    #[serde(default)]
    inside: Vec<String>,
    reason: String,
    #[serde(default)]
    detail: String,
}

impl FindingText {
    fn finding(self) -> Finding {
        let place = |one: PlaceText| LineColumn {
            line: one.line,
            column: one.column,
            byte_column: one.byte_column,
        };
        let span = |one: BytesText| Span::new(one.start, one.end);
        let LocationText { path, inside, start, end, bytes, note } = self.location;
        Finding {
            rule: self.rule.into(),
            rule_names: [].into(),
            also: self.also.into_iter().map(Into::into).collect(),
            severity: self.severity,
            confidence: self.confidence,
            message: self.message.into(),
            help: self.help.into(),
            notes: self.notes,
            location: Location {
                path: SourcePath::from_bytes(path),
                inside,
                span: span(bytes),
                start: place(start),
                end: place(end),
                note,
            },
            excerpt: Excerpt {
                text: self.excerpt.text,
                highlight: span(self.excerpt.highlight),
                ..Excerpt::default()
            },
            secret: self.secret.map(|one| Secret::of_report(one.masked, one.id, one.length)),
            has_adopted: false,
            fingerprint: Fingerprint::of_report(self.fingerprint),
            line_hash: None,
            repeats: 0,
            precedence: Precedence::default(),
            fixes: Vec::new(),
            history: None,
            verification: None,
            suppressed: None,
        }
    }
}

impl SkippedText {
    fn skipped(self) -> Option<Skipped> {
        let reason = SkipReason::ALL.into_iter().find(|one| one.as_str() == self.reason)?;
        let mut skipped = Skipped::of(SourcePath::from_bytes(self.path), reason, self.detail);
        skipped.inside = self.inside;
        Some(skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{json::Json, jsonl::JsonLines, sample};

    #[test]
    fn a_report_that_is_read_and_written_again_is_the_same() {
        let outcome = sample::outcome();
        let findings = |text: &str| -> serde_json::Value {
            let mut value: serde_json::Value = serde_json::from_str(text).expect("JSON");
            for finding in value["findings"].as_array_mut().expect("findings") {
                finding.as_object_mut().expect("an object").remove("history");
            }
            value["findings"].take()
        };
        let written = sample::written(&Json, &outcome);
        for text in [written.clone(), sample::written(&JsonLines, &outcome)] {
            let mut again = Outcome::default();
            read_report(&text, &mut again).expect("a report");
            assert_eq!(findings(&sample::written(&Json, &again)), findings(&written));
            assert_eq!(again.totals, outcome.totals);
            assert_eq!(again.skipped.len(), outcome.skipped.len());
        }
    }

    #[test]
    fn what_is_no_report_or_only_a_part_of_one_is_refused() {
        let lines = sample::written(&JsonLines, &sample::outcome());
        let (cut, _) = lines.trim_end().rsplit_once('\n').expect("lines");
        let mut outcome = Outcome::default();
        assert!(matches!(read_report(cut, &mut outcome), Err(ReadError::Truncated)));
        let wrong = read_report("{\"a\": 1}", &mut outcome).expect_err("it is refused").to_string();
        assert!(wrong.starts_with("line 1: not a report of hfscan"), "{wrong}");
        let later =
            sample::written(&Json, &Outcome::default()).replace("\"version\": 1", "\"version\": 9");
        let later = later.replace("\"version\":1", "\"version\":9");
        assert!(matches!(read_report(&later, &mut outcome), Err(ReadError::Version(9))));
    }
}
