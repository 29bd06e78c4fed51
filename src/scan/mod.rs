//! The pipeline: from a source to everything there is to report.

mod claims;
mod collector;
mod comments;
mod excerpt;
mod fold;
mod job;
mod line_hash;
mod locate;
mod matched;
mod members;
mod name;
mod notebook;
pub mod progress;
mod rows;
mod run;
mod stretch;
mod text;
mod thread;
mod windows;

pub use job::Scan;
pub use notebook::PARTS;
pub use progress::Progress;
pub use run::scan;
