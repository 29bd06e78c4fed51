//! The command line of `hfscan mcp`.

use super::config_args::ConfigArgs;
use clap::Args;

/// Arguments of `hfscan mcp`.
#[derive(Debug, Args)]
pub struct McpArgs {
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
}
