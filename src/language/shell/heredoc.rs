//! The operator of a here-document: `<<EOF`.

use super::word::ShellWord;

/// A here-document whose body has not been read yet.
#[derive(Debug, Clone)]
pub(super) struct Heredoc {
    delimiter: Vec<u8>,
    /// `true` if its delimiter is quoted, so that the body is not expanded.
    pub is_quoted: bool,
    strips_tabs: bool,
    /// The purpose of the body.
    pub purpose: Purpose,
}

/// The purpose of a text that a command receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Data.
    Data,
    /// A script to run.
    Script,
    /// Environment variables, as in a `.env` file.
    Environment,
    /// Code in the language of a file of this name.
    Code(String),
}

impl Heredoc {
    /// The here-document that the line `delimiter` closes.
    pub fn new(delimiter: &ShellWord, strips_tabs: bool) -> Self {
        Self {
            delimiter: delimiter.text().to_vec(),
            is_quoted: delimiter.plain.is_some() && !delimiter.expands(),
            strips_tabs,
            purpose: Purpose::Data,
        }
    }

    /// `true` if the body ends before `line`.
    pub fn ends_with(&self, line: &[u8]) -> bool {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let tabs = line.iter().take_while(|byte| self.strips_tabs && **byte == b'\t').count();
        line[tabs..] == self.delimiter
    }
}
