//! Sources that read git: the index, the commits of a push, and all of history.

mod additions;
mod advice;
mod attribution;
mod blobs;
mod changes;
mod commits;
mod comparison;
mod config_file;
mod current;
mod error;
mod graph;
mod history;
mod losses;
mod media;
mod object_index;
mod objects;
mod occurrences;
mod oid;
mod opened;
mod overlay;
mod pushes;
mod range;
mod range_attribution;
mod reach;
mod recorded;
mod refs;
mod remotes;
mod renames;
mod repository;
mod revision;
mod sets;
mod skips;
mod staged;
mod store;
mod submodules;
mod tips;
mod trees;

pub use error::GitError;
pub use history::{History, HistoryOptions};
pub use pushes::{parse as parse_pushes, parse_received};
pub use range::{Commits, Range};
pub use recorded::Recorded;
pub use repository::{GitOptions, RepositoryRef};
pub use staged::Staged;
#[cfg(feature = "online")]
pub use submodules::Submodule;
