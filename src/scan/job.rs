//! The parameters of one scan.

use super::progress::Progress;
use crate::{
    decode::container::Limits,
    detect::Engine,
    suppress::{Allowlist, IgnorePolicy},
};

/// How to scan.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// The rules to run.
    pub engine: &'a Engine,
    /// Every rule for credentials, to keep secrets out of what is shown.
    pub secrets: &'a Engine,
    /// Threads for large files.
    pub threads: usize,
    /// What does not count.
    pub allowlist: &'a Allowlist,
    /// What ignore comments may do.
    pub ignores: IgnorePolicy<'a>,
    /// Whether findings are to bear the hash of their line: only for files that a
    /// platform can compare it with.
    pub line_hashes: bool,
    /// How much of what is packed may be unpacked.
    pub limits: Limits,
    /// Where to tell how far it is, and to be told to stop.
    pub progress: &'a Progress,
}
