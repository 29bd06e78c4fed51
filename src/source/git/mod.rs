//! What git holds: the index, the commits of a push, all of history.

mod added;
mod advice;
mod bitmap;
mod blobs;
mod changes;
mod error;
mod index_file;
mod renames;
mod repository;
mod staged;

pub use error::GitError;
pub use repository::{GitOptions, Place};
pub use staged::Staged;
