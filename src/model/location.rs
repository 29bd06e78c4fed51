//! Where a finding stands.

use super::{
    path::SourcePath,
    span::{LineColumn, Span},
};

/// Where a finding stands, in every way a reader of a report may need it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file.
    pub path: SourcePath,
    /// The way into the file, outermost first, when the finding stands in something
    /// inside it: `run/training_args.bin`, `hub_token`. Written `file!member!key`.
    pub inside: Vec<String>,
    /// The bytes of the file; of the innermost member when there is one.
    pub span: Span,
    /// The first character.
    pub start: LineColumn,
    /// The character after the last one.
    pub end: LineColumn,
    /// A place a person knows better than a line: `cell 3, output 1, line 2`.
    pub note: Option<String>,
}

impl Location {
    /// The file, and the way into it: `model.tar.gz!run/training_args.bin`.
    pub fn name(&self) -> String {
        let mut name = self.path.to_string();
        for part in &self.inside {
            name.push('!');
            name.push_str(&super::escape::escaped(part.as_bytes()));
        }
        name
    }
}

/// The source line of a finding, ready to print: one line, no secret, no control
/// character.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The line with every secret in it masked; a window of it when it is long.
    pub text: String,
    /// The bytes of `text` to point at.
    pub highlight: Span,
    /// Whether the line goes on to the left of the window.
    pub cut_left: bool,
    /// Whether the line goes on to the right of the window.
    pub cut_right: bool,
}
