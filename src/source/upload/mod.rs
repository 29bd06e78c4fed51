//! The files that an upload to the Hub sends.

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
