//! A parsed configuration file.

use super::layer::{Layer, Said};
use std::path::PathBuf;

/// A parsed configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFile {
    /// The file.
    pub path: PathBuf,
    /// The settings in it, and those of the files that it extends.
    pub layer: Layer,
    /// Total size of these files, in bytes.
    pub bytes: u64,
    /// All of these files: this file first, then those that it extends, and parent configurations
    /// whose `exclude` applies.
    pub files: Vec<PathBuf>,
    /// The folder that must contain its rule files; `None` for a file given by the user, which is
    /// trusted.
    pub confined_to: Option<PathBuf>,
}

impl ConfigFile {
    /// Adds the `exclude` globs of a configuration in a parent folder.
    pub fn exclude_also(&mut self, above: ConfigFile) {
        let globs = |layer: &Layer| layer.get("exclude").map(|said| said.list().to_vec());
        let Some(mut all) = globs(&above.layer) else { return };
        let own = globs(&self.layer).unwrap_or_default();
        // Skips globs that it already has because it extends that file.
        all.retain(|one| !own.contains(one));
        all.extend(own);
        self.layer.set("exclude", Said::List(all));
        self.files.extend(above.files);
    }
}
