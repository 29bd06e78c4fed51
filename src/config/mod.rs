//! Merges file, environment and options into the settings of a run.
//!
//! [`KEYS`] is the table of settings. The readers of files, environment and command line, the JSON
//! Schema, `hfscan config show` and the docs are generated from it.

mod config_file;
mod discover;
mod draft;
mod environment;
mod error;
mod file;
mod key;
mod keys;
mod layer;
mod load;
mod merge;
mod page;
mod projects;
mod resolve;
mod schema;
mod show;
mod value;

pub use config_file::ConfigFile;
pub use draft::{FailOn, Places, Reading};
pub use error::ConfigError;
pub use file::read as read_file;
pub use key::{Flag, Items, Key, Takes};
pub use keys::KEYS;
pub use layer::{Layer, Origin, Said, Sourced};
pub use load::ConfigChoice;
pub use page::table;
pub use projects::{NestedConfigs, ProjectSearch};
pub use resolve::Config;
pub use schema::schema;
pub use show::show;
pub use value::{parse_size, parse_word};
