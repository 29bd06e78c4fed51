//! Redacts table files as a stream, in constant memory.

mod arrow_file;
mod error;
mod job;
mod json_lines;
mod json_strings;
mod parquet;
mod parquet_paths;
mod plain;
mod redact;
mod separated;

pub use error::FileError;
pub use job::{FileJob, Format, Place, Totals};
pub use redact::redact_file;
