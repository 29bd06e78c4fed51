//! The command line of `hfscan lsp`.

use super::config_args::ConfigArgs;
use clap::Args;

/// How to serve an editor.
#[derive(Debug, Args)]
pub struct LspArgs {
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Talk over standard input and output; it always does
    #[arg(long, hide = true)]
    pub stdio: bool,
}
