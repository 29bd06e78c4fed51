//! Where documents come from.

mod bitmap;
pub mod document;
pub mod git;
mod index_file;
pub mod listed;
mod mounts;
pub mod pointer;
pub mod reader;
mod regular;
pub mod root;
pub mod tracked;
pub mod walk;

pub use document::{
    Content, Document, LargeContent, LazyScope, Lineage, MAX_WHOLE, Memory, ReadAt, Sink, Source,
    Worker,
};
pub use listed::{Listed, Stdin};
pub use root::Root;
pub use tracked::WorkTree;
pub use walk::{Walk, WalkOptions};

use std::path::PathBuf;

/// A source that cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A path that was asked for is not there or cannot be looked at.
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Path {
        /// The path.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// Standard input cannot be read.
    #[error("standard input: {0}")]
    Stdin(std::io::Error),
    /// Git's objects cannot be read.
    #[error(transparent)]
    Git(#[from] git::GitError),
}
