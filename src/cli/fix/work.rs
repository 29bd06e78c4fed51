//! What a run of fixes is to do.

use super::{
    file::WorkFile,
    rounds::{self, Fixed},
};
use crate::model::{FileChange, SourcePath};
use std::{collections::BTreeMap, path::PathBuf};

/// A file that is fixed in memory.
pub struct Changed {
    /// Its name in reports.
    pub path: SourcePath,
    /// The file as it was read.
    pub file: WorkFile,
    /// What the rounds made of it.
    pub result: rounds::Result,
}

/// Something that was to be fixed and was not.
pub struct Refused {
    /// The file.
    pub path: SourcePath,
    /// Why.
    pub why: String,
}

/// Everything that is to be done.
#[derive(Default)]
pub struct Work {
    /// The folder that paths are relative to.
    pub root: PathBuf,
    /// Files with edits.
    pub changed: Vec<Changed>,
    /// Changes of whole files, each with the finding that it removes.
    pub files: BTreeMap<FileChange, Fixed>,
    /// What is not done.
    pub refused: Vec<Refused>,
    /// Findings that only an unsafe fix removes.
    pub held_back: usize,
}
