//! Errors of file redaction.

use crate::redact::columns::UnknownColumn;
use arrow_schema::ArrowError;
use parquet::errors::ParquetError;
use std::io;

/// A file cannot be redacted. The partial output must be discarded.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read, or the result cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A selected column does not exist.
    #[error(transparent)]
    Column(#[from] UnknownColumn),
    /// The file is not a Parquet file, or is damaged.
    #[error("Parquet: {0}")]
    Parquet(#[from] ParquetError),
    /// The file is not an Arrow file or stream, or is damaged.
    #[error("Arrow: {0}")]
    Arrow(#[from] ArrowError),
    /// Columns were selected in a text file.
    #[error("a text has no columns")]
    NoColumns,
}
