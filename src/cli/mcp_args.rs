//! The command line of `hfscan mcp`.

use super::config_args::ConfigArgs;
use clap::Args;

/// With which settings the tools work.
#[derive(Debug, Args)]
pub struct McpArgs {
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
}
