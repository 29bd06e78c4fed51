//! The options that say which fixes are applied.

use clap::Args;
use std::path::PathBuf;

/// Which fixes to apply, and what becomes of the secrets.
#[derive(Debug, Clone, Default, Args)]
pub struct FixChoice {
    /// Also apply fixes that may change what a program does, or after which something
    /// outside of the file must follow
    #[arg(long, help_heading = "Fixes")]
    pub unsafe_fixes: bool,
    /// Show what would change, secrets masked, and change nothing; the status is 1 if
    /// anything would
    #[arg(long, help_heading = "Fixes")]
    pub diff: bool,
    /// Keep the secrets that no commit has in FILE, which only its owner can read and git
    /// ignores
    #[arg(long, value_name = "FILE", conflicts_with = "discard", help_heading = "Fixes")]
    pub keep: Option<PathBuf>,
    /// Throw away the secrets that no commit has
    #[arg(long, help_heading = "Fixes")]
    pub discard: bool,
}

/// The fixes of a scan.
#[derive(Debug, Clone, Default, Args)]
pub struct ScanFixes {
    /// Fix what can be fixed: `hfscan fix` with the same paths and settings
    #[arg(long, help_heading = "Fixes")]
    pub fix: bool,
    /// How to fix
    #[command(flatten)]
    pub choice: FixChoice,
}

impl ScanFixes {
    /// `true` if the scan is to fix, or to show what it would.
    pub fn is_asked(&self) -> bool {
        self.fix || self.choice.diff
    }
}
