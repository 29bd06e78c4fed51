//! The command line of `hfscan report`.

use super::scan_args::OutputArgs;
use clap::Args;
use std::path::PathBuf;

/// Arguments of `hfscan report`.
#[derive(Debug, Args)]
#[command(after_help = "The status is that of a scan: 1 if there are findings, 2 if a report is \
    incomplete, truncated or invalid.")]
pub struct ReportArgs {
    /// Reports of hfscan in JSON or JSON Lines; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The report.
    #[command(flatten)]
    pub output: OutputArgs,
}
