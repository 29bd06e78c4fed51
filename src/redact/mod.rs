//! Replaces credentials in texts and tables.

#[cfg(feature = "arrow")]
mod arrays;
#[cfg(feature = "arrow")]
mod cell;
#[cfg(feature = "arrow")]
mod columns;
#[cfg(feature = "data")]
pub mod files;
#[cfg(feature = "arrow")]
mod leaves;
mod redactor;
mod replacement;
#[cfg(feature = "arrow")]
mod tables;

#[cfg(feature = "arrow")]
pub use cell::{Cell, Step};
#[cfg(feature = "arrow")]
pub use columns::{ColumnPath, Columns, UnknownColumn};
pub use redactor::{Redaction, Redactor, Replaced};
pub use replacement::{Replacement, ReplacementError};
#[cfg(feature = "arrow")]
pub use tables::{TableFinding, TableReplaced, count_in, find_in, redact_in};
