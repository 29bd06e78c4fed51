//! A format on the command line.

use super::error::CliError;
use crate::report::{self, Reporter};
use std::{fmt, path::PathBuf};

/// A format, and the file that its report is written to.
#[derive(Clone)]
pub struct FormatArg {
    /// The format.
    pub reporter: &'static dyn Reporter,
    /// The file; `None` for standard output.
    pub file: Option<PathBuf>,
}

impl FormatArg {
    /// The format of this name, on standard output.
    ///
    /// # Errors
    /// Returns an error if there is no such format.
    pub fn on_stdout(name: &str) -> Result<Self, CliError> {
        let reporter = report::reporter(name).ok_or_else(|| CliError::Format(not_one_of(name)))?;
        Ok(Self { reporter, file: None })
    }
}

impl fmt::Debug for FormatArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FormatArg({}, {:?})", self.reporter.name(), self.file)
    }
}

const FORMAT_HELP: &str = "Format of the report; `FORMAT=FILE` writes to a file; can be given several times [default: text]";

/// The help of `--format`, in one line.
pub fn format_help() -> String {
    let names: Vec<_> = report::REPORTERS.iter().map(|one| one.name()).collect();
    format!("{FORMAT_HELP} [formats: {}]", names.join(", "))
}

/// The help of `--format`, with a description of each format.
pub fn format_long_help() -> String {
    let width = report::REPORTERS.iter().map(|one| one.name().len()).max().unwrap_or(0);
    let lines = report::REPORTERS
        .iter()
        .map(|one| format!("\n- {:width$}  {}", one.name(), one.about()))
        .collect::<String>();
    format!("{FORMAT_HELP}\n\nFormats:{lines}")
}

/// Parses `json` or `json=FILE`; `json=-` is standard output, as `json` is.
///
/// # Errors
/// Returns the expected form as a message.
pub fn parse_format(text: &str) -> Result<FormatArg, String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err("expected a file name after `=`".into()),
        Some((name, "-")) => (name, None),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let reporter = report::reporter(name).ok_or_else(|| not_one_of(name))?;
    Ok(FormatArg { reporter, file })
}

fn not_one_of(name: &str) -> String {
    let names: Vec<_> = report::REPORTERS.iter().map(|one| one.name()).collect();
    let near = crate::rule::nearest(name, names.iter().copied());
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    format!("expected one of {}{near}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_that_is_nearly_right_is_suggested() {
        let error = parse_format("jsn").expect_err("no such format");
        assert!(error.contains("did you mean `json`?"), "{error}");
    }
}
