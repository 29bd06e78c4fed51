//! A table for spreadsheets (RFC 4180).

use super::{
    history,
    identity::public_id,
    reporter::{Report, Reporter},
    wording::{headline, is_missing, not_scanned},
};
use crate::model::escaped;
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// A table for spreadsheets.
#[derive(Debug)]
pub struct Csv;

const COLUMNS: [&str; 17] = [
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
    "state",
    "commit",
    "date",
    "author",
    "removed",
    "pushed",
    // The last column: the GitHub action counts lines that end with a fingerprint.
    "fingerprint",
];

impl Reporter for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn about(&self) -> &'static str {
        "CSV for spreadsheets, one row per finding"
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        row(out, &COLUMNS)?;
        for finding in &report.outcome.findings {
            let location = &finding.location;
            let secret = finding.secret.as_ref();
            let history = finding.history.as_deref();
            let added = history.and_then(|history| history.introduced.as_ref());
            let removed = history.and_then(|history| history.removed.as_ref());
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
                    history.map(history::state).unwrap_or_default(),
                    &added.map(|commit| commit.id.to_string()).unwrap_or_default(),
                    &added.map(|commit| commit.time.to_string()).unwrap_or_default(),
                    added.map(|commit| commit.author.as_str()).unwrap_or_default(),
                    &removed.map(|commit| commit.id.to_string()).unwrap_or_default(),
                    &history.map(history::remotes).unwrap_or_default(),
                    finding.fingerprint.as_str(),
                ],
            )?;
        }
        let missing = report.outcome.skipped.iter().find(|one| is_missing(one));
        if let Some((text, first)) = not_scanned(report.outcome).zip(missing) {
            let mut cells = [""; COLUMNS.len()];
            let path = first.path.to_string();
            (cells[0], cells[2], cells[3], cells[6]) = ("info", "not-scanned", &path, &text);
            row(out, &cells)?;
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

/// A cell, quoted if necessary. An apostrophe before text that a spreadsheet would read as a
/// formula disables it (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn cell(text: &str) -> Cow<'_, str> {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    };
    // Control characters, and what the runners of continuous integration interpret as a command.
    let text = match text.contains("##") || text.contains(char::is_control) {
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
        assert_eq!(cell("##vso[task.x]##[y]"), "##vso\\x5btask.x]##\\x5by]");
        let text = sample::written(&Csv, &sample::outcome());
        // The header, and a row about files that were not scanned.
        assert_eq!(text.lines().count(), sample::NAMES.len() + 2);
    }
}
