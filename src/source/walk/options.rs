//! Options of a walk, and the files that they exclude.

use crate::{rule::Globs, source::ignore_files::IgnoreRules};
use std::collections::BTreeSet;

/// Options of a walk.
#[derive(Debug, Default)]
pub struct WalkOptions {
    /// Number of threads; 0 means one per processor, at most 12.
    pub threads: usize,
    /// Globs of paths to exclude, relative to the root.
    pub exclude: Globs,
    /// The ignore files to apply.
    pub ignore: IgnoreRules,
    /// Maximum size of a file in bytes; larger ones are skipped.
    pub max_file_bytes: Option<u64>,
}

impl WalkOptions {
    /// The number of threads to use. Beyond 12, threads mostly wait for each other in the kernel.
    pub fn thread_count(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from).min(12),
            given => given,
        }
    }
}

/// The matches of the `exclude` globs.
#[derive(Debug, Default)]
pub struct Excluded {
    /// The number of files, and of folders that were not walked.
    pub count: u64,
    /// The indexes of the globs that matched.
    pub used: BTreeSet<usize>,
}
