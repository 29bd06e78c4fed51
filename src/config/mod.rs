//! What a run is to do: file, environment and flags, in one place.
//!
//! [`KEYS`] is the one list of settings. The reader of files, the environment, the
//! JSON Schema, `hfscan config show` and the docs are all made from it.

mod discover;
mod environment;
mod error;
mod file;
mod key;
mod layer;
mod page;
mod schema;
mod settings;
mod show;
mod value;

pub use discover::{ConfigFile, find, named};
pub use environment::read as read_environment;
pub use error::ConfigError;
pub use file::read as read_file;
pub use key::{Items, KEYS, Key, Slot};
pub use layer::{AllowLayer, Layer, Origin, Sourced};
pub use page::table;
pub use schema::schema;
pub use settings::{FailOn, Places, Settings};
pub use show::show;
pub use value::parse_size;
