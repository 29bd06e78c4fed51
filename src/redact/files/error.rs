//! Why a file cannot be redacted.

use crate::redact::columns::UnknownColumn;
use arrow_schema::ArrowError;
use parquet::errors::ParquetError;
use std::io;

/// A file cannot be redacted. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read, or the result cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A column that was named is not there.
    #[error(transparent)]
    Column(#[from] UnknownColumn),
    /// It is no Parquet file, or a damaged one.
    #[error("Parquet: {0}")]
    Parquet(#[from] ParquetError),
    /// It is no Arrow file or stream, or a damaged one.
    #[error("Arrow: {0}")]
    Arrow(#[from] ArrowError),
    /// Columns of a file that has none.
    #[error("a text has no columns")]
    NoColumns,
}
