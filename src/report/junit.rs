//! JUnit XML, which every CI server shows as test results.

use super::{
    place::line_or_first,
    reporter::{Report, Reporter},
    wording::{counted, not_scanned, reason, shortened, statement},
    xml::escape,
};
use crate::model::Finding;
use std::io::{self, Write};

/// Maximum number of files listed as not scanned.
const MAX_ERRORS: usize = 1_000;
/// Maximum number of characters of a message.
const MAX_MESSAGE: usize = 2_000;

/// JUnit XML.
#[derive(Debug)]
pub struct JUnit;

impl Reporter for JUnit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn about(&self) -> &'static str {
        "JUnit XML with a failed test per finding"
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let outcome = report.outcome;
        let failed: Vec<_> = outcome.failures().collect();
        let errors = failed.len().min(MAX_ERRORS);
        let findings = outcome.findings.len();
        // Some servers treat a file without tests as missing.
        let passed = usize::from(findings + errors == 0);
        let tests = findings + errors + passed;
        let counts = format!("tests=\"{tests}\" failures=\"{findings}\" errors=\"{errors}\"");
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(out, "<testsuites name=\"hfscan\" {counts}>")?;
        writeln!(out, "  <testsuite name=\"hfscan\" {counts}>")?;
        for finding in &outcome.findings {
            write_finding(finding, report, out)?;
        }
        for one in failed.into_iter().take(MAX_ERRORS) {
            let path = report.repository_path(&one.path).to_text();
            writeln!(
                out,
                "    <testcase name=\"scanned: {0}\" classname=\"{0}\">\n      \
                 <error type=\"{1}\" message=\"{2}\"/>\n    </testcase>",
                escape(&path),
                one.reason.as_str(),
                escape(&shortened(&reason(one), MAX_MESSAGE)),
            )?;
        }
        if passed > 0 {
            let files = counted(outcome.totals.files, "file");
            writeln!(out, "    <testcase name=\"no findings in {files}\" classname=\"hfscan\"/>")?;
        }
        if let Some(text) = not_scanned(outcome) {
            writeln!(out, "    <system-err>hfscan: {}</system-err>", escape(&text))?;
        }
        writeln!(out, "  </testsuite>\n</testsuites>")
    }
}

fn write_finding(finding: &Finding, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let location = &finding.location;
    let path = report.repository_path(&location.path);
    let (start, _) = line_or_first(finding);
    let line = start.line;
    let name = format!("{} at {}:{line}:{}", finding.rule, path.to_text(), start.column);
    let message = shortened(&statement(finding), MAX_MESSAGE);
    writeln!(
        out,
        "    <testcase name=\"{}\" classname=\"{}\">",
        escape(&name),
        escape(&path.to_text())
    )?;
    writeln!(
        out,
        "      <failure type=\"{}\" message=\"{}\">{}</failure>",
        finding.severity,
        escape(&message),
        escape(&format!("{path}:{line}: {}\n{}", finding.excerpt.text, message)),
    )?;
    writeln!(out, "    </testcase>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_clean_scan_has_one_test_that_passes() {
        let text = sample::written(&JUnit, &Default::default());
        assert!(text.contains("tests=\"1\" failures=\"0\" errors=\"0\""), "{text}");
        assert_eq!(text.matches("<testcase").count(), 1);
    }

    #[test]
    fn the_counts_are_those_of_the_tests() {
        let text = sample::written(&JUnit, &sample::outcome());
        assert!(text.contains("tests=\"8\" failures=\"7\" errors=\"1\""), "{text}");
        assert_eq!(text.matches("<testcase").count(), 8);
        assert_eq!(text.matches("<failure").count(), 7);
    }
}
