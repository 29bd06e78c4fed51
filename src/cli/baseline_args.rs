//! The command line of `hfscan baseline`.

use super::selection_args::SelectionArgs;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What to do with a baseline.
#[derive(Debug, Args)]
pub struct BaselineArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: BaselineAction,
}

/// What can be done with a baseline.
#[derive(Debug, Subcommand)]
pub enum BaselineAction {
    /// Write a baseline of all findings there are
    Create(BaselineScan),
    /// Add what is new, drop what is gone, follow renamed files
    Update(BaselineScan),
    /// Drop what is gone, and add nothing
    Prune(BaselineScan),
    /// List what a baseline knows
    Show {
        /// The baseline [default: .hfscan-baseline.json in the repository's root]
        #[arg(long, value_name = "FILE")]
        baseline: Option<PathBuf>,
    },
    /// Add the findings that another scanner's baseline knows: a report or
    /// `.gitleaksignore` of gitleaks, a baseline of detect-secrets
    Import {
        /// The other scanner's file
        file: PathBuf,
        /// What to scan.
        #[command(flatten)]
        scan: BaselineScan,
    },
}

/// What to scan for a baseline.
#[derive(Debug, Args)]
pub struct BaselineScan {
    /// Files and folders to scan; entries of others stay [default: .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The baseline [default: .hfscan-baseline.json in the repository's root]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Leave out what matches the glob, relative to the root; may be given again
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Scan what `.gitignore`, `.ignore` and `.hfscanignore` name as well
    #[arg(long)]
    pub no_ignore: bool,
    /// The rules to run
    #[command(flatten)]
    pub selection: SelectionArgs,
}
