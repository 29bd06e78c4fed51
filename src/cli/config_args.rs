//! The options that name the configuration.

use clap::Args;
use std::path::PathBuf;

/// Options that select the configuration.
#[derive(Debug, Clone, Default, Args)]
pub struct ConfigArgs {
    /// Use the settings in FILE instead of the project's own configuration
    #[arg(
        long,
        value_name = "FILE",
        env = "HFSCAN_CONFIG",
        hide_env = true,
        help_heading = "Configuration"
    )]
    pub config: Option<PathBuf>,
    /// For untrusted code: ignore the project's configuration, its baseline, its ignore files
    /// and its ignore comments
    #[arg(long, env = "HFSCAN_ISOLATED", hide_env = true, help_heading = "Configuration")]
    pub isolated: bool,
}
