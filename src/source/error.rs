//! Errors that prevent reading a source.

use super::git::GitError;
use std::path::PathBuf;

/// A source that cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A path to scan does not exist or cannot be read.
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Path {
        /// The path.
        path: PathBuf,
        /// The error of the operating system.
        error: std::io::Error,
    },
    /// Standard input cannot be read.
    #[error("standard input: {0}")]
    Stdin(std::io::Error),
    /// Git's objects cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
}
