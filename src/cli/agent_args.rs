//! The command line of `hfscan agent-hook`.

use super::{agent::Agent, config_args::ConfigArgs};
use clap::Args;

/// Arguments of `hfscan agent-hook`.
#[derive(Debug, Args)]
pub struct AgentHookArgs {
    /// The agent, if the hook's input does not name it
    #[arg(long, value_name = "NAME")]
    pub agent: Option<Agent>,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
}
