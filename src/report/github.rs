//! Annotations of GitHub Actions, as workflow commands.
//!
//! The runner reads them from the output of a step
//! (<https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>).

use super::{
    history,
    level::Level,
    markdown,
    place::in_file,
    ranking::worst_first,
    reporter::{Report, Reporter, Supplement},
    wording::{
        caution, counted, extent, not_scanned, reason, remainder, shortened, statement, verdict,
    },
};
use crate::model::{Finding, LineColumn, SourcePath, escaped};
use std::io::{self, Write};

/// Maximum number of annotations per level: the runner shows this many per step and drops the rest
/// (<https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs>).
const MAX_OF_LEVEL: usize = 10;
/// Maximum number of characters of a message; the runner truncates at 4,096.
const MAX_MESSAGE: usize = 4_000;
/// Maximum size of a job summary in bytes; GitHub drops a larger one completely.
const MAX_SUMMARY: usize = 1 << 20;

/// Annotations of GitHub Actions.
#[derive(Debug)]
pub struct GitHub;

impl Reporter for GitHub {
    fn name(&self) -> &'static str {
        "github"
    }

    fn about(&self) -> &'static str {
        "annotations of GitHub Actions, and a job summary"
    }

    fn supplement(&self) -> Option<Supplement> {
        Some(Supplement {
            variable: "GITHUB_STEP_SUMMARY",
            max_file_bytes: MAX_SUMMARY,
            text: markdown::page,
        })
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let annotations = annotations(report);
        let mut left = 0;
        for level in Level::ALL {
            let of_level: Vec<_> = annotations.iter().filter(|one| one.level == level).collect();
            left += of_level.len().saturating_sub(MAX_OF_LEVEL);
            for annotation in of_level.into_iter().take(MAX_OF_LEVEL) {
                annotation.write(out)?;
            }
        }
        // Starts with the tool's name, so that the line cannot be a command.
        write!(out, "hfscan: {} in {}", verdict(report), extent(report))?;
        if let Some(rest) = remainder(report) {
            write!(out, "; {rest}")?;
        }
        writeln!(out)?;
        if let Some(text) = not_scanned(report.outcome) {
            writeln!(out, "hfscan: {text}")?;
        }
        if left > 0 {
            writeln!(
                out,
                "hfscan: {} left out here, since GitHub shows {MAX_OF_LEVEL} of each level; \
                 the job summary has more",
                counted(left as u64, "annotation")
            )?;
        }
        Ok(())
    }
}

/// All annotations, most severe first.
fn annotations(report: Report<'_>) -> Vec<Annotation> {
    let outcome = report.outcome;
    let findings = worst_first(&outcome.findings).into_iter().map(|finding| Annotation {
        level: Level::of(finding.severity),
        path: linked(report, finding),
        place: in_file(finding),
        title: format!("{} ({})", finding.rule, finding.severity),
        // The log of a run shows only the message of a command.
        message: format!("{}: {}", spot(report, finding), statement(finding)),
    });
    let skipped = outcome.failures().map(|one| Annotation {
        level: Level::Error,
        path: Some(report.repository_path(&one.path)).filter(|path| path.masked().is_none()),
        place: None,
        title: "hfscan: not scanned".into(),
        message: format!("{}: {}", report.repository_path(&one.path), reason(one)),
    });
    let warnings = outcome.warnings.iter().map(|warning| Annotation {
        level: Level::Warning,
        path: Some(report.repository_path(&warning.path)).filter(|path| path.masked().is_none()),
        place: warning.place.map(|place| (place, place)),
        title: "hfscan: ignore comment".into(),
        message: format!("{}: {}", report.repository_path(&warning.path), caution(warning)),
    });
    findings.chain(skipped).chain(warnings).collect()
}

/// The file to annotate. `None` if its name contains a secret, or if the finding exists only in
/// git's history, where the file may no longer exist.
fn linked(report: Report<'_>, finding: &Finding) -> Option<SourcePath> {
    let path = report.repository_path(&finding.location.path);
    (path.masked().is_none() && history::is_current(finding)).then_some(path)
}

/// `path:line:column`, for the log.
fn spot(report: Report<'_>, finding: &Finding) -> String {
    let location = &finding.location;
    let path = report.repository_path(&location.path);
    match location.inside.is_empty() {
        true => format!("{path}:{}:{}", location.start.line, location.start.column),
        false => path.to_string(),
    }
}

struct Annotation {
    level: Level,
    path: Option<SourcePath>,
    place: Option<(LineColumn, LineColumn)>,
    title: String,
    message: String,
}

impl Annotation {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let command = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        write!(out, "::{command} ")?;
        if let Some(path) = &self.path {
            write!(out, "file={},", property(&path.to_text()))?;
        }
        if let (Some(_), Some((start, end))) = (&self.path, self.place) {
            write!(out, "line={},", start.line)?;
            // The runner ignores columns unless both ends are on one line.
            if start.line == end.line {
                write!(out, "col={},endLine={},", start.column, end.line)?;
                write!(out, "endColumn={},", end.column.max(start.column))?;
            } else {
                write!(out, "endLine={},", end.line)?;
            }
        }
        let message = shortened(&printable(&self.message), MAX_MESSAGE);
        writeln!(out, "title={}::{}", property(&printable(&self.title)), data(&message))
    }
}

/// Text for logs, with control characters escaped.
fn printable(text: &str) -> String {
    escaped(text.as_bytes())
}

/// The message of a command, escaped for the runner. `%` must be replaced first.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, escaped for the runner. The marker of the old command syntax is broken
/// up too, because the runner searches the whole line for it. Control characters become U+FFFD.
fn property(text: &str) -> String {
    let safe = |one: char| if one.is_control() && !"\r\n".contains(one) { '\u{fffd}' } else { one };
    let text: String = text.chars().map(safe).collect();
    let text = data(&text).replace(':', "%3A").replace(',', "%2C");
    text.replace("##[", "%23%23[").replace("##vso[", "%23%23vso[")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn no_name_can_forge_a_command() {
        let text = sample::written(&GitHub, &sample::outcome());
        let commands = text.lines().filter(|line| line.trim_start().starts_with("::"));
        assert_eq!(commands.count(), sample::NAMES.len() + 2);
        assert!(!text.contains("##["), "{text}");
    }

    #[test]
    fn at_most_ten_of_a_level_are_written_and_the_rest_counted() {
        let mut outcome = sample::outcome();
        outcome.findings = vec![sample::finding(0); 25];
        let text = sample::written(&GitHub, &outcome);
        assert_eq!(text.lines().filter(|line| line.starts_with("::error")).count(), 10);
        assert!(text.contains("16 annotations left out"), "{text}");
    }

    #[test]
    fn columns_are_left_out_of_a_place_on_two_lines() {
        let mut outcome = sample::outcome();
        outcome.findings.truncate(1);
        outcome.findings[0].location.end.line = 4;
        let text = sample::written(&GitHub, &outcome);
        assert!(text.contains("file=plain.py,line=3,endLine=4,title="), "{text}");
    }
}
