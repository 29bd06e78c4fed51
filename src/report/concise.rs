//! One line per finding, for editors and other tools.

use super::{
    history,
    reporter::{Report, Reporter, Verbosity},
    wording::{extent, not_scanned, remainder, verdict},
};
use crate::model::escaped;
use std::io::{self, Write};

/// One line per finding: `path:line:column: severity[rule] message`.
#[derive(Debug)]
pub struct Concise;

impl Reporter for Concise {
    fn name(&self) -> &'static str {
        "concise"
    }

    fn about(&self) -> &'static str {
        "one line per finding: `path:line:column: severity[rule] message`"
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let prefix = escaped(report.prefix.as_bytes());
        for finding in &report.outcome.findings {
            let location = &finding.location;
            let (line, column) = (location.start.line, location.start.column);
            let (severity, rule) = (finding.severity, &finding.rule);
            let secret = finding.secret.as_ref().map(|secret| format!(" ({})", secret.masked()));
            let name = format!("{prefix}{}", location.name());
            // At the start of a line the runner of GitHub Actions would interpret it.
            let here = if name.trim_start().starts_with("::") { "./" } else { "" };
            let story = history::story(finding).map(|story| format!(". {story}"));
            writeln!(
                out,
                "{here}{name}:{line}:{column}: {severity}[{rule}] {}{}{}",
                finding.message,
                secret.unwrap_or_default(),
                story.unwrap_or_default()
            )?;
        }
        if let Some(text) = not_scanned(report.outcome) {
            writeln!(out, "hfscan: {text}")?;
        }
        if report.style.verbosity > Verbosity::Quiet {
            write!(out, "hfscan: {} in {}", verdict(report), extent(report))?;
            match remainder(report) {
                Some(rest) => writeln!(out, "; {rest}")?,
                None => writeln!(out)?,
            }
        }
        Ok(())
    }
}
