//! Work order and results of one file's redaction.

use crate::{
    model::SourcePath,
    redact::{
        cell::{Cell, Step},
        columns::Columns,
        redactor::Redactor,
        replacement::Replacement,
    },
    scan::Scanner,
};
use std::collections::HashSet;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// One JSON value per line.
    JsonLines,
    /// Fields separated by this byte, with names in the first row (RFC 4180).
    Separated(u8),
    /// An Arrow IPC file or stream.
    Arrow,
    /// Text.
    Text,
}

impl Format {
    /// The format of a file by the extension of its name; text if unknown.
    pub fn of(path: &SourcePath) -> Self {
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        match &ending[..] {
            b"parquet" | b"pq" => Format::Parquet,
            b"jsonl" | b"ndjson" => Format::JsonLines,
            b"csv" => Format::Separated(b','),
            b"tsv" | b"tab" => Format::Separated(b'\t'),
            b"arrow" | b"feather" | b"ipc" | b"arrows" => Format::Arrow,
            _ => Format::Text,
        }
    }
}

/// Work order for one file: scanner, replacement and columns.
#[derive(Debug)]
pub struct FileJob<'j> {
    /// The scanner that finds the credentials.
    pub scanner: &'j Scanner,
    /// The replacement for credentials.
    pub replacement: Replacement,
    /// The name of the replacement in the file's metadata.
    pub replacement_name: String,
    /// The columns to redact.
    pub columns: Columns,
    /// The file name that selects the rules for column values.
    pub name: String,
}

impl FileJob<'_> {
    /// A redactor for column values.
    pub fn redactor(&self) -> Redactor<'_> {
        Redactor::new(self.scanner, &self.name, self.replacement.clone())
    }

    /// A JSON record of the redaction, for formats with metadata.
    pub fn metadata(&self) -> String {
        serde_json::json!({
            "tool": concat!("hfscan ", env!("CARGO_PKG_VERSION")),
            "rules_version": self.scanner.rules_version(),
            "columns": self.columns.to_string(),
            "replacement": self.replacement_name,
        })
        .to_string()
    }
}

/// The key of [`FileJob::metadata`].
pub const METADATA_KEY: &str = "hfscan.redacted";

/// The position of a text in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The row group or record batch, from 0; `None` for formats without them.
    pub row_group: Option<usize>,
    /// The cell. Its row is counted from the start of the file; in a text file it is the line. It
    /// has no steps in a text file, or if a row is scanned as a whole.
    pub cell: Cell,
}

impl Place {
    /// A cell in a file without row groups.
    pub fn in_row(row: usize, steps: Vec<Step>) -> Self {
        Self { row_group: None, cell: Cell { row, steps } }
    }
}

/// The numbers of read rows and of replacements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows of a table, or lines of a text.
    pub rows: usize,
    /// Replaced credentials.
    pub replaced: u64,
    /// Lines of JSON Lines that are not JSON; they were redacted as text.
    pub malformed: u64,
}

/// Replaced secrets, to be searched elsewhere in the same file.
#[derive(Debug, Default)]
pub struct Known(HashSet<Vec<u8>>);

/// Maximum number of secrets in the set.
const MAX_KNOWN: usize = 100_000;

impl Known {
    /// Adds the secrets that the edits of `text` removed.
    pub fn add(&mut self, text: &[u8], edits: &[(crate::model::Span, Vec<u8>)]) {
        if self.0.len() < MAX_KNOWN {
            self.0.extend(edits.iter().map(|(span, _)| span.slice(text).to_vec()));
        }
    }

    /// `true` if `text` contains one of them.
    pub fn stand_in(&self, text: &[u8]) -> bool {
        self.0.iter().any(|secret| memchr::memmem::find(text, secret).is_some())
    }
}
