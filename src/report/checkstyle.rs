//! Checkstyle XML, which many servers and editors support.

use super::{
    level::Level,
    place::line_or_first,
    reporter::{Report, Reporter},
    wording::{is_missing, not_scanned, reason, shortened, statement},
    xml::escape,
};
use crate::model::Finding;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// Maximum number of characters of a message.
const MAX_MESSAGE: usize = 2_000;
/// Maximum number of files listed as not scanned.
const MAX_EXCEPTIONS: usize = 1_000;

/// Checkstyle XML.
#[derive(Debug)]
pub struct Checkstyle;

impl Reporter for Checkstyle {
    fn name(&self) -> &'static str {
        "checkstyle"
    }

    fn about(&self) -> &'static str {
        "Checkstyle XML"
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut files: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
        for finding in &report.outcome.findings {
            files.entry(&finding.location.path).or_default().push(finding);
        }
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(out, "<checkstyle version=\"4.3\">")?;
        for (path, findings) in files {
            let name = report.repository_path(path).to_text();
            writeln!(out, "  <file name=\"{}\">", escape(&name))?;
            for finding in findings {
                write_finding(finding, out)?;
            }
            writeln!(out, "  </file>")?;
        }
        let mut missing = report.outcome.skipped.iter().filter(|one| is_missing(one)).peekable();
        if let Some((text, first)) = not_scanned(report.outcome).zip(missing.peek()) {
            let name = report.repository_path(&first.path).to_text();
            writeln!(out, "  <file name=\"{}\">", escape(&name))?;
            writeln!(
                out,
                "    <error line=\"1\" column=\"1\" severity=\"warning\" message=\"{}\" \
                 source=\"hfscan.not-scanned\"/>",
                escape(&text)
            )?;
            writeln!(out, "  </file>")?;
        }
        for one in missing.take(MAX_EXCEPTIONS) {
            let name = report.repository_path(&one.path).to_text();
            writeln!(out, "  <file name=\"{}\">", escape(&name))?;
            writeln!(out, "    <exception>{}</exception>", escape(&reason(one)))?;
            writeln!(out, "  </file>")?;
        }
        writeln!(out, "</checkstyle>")
    }
}

fn write_finding(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let severity = match Level::of(finding.severity) {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "info",
    };
    let (start, _) = line_or_first(finding);
    writeln!(
        out,
        "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}\" \
         source=\"hfscan.{}\"/>",
        start.line,
        start.column,
        escape(&shortened(&statement(finding), MAX_MESSAGE)),
        escape(&finding.rule),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_findings_of_a_file_stand_together() {
        let mut outcome = sample::outcome();
        outcome.findings = vec![sample::finding(0), sample::finding(1), sample::finding(0)];
        outcome.skipped.clear();
        let text = sample::written(&Checkstyle, &outcome);
        assert_eq!(text.matches("<file ").count(), 2, "{text}");
        assert_eq!(text.matches("<error ").count(), 3);
    }
}
