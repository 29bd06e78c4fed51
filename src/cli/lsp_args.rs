//! The command line of `hfscan lsp`.

use super::config_args::ConfigArgs;
use clap::Args;

/// Arguments of `hfscan lsp`.
#[derive(Debug, Args)]
pub struct LspArgs {
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Use standard input and output; always the case
    #[arg(long, hide = true)]
    pub stdio: bool,
}
