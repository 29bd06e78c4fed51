//! The command line of `hfscan baseline`.

use super::{
    config_args::ConfigArgs,
    input_args::InputArgs,
    setting_args::{All, SettingArgs},
};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Arguments of `hfscan baseline`.
#[derive(Debug, Args)]
pub struct BaselineArgs {
    /// The action.
    #[command(subcommand)]
    pub action: BaselineAction,
}

/// Actions of `hfscan baseline`.
#[derive(Debug, Subcommand)]
pub enum BaselineAction {
    /// Write a baseline of all present findings
    Create(BaselineScan),
    /// Add new findings, remove fixed ones, follow renamed files
    Update(BaselineScan),
    /// Remove fixed findings and add nothing
    Prune(BaselineScan),
    /// List the entries of a baseline
    Show {
        /// The baseline [default: .hfscan-baseline.json in the repository's root]
        #[arg(long, value_name = "FILE")]
        baseline: Option<PathBuf>,
    },
    /// Add the findings in another scanner's baseline: a report or `.gitleaksignore` of
    /// gitleaks, a baseline of detect-secrets
    Import {
        /// The other scanner's file
        file: PathBuf,
        /// The scan.
        #[command(flatten)]
        scan: BaselineScan,
    },
}

/// The scan that a baseline is made from. Accepts every scan option that affects which findings are
/// reported. Entries for files outside the scan are kept.
#[derive(Debug, Args)]
pub struct BaselineScan {
    /// The input
    #[command(flatten)]
    pub input: InputArgs,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The settings
    #[command(flatten)]
    pub settings: SettingArgs<All>,
    /// The baseline [default: .hfscan-baseline.json in the repository's root]
    #[arg(long, value_name = "FILE", help_heading = "Suppression")]
    pub baseline: Option<PathBuf>,
}
