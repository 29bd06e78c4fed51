//! A table for spreadsheets (RFC 4180).

use super::{
    identity::public_id,
    reporter::{Report, Reporter},
    wording::headline,
};
use crate::model::escaped;
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// A table for spreadsheets.
#[derive(Debug)]
pub struct Csv;

const COLUMNS: [&str; 11] = [
    "severity",
    "confidence",
    "rule",
    "path",
    "line",
    "column",
    "message",
    "help",
    "secret",
    "secret_id",
    "fingerprint",
];

impl Reporter for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn about(&self) -> &'static str {
        "a table for spreadsheets, a finding a row"
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        row(out, &COLUMNS)?;
        for finding in &report.outcome.findings {
            let location = &finding.location;
            let secret = finding.secret.as_ref();
            row(
                out,
                &[
                    finding.severity.as_str(),
                    finding.confidence.as_str(),
                    &finding.rule,
                    &location.name(),
                    &location.start.line.to_string(),
                    &location.start.column.to_string(),
                    &headline(finding),
                    &finding.help,
                    &secret.map(|secret| secret.masked()).unwrap_or_default(),
                    &secret.and_then(public_id).unwrap_or_default(),
                    finding.fingerprint.as_str(),
                ],
            )?;
        }
        Ok(())
    }
}

fn row(out: &mut dyn Write, cells: &[&str]) -> io::Result<()> {
    for (number, text) in cells.iter().enumerate() {
        if number > 0 {
            out.write_all(b",")?;
        }
        out.write_all(cell(text).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

/// A cell, quoted where it has to be. A text that a spreadsheet would take for a formula
/// gets an apostrophe before it
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn cell(text: &str) -> Cow<'_, str> {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    };
    let text = match text.contains(|character: char| character.is_control()) {
        true => Cow::Owned(escaped(text.as_bytes())),
        false => text,
    };
    if text.contains(['"', ',', '\'', ';']) {
        return Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_name_is_no_formula_and_breaks_no_row() {
        assert_eq!(cell("=cmd|'x'"), "\"'=cmd|'x'\"");
        assert_eq!(cell("a\"b,c"), "\"a\"\"b,c\"");
        assert_eq!(cell("a\nb"), "a\\nb");
        let text = sample::written(&Csv, &sample::outcome());
        assert_eq!(text.lines().count(), sample::NAMES.len() + 1);
    }
}
