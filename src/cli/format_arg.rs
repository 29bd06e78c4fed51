//! A format on the command line.

use crate::report;
use std::path::PathBuf;

/// A format, and the file it is written to if not to standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatArg {
    /// The format's name.
    pub name: String,
    /// The file.
    pub file: Option<PathBuf>,
}

const FORMAT_HELP: &str =
    "How to report; `FORMAT=FILE` writes to a file, and may be given again [default: text]";

/// What `--format` does, in a line.
pub fn format_help() -> String {
    let names: Vec<_> = report::REPORTERS.iter().map(|one| one.name()).collect();
    format!("{FORMAT_HELP} [formats: {}]", names.join(", "))
}

/// What `--format` does, with what each format is.
pub fn format_long_help() -> String {
    let width = report::REPORTERS.iter().map(|one| one.name().len()).max().unwrap_or(0);
    let lines = report::REPORTERS
        .iter()
        .map(|one| format!("\n- {:width$}  {}", one.name(), one.about()))
        .collect::<String>();
    format!("{FORMAT_HELP}\n\nFormats:{lines}")
}

/// `json`, or `json=FILE`.
///
/// # Errors
/// What was expected.
pub fn parse_format(text: &str) -> Result<FormatArg, String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err("expected a file name after `=`".into()),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    if report::reporter(name).is_some() {
        return Ok(FormatArg { name: name.to_string(), file });
    }
    let names: Vec<_> = report::REPORTERS.iter().map(|one| one.name()).collect();
    let near = crate::rule::nearest(name, names.iter().copied());
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(format!("expected one of {}{near}", names.join(", ")))
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
