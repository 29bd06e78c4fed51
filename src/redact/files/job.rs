//! What is to be done with a file, and what is told of it.

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

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// A value of JSON in each line.
    JsonLines,
    /// Fields with this byte between them, and names in the first row (RFC 4180).
    Separated(u8),
    /// A file or a stream of Arrow.
    Arrow,
    /// Text.
    Text,
}

impl Format {
    /// The format of a file of this name; text unless its ending says otherwise.
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

/// What is to be done with a file.
#[derive(Debug)]
pub struct FileJob<'j> {
    /// What finds the credentials.
    pub scanner: &'j Scanner,
    /// What stands in their place.
    pub replacement: Replacement,
    /// What the replacement is called in the metadata of a file.
    pub replacement_name: String,
    /// The columns to redact.
    pub columns: Columns,
    /// The name by which values of columns are read.
    pub name: String,
}

impl FileJob<'_> {
    /// A redactor for values of columns.
    pub fn redactor(&self) -> Redactor<'_> {
        Redactor::new(self.scanner, &self.name, self.replacement.clone())
    }

    /// What is written about the redaction into a file that has a place for it.
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

/// Where in a file a text stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The row group or record batch, from 0, if the file has such.
    pub row_group: Option<usize>,
    /// The cell, whose row is counted from the start of the file, and is the line of a text. It
    /// has no steps in a text, and where a row is read as a whole.
    pub cell: Cell,
}

impl Place {
    /// A cell of a file without row groups.
    pub fn in_row(row: usize, steps: Vec<Step>) -> Self {
        Self { row_group: None, cell: Cell { row, steps } }
    }
}

/// How much was read and replaced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows of a table, lines of a text.
    pub rows: usize,
    /// Credentials that were replaced.
    pub replaced: u64,
    /// Lines that should be JSON and are not; they were redacted as texts.
    pub malformed: u64,
}

/// Secrets that were replaced, to look for them elsewhere in the same file.
#[derive(Debug, Default)]
pub struct Known(HashSet<Vec<u8>>);

/// More secrets than these are not remembered one by one.
const MAX_KNOWN: usize = 100_000;

impl Known {
    /// Remembers what an edit of `text` took away.
    pub fn add(&mut self, text: &[u8], edits: &[(crate::model::Span, Vec<u8>)]) {
        if self.0.len() < MAX_KNOWN {
            self.0.extend(edits.iter().map(|(span, _)| span.slice(text).to_vec()));
        }
    }

    /// `true` if one of them stands in `text`.
    pub fn stand_in(&self, text: &[u8]) -> bool {
        self.0.iter().any(|secret| memchr::memmem::find(text, secret).is_some())
    }
}
