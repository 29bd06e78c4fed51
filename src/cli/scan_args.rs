//! The command line of a scan.

use super::{
    config_args::ConfigArgs,
    fix_choice::ScanFixes,
    format_arg::{FormatArg, format_help, format_long_help, parse_format},
    input_args::InputArgs,
    setting_args::{All, SettingArgs},
    verify_args::Verifying,
};
use clap::{ArgAction, Args, ValueEnum};
use std::path::PathBuf;

/// Arguments of a scan.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// The input
    #[command(flatten)]
    pub input: InputArgs,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The settings
    #[command(flatten)]
    pub settings: SettingArgs<All>,
    /// Known findings
    #[command(flatten)]
    pub baseline: BaselineChoice,
    /// Reports
    #[command(flatten)]
    pub output: OutputArgs,
    /// Fixes
    #[command(flatten)]
    pub fixes: ScanFixes,
    /// Verification
    #[command(flatten)]
    pub verifying: Verifying,
    /// Exit with 0 despite findings; failures still exit with 2
    #[arg(long, help_heading = "Exit status")]
    pub exit_zero: bool,
}

/// Options that select the baseline.
#[derive(Debug, Clone, Default, Args)]
pub struct BaselineChoice {
    /// Do not report findings that this baseline contains
    /// [default: .hfscan-baseline.json in the repository's root, if it exists]
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline", help_heading = "Suppression")]
    pub baseline: Option<PathBuf>,
    /// Use no baseline
    #[arg(long, help_heading = "Suppression")]
    pub no_baseline: bool,
}

/// Options of the reports.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// The report formats.
    #[arg(
        short,
        long,
        value_name = "FORMAT[=FILE]",
        value_parser = parse_format,
        help = format_help(),
        long_help = format_long_help(),
        help_heading = "Output"
    )]
    pub format: Vec<FormatArg>,
    /// Write the report to FILE atomically
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// The category of the SARIF report, which distinguishes several reports on one commit
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub sarif_category: Option<String>,
    /// Write the secrets found to FILE, for `git filter-repo --replace-text FILE`;
    /// only its owner can read it
    #[arg(long, value_name = "FILE", help_heading = "Git")]
    pub emit_replacements: Option<PathBuf>,
    /// Use of colour
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub color: ColorWhen,
    /// Report findings and failures only
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
    /// Also list what was not scanned; twice, also suppressed and dismissed matches with reasons
    #[arg(short, long, action = ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
    /// Also list dismissed matches with reasons
    #[arg(long, help_heading = "Output")]
    pub explain_dismissed: bool,
    /// Also list suppressed findings with reasons
    #[arg(long, help_heading = "Output")]
    pub show_suppressed: bool,
    /// Show each finding in full, without grouping those with the same cause and remedy
    #[arg(long, help_heading = "Output")]
    pub long: bool,
    /// Show only the number of findings of each rule
    #[arg(long, help_heading = "Output")]
    pub statistics: bool,
    /// Show no progress bar
    #[arg(long, help_heading = "Output")]
    pub no_progress: bool,
}

/// Use of colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set; anywhere if FORCE_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
