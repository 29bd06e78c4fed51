//! The parameters of one scan.

use super::progress::Progress;
use crate::{decode::container::Limits, detect::Engine, suppress::Policy};

/// The parameters of one scan.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// The rules to run.
    pub engine: &'a Engine,
    /// All rules for credentials, to mask secrets in the report whichever rules run.
    pub secrets: &'a Engine,
    /// Threads for large files.
    pub threads: usize,
    /// The settings that decide which findings count.
    pub policy: Policy<'a>,
    /// `true` if findings get the hash of their line, which only makes sense for files that a
    /// platform can compare it with.
    pub line_hashes: bool,
    /// Limits of unpacking.
    pub limits: Limits,
    /// The progress of the scan, which can also stop it.
    pub progress: &'a Progress,
}
