//! A here-document that was announced: `<<EOF`.

use super::word::ShellWord;

/// A here-document whose body has not been reached.
#[derive(Debug, Clone)]
pub(super) struct Heredoc {
    delimiter: Vec<u8>,
    /// `true` if its delimiter is quoted, so that nothing in the body is filled in.
    pub is_quoted: bool,
    strips_tabs: bool,
    /// The use of the body.
    pub purpose: Purpose,
}

/// The use of a text that a command is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Data.
    Data,
    /// It is run as a script.
    Script,
    /// It holds environment variables, as a `.env` file does.
    Environment,
    /// It is code in the language of a file of this name.
    Code(String),
}

impl Heredoc {
    /// The document that ends with the line `delimiter`.
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
