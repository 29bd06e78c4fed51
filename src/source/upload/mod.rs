//! The files that an upload to the Hub would send.

mod filter;
mod fnmatch;
mod hosted;
mod listing;
mod outgoing;
mod plan;
mod suggestion;

pub use outgoing::Outgoing;
pub use plan::{Plan, UploadRequest};
pub use suggestion::excludes;
