//! Repositories, buckets, collections and discussions of the Hub, read without cloning.

mod api;
mod clones;
mod discussions;
mod listing;
mod ranged;
mod read;
mod source;
mod store;
mod target;

pub use api::Api;
pub use read::Reading;
pub use source::{HubOptions, HubSource};
pub use store::Store;
pub use target::{Kind, Target, TargetError};
