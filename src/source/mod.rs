//! Where documents come from.

mod bitmap;
pub mod document;
mod each;
mod error;
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
pub use error::SourceError;
pub use listed::{Listed, Stdin};
pub use root::Root;
pub use tracked::WorkTree;
pub use walk::{Walk, WalkOptions};
