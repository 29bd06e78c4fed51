//! hfscan's own JSON, described in `docs/json-report.md`.

use super::{
    json_writer,
    record::{
        DismissedRecord, FindingRecord, SkippedRecord, SummaryRecord, ToolRecord, VERSION,
        WarningRecord,
    },
    reporter::{Report, Reporter, Verbosity, WantedFixes},
    upload::UploadRecord,
};
use crate::model::Finding;
use serde::{Serialize, Serializer};
use std::io::{self, Write};

/// The JSON report.
#[derive(Debug)]
pub struct Json;

impl Reporter for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "one JSON document with fields that are stable within a version"
    }

    fn wants_suppressed(&self) -> bool {
        true
    }

    fn wants_fixes(&self) -> WantedFixes {
        WantedFixes::Fixes
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let outcome = report.outcome;
        let explain = report.style.verbosity >= Verbosity::Dismissed;
        let document = Document {
            version: VERSION,
            tool: ToolRecord::of(report),
            complete: report.is_complete(),
            summary: SummaryRecord::of(outcome),
            findings: Records { findings: &outcome.findings, report },
            suppressed: Records { findings: &outcome.suppressed, report },
            warnings: outcome.warnings.iter().map(WarningRecord::of).collect(),
            skipped: outcome.skipped.iter().map(|one| SkippedRecord::of(outcome, one)).collect(),
            upload: outcome.upload.as_deref().map(UploadRecord::of),
            dismissed: explain.then(|| outcome.dismissed.iter().map(DismissedRecord::of).collect()),
        };
        json_writer::write(out, &document)
    }
}

/// Serializes the findings one by one, to save memory.
struct Records<'a> {
    findings: &'a [Finding],
    report: Report<'a>,
}

impl Serialize for Records<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.findings.iter().map(|one| FindingRecord::of(one, self.report)))
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: ToolRecord<'a>,
    complete: bool,
    summary: SummaryRecord<'a>,
    findings: Records<'a>,
    suppressed: Records<'a>,
    warnings: Vec<WarningRecord<'a>>,
    skipped: Vec<SkippedRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload: Option<UploadRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dismissed: Option<Vec<DismissedRecord<'a>>>,
}
