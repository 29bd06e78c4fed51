//! The planned changes of a fix run.

use super::{
    file::WorkFile,
    rounds::{self, Fixed},
};
use crate::model::{FileChange, SourcePath};
use std::{collections::BTreeMap, path::PathBuf};

/// A file with fixes applied in memory.
pub struct Changed {
    /// The path in reports.
    pub path: SourcePath,
    /// The content on disk.
    pub file: WorkFile,
    /// The new content and the fixes.
    pub result: rounds::Result,
}

/// A planned change that is not made.
pub struct Refused {
    /// The file.
    pub path: SourcePath,
    /// The reason.
    pub why: String,
}

/// All planned changes.
#[derive(Default)]
pub struct Work {
    /// The folder that paths are relative to.
    pub root: PathBuf,
    /// Files with edits.
    pub changed: Vec<Changed>,
    /// Changes of whole files, each with the removed finding.
    pub files: BTreeMap<FileChange, Fixed>,
    /// Changes that are not made.
    pub refused: Vec<Refused>,
    /// Number of findings that only an unsafe fix removes.
    pub held_back: usize,
}
