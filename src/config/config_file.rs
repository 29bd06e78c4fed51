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
    /// The folder that must contain its rule files; `None` for a file that the user named and so
    /// trusts.
    pub confined_to: Option<PathBuf>,
}
