//! What git holds: the index, the commits of a push, all of history.

mod added;
mod advice;
mod bitmap;
mod blobs;
mod changes;
mod commits;
mod error;
mod index_file;
mod pushes;
mod range;
mod remotes;
mod renames;
mod repository;
mod staged;

pub use error::GitError;
pub use pushes::{Push, parse as parse_pushes};
pub use range::{Commits, Range};
pub use repository::{GitOptions, Place};
pub use staged::Staged;
