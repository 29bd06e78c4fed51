//! The options that select fixes.

use clap::Args;
use std::path::PathBuf;

/// Which fixes are applied, and how removed secrets are kept.
#[derive(Debug, Clone, Default, Args)]
pub struct FixChoice {
    /// Also apply fixes that may change a program's behaviour, or that need a change outside the
    /// file
    #[arg(long, help_heading = "Fixes")]
    pub unsafe_fixes: bool,
    /// Show the changes, secrets masked, and write nothing; the status is 1 if there are any
    #[arg(long, help_heading = "Fixes")]
    pub diff: bool,
    /// Write removed secrets that are in no commit to FILE, readable only by its owner and ignored
    /// by git
    #[arg(long, value_name = "FILE", conflicts_with = "discard", help_heading = "Fixes")]
    pub keep: Option<PathBuf>,
    /// Delete removed secrets even if they are in no commit
    #[arg(long, help_heading = "Fixes")]
    pub discard: bool,
}

/// The fixes of a scan.
#[derive(Debug, Clone, Default, Args)]
pub struct ScanFixes {
    /// Apply fixes: `hfscan fix` with the same paths and settings
    #[arg(long, help_heading = "Fixes")]
    pub fix: bool,
    /// The fixes
    #[command(flatten)]
    pub choice: FixChoice,
}

impl ScanFixes {
    /// `true` if `--fix` or `--diff` is given.
    pub fn is_asked(&self) -> bool {
        self.fix || self.choice.diff
    }
}
