//! reviewdog's own format.
//!
//! <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>

use super::{
    json_writer,
    level::Level,
    place::in_file,
    reporter::{Report, Reporter, WantedFixes},
    wording::{is_missing, not_scanned, shortened, statement},
};
use crate::model::{Applicability, Finding, Fix, LineColumn};
use serde::Serialize;
use std::io::{self, Write};

/// Maximum number of characters of a message; platforms reject much longer comments.
const MAX_MESSAGE: usize = 4_000;

/// reviewdog's own format.
#[derive(Debug)]
pub struct RdJson;

impl Reporter for RdJson {
    fn name(&self) -> &'static str {
        "rdjson"
    }

    fn about(&self) -> &'static str {
        "reviewdog's diagnostics"
    }

    fn wants_fixes(&self) -> WantedFixes {
        WantedFixes::Edits
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let findings = report.outcome.findings.iter();
        let mut diagnostics: Vec<Diagnostic<'_>> =
            findings.map(|finding| Diagnostic::of(finding, report)).collect();
        let missing = report.outcome.skipped.iter().find(|one| is_missing(one));
        if let Some((text, first)) = not_scanned(report.outcome).zip(missing) {
            diagnostics.push(Diagnostic {
                message: format!("hfscan: {text}"),
                location: Location {
                    path: report.repository_path(&first.path).to_text(),
                    range: None,
                },
                severity: "WARNING",
                code: Code { value: "not-scanned", url: None },
                suggestions: Vec::new(),
            });
        }
        json_writer::write(
            out,
            &DiagnosticResult { source: Source { name: env!("CARGO_PKG_NAME") }, diagnostics },
        )
    }
}

#[derive(Serialize)]
struct DiagnosticResult<'a> {
    source: Source,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

impl<'a> Diagnostic<'a> {
    fn of(finding: &'a Finding, report: Report<'a>) -> Self {
        let location = &finding.location;
        let rule = report.rules.get(&finding.rule);
        Self {
            message: shortened(&statement(finding), MAX_MESSAGE),
            location: Location {
                path: report.repository_path(&location.path).to_text(),
                range: in_file(finding).map(|(start, end)| Range {
                    start: Position::of(start),
                    end: Position::of(end),
                }),
            },
            severity: match Level::of(finding.severity) {
                Level::Error => "ERROR",
                Level::Warning => "WARNING",
                Level::Note => "INFO",
            },
            code: Code {
                value: &finding.rule,
                url: rule.and_then(|rule| rule.references.first()).map(String::as_str),
            },
            suggestions: finding.fixes.iter().filter_map(Suggestion::of).take(1).collect(),
        }
    }
}

/// A replacement of a range.
#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

impl<'a> Suggestion<'a> {
    /// The suggestion for a safe fix with a single edit: platforms show each suggestion separately,
    /// with all changed lines, which must not contain another secret.
    fn of(fix: &'a Fix) -> Option<Self> {
        let places = fix.places.as_ref().filter(|places| places.leaves_clean_lines)?;
        let is_whole = fix.applicability == Applicability::Safe && fix.files.is_empty();
        let ([edit], [(start, end)]) = (&fix.edits[..], &places.edits[..]) else { return None };
        let range = Range { start: Position::of(*start), end: Position::of(*end) };
        is_whole.then_some(Self { range, text: &edit.text })
    }
}

#[derive(Serialize)]
struct Location {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

/// The end is exclusive.
#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Counted from 1. Columns count bytes of UTF-8.
#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

impl Position {
    fn of(place: LineColumn) -> Self {
        Self { line: place.line, column: place.byte_column }
    }
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn columns_are_bytes_of_utf_8() {
        let text = sample::written(&RdJson, &sample::outcome());
        let result: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        let range = &result["diagnostics"][0]["location"]["range"];
        assert_eq!(
            (range["start"]["column"].as_u64(), range["end"]["column"].as_u64()),
            (Some(12), Some(49))
        );
    }
}
