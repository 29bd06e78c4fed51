//! The sources of documents.

mod bitmap;
pub mod document;
pub mod each;
mod error;
pub mod git;
mod ignore_files;
mod index_file;
pub mod listed;
mod mounts;
mod passed_over;
pub mod pointer;
pub mod reader;
mod regular;
pub mod root;
mod small_file;
pub mod temporary;
pub mod tracked;
pub mod upload;
pub mod walk;

pub use document::{
    Content, Document, LargeContent, LazyScope, Lineage, MAX_WHOLE, Memory, ReadAt, Sink, Source,
    Worker,
};
pub use error::SourceError;
pub use ignore_files::IgnoreRules;
pub use listed::{Listed, Stdin};
pub use passed_over::passes_over;
pub use root::Root;
pub use tracked::WorkTree;
pub use walk::{Walk, WalkOptions};
