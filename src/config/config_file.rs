//! A configuration file that was read.

use super::layer::{Layer, Said};
use std::path::PathBuf;

/// A configuration file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFile {
    /// The file.
    pub path: PathBuf,
    /// The settings in it, and those of the files that it extends.
    pub layer: Layer,
    /// The size of all these files, in bytes.
    pub bytes: u64,
    /// The folders of all these files.
    pub folders: Vec<PathBuf>,
    /// The folder that must contain its rule files; `None` for a file that the user named and so
    /// trusts.
    pub confined_to: Option<PathBuf>,
}

impl ConfigFile {
    /// Adds the globs of `exclude` of a configuration above it.
    pub fn exclude_also(&mut self, above: ConfigFile) {
        let globs = |layer: &Layer| layer.get("exclude").map(|said| said.list().to_vec());
        let Some(mut all) = globs(&above.layer) else { return };
        let own = globs(&self.layer).unwrap_or_default();
        // A file that extends one above it has its globs already.
        all.retain(|one| !own.contains(one));
        all.extend(own);
        self.layer.set("exclude", Said::List(all));
        self.folders.extend(above.folders);
    }
}
