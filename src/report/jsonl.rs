//! hfscan's own JSON, one record per line, for tools that read a stream.

use super::{
    json_writer::write_line,
    record::{
        DismissedRecord, FindingRecord, SkippedRecord, SummaryRecord, ToolRecord, VERSION,
        WarningRecord,
    },
    reporter::{Report, Reporter, Verbosity, WantedFixes},
    upload::UploadRecord,
};
use serde::Serialize;
use std::io::{self, Write};

/// JSON, one record per line.
#[derive(Debug)]
pub struct JsonLines;

impl Reporter for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn about(&self) -> &'static str {
        "one JSON record per line: findings, skipped files, a summary at the end"
    }

    fn wants_suppressed(&self) -> bool {
        true
    }

    fn wants_fixes(&self) -> WantedFixes {
        WantedFixes::Fixes
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let outcome = report.outcome;
        for finding in &outcome.findings {
            write_line(out, &Line::Finding(Box::new(FindingRecord::of(finding, report))))?;
        }
        for finding in &outcome.suppressed {
            write_line(out, &Line::Suppressed(Box::new(FindingRecord::of(finding, report))))?;
        }
        for warning in &outcome.warnings {
            write_line(out, &Line::Warning(WarningRecord::of(warning)))?;
        }
        for skipped in &outcome.skipped {
            write_line(out, &Line::Skipped(SkippedRecord::of(outcome, skipped)))?;
        }
        if report.style.verbosity >= Verbosity::Dismissed {
            for dismissed in &outcome.dismissed {
                write_line(out, &Line::Dismissed(DismissedRecord::of(dismissed)))?;
            }
        }
        if let Some(upload) = outcome.upload.as_deref() {
            write_line(out, &Line::Upload(UploadRecord::of(upload)))?;
        }
        write_line(
            out,
            &Line::Summary {
                version: VERSION,
                tool: ToolRecord::of(report),
                complete: report.is_complete(),
                summary: SummaryRecord::of(outcome),
            },
        )
    }
}

/// A line; `type` is its kind.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Finding(Box<FindingRecord<'a>>),
    Suppressed(Box<FindingRecord<'a>>),
    Warning(WarningRecord<'a>),
    Skipped(SkippedRecord<'a>),
    Dismissed(DismissedRecord<'a>),
    Upload(UploadRecord<'a>),
    /// The last line. A stream without it is truncated.
    Summary {
        version: u32,
        tool: ToolRecord<'a>,
        complete: bool,
        summary: SummaryRecord<'a>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_line_says_what_it_is_and_the_last_one_sums_up() {
        let text = sample::written(&JsonLines, &sample::outcome());
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect();
        let kinds: Vec<&str> = lines.iter().filter_map(|line| line["type"].as_str()).collect();
        let findings = vec!["finding"; sample::NAMES.len()];
        let rest = vec!["warning", "skipped", "skipped", "summary"];
        assert_eq!(kinds, [findings, rest].concat());
        assert_eq!(lines.last().expect("a line")["complete"], false);
    }
}
