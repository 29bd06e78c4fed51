//! Fixes: edits of a text that remove what a finding reports.

use super::{
    path::SourcePath,
    span::{LineColumn, Span},
};
use serde::Deserialize;

/// The safety of applying a fix without review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Applicability {
    /// It is shown and never applied, because it is probably wrong or incomplete.
    DisplayOnly,
    /// It may change what the program does, or something outside the file must change too.
    Unsafe,
    /// The same program reads the same value once the variable is set, no side effect is
    /// dropped, and no other file or service has to change.
    Safe,
}

impl Applicability {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Applicability::DisplayOnly => "display-only",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        }
    }
}

/// A replacement of bytes by others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Edit {
    /// The bytes to replace. An empty span inserts before it.
    pub span: Span,
    /// The replacement text; empty to delete the bytes.
    pub text: String,
}

impl Edit {
    /// Replaces the bytes of `span` with `text`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Inserts `text` before the byte at `offset`.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self { span: Span { start: offset, end: offset }, text: text.into() }
    }

    /// Deletes the bytes of `span`.
    pub fn delete(span: Span) -> Self {
        Self { span, text: String::new() }
    }
}

/// A change to a file other than byte edits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FileChange {
    /// Appends lines to a text file, which is created if it does not exist.
    Append {
        /// The file.
        path: SourcePath,
        /// The lines, without line ends.
        lines: Vec<String>,
    },
    /// Deletes a file.
    Delete {
        /// The file.
        path: SourcePath,
    },
}

impl FileChange {
    /// The file that is changed.
    pub fn path(&self) -> &SourcePath {
        match self {
            FileChange::Append { path, .. } | FileChange::Delete { path } => path,
        }
    }
}

/// A way to remove what a finding reports: edits that are applied together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// The row of `docs/fixes.md` that describes it.
    pub row: &'static str,
    /// The change in words: "delete the argument". Holds no secret.
    pub title: String,
    /// How safe it is.
    pub applicability: Applicability,
    /// The reason for its applicability, in words.
    pub reason: String,
    /// The edits of the finding's file, sorted by position, without overlaps.
    pub edits: Vec<Edit>,
    /// Changes of this and other files.
    pub files: Vec<FileChange>,
    /// The environment variable that holds the secret afterwards.
    pub variable: Option<String>,
    /// The positions of the edits; `None` unless requested.
    pub places: Option<EditPlaces>,
}

/// The positions of the edits of a fix, as lines and columns of their file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EditPlaces {
    /// For each edit, the position of its first character and of the one after its last.
    pub edits: Vec<(LineColumn, LineColumn)>,
    /// `true` if the lines that it changes contain no secret afterwards, so that they may be shown
    /// whole.
    pub leaves_clean_lines: bool,
}

impl Fix {
    /// A fix with these edits, in any order. `None` if two of them overlap and so contradict
    /// each other.
    pub fn new(
        row: &'static str,
        applicability: Applicability,
        mut edits: Vec<Edit>,
    ) -> Option<Self> {
        edits.sort();
        edits.dedup();
        let is_apart = edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
        is_apart.then(|| Self {
            row,
            title: String::new(),
            applicability,
            reason: String::new(),
            edits,
            files: Vec::new(),
            variable: None,
            places: None,
        })
    }

    /// `true` if it changes anything.
    pub fn has_changes(&self) -> bool {
        !self.edits.is_empty() || !self.files.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_ordered_and_contradicting_ones_are_refused() {
        let span = |start, end| Span { start, end };
        let fix = |edits| Fix::new("row", Applicability::Safe, edits);
        let edits = vec![Edit::delete(span(9, 12)), Edit::replace(span(2, 5), "x")];
        assert_eq!(fix(edits).expect("they are apart").edits[0].span, span(2, 5));
        assert_eq!(fix(vec![Edit::delete(span(2, 5)), Edit::delete(span(4, 6))]), None);
        assert!(fix(vec![Edit::insert(2, "a"), Edit::replace(span(2, 5), "b")]).is_some());
        assert!(fix(vec![Edit::insert(2, "a"), Edit::insert(2, "a")]).is_some());
    }
}
