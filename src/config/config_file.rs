//! A configuration file that was read.

use super::layer::Layer;
use std::path::PathBuf;

/// A configuration file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFile {
    /// The file.
    pub path: PathBuf,
    /// The settings in it.
    pub layer: Layer,
    /// The folder that its rule files must lie in; `None` for a file that the user
    /// named, who vouches for it.
    pub confined_to: Option<PathBuf>,
}
