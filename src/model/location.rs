//! The location of a finding.

use super::{
    path::SourcePath,
    span::{LineColumn, Span},
};

/// The location of a finding, in every form that a report needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file.
    pub path: SourcePath,
    /// The members that lead to the finding, outermost first, if it is inside a container:
    /// `run/training_args.bin`, `hub_token`. Written `file!member!key`.
    pub inside: Vec<String>,
    /// The span in the file, or in the innermost member if there is one.
    pub span: Span,
    /// The first character.
    pub start: LineColumn,
    /// The character after the last one.
    pub end: LineColumn,
    /// The position in terms that users know: `cell 3, output 1, line 2`.
    pub note: Option<String>,
}

impl Location {
    /// The file and the members that lead to the finding: `model.tar.gz!run/training_args.bin`.
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
    /// The line with every secret masked, or a window of it if it is long.
    pub text: String,
    /// The bytes of `text` to highlight.
    pub highlight: Span,
    /// `true` if the line continues to the left of the window.
    pub cut_left: bool,
    /// `true` if the line continues to the right of the window.
    pub cut_right: bool,
}
