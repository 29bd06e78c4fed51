//! The command line of `hfscan agent-hook`.

use super::{agent::Agent, config_args::ConfigArgs};
use clap::Args;

/// Which agent calls, and with which settings it is answered.
#[derive(Debug, Args)]
pub struct AgentHookArgs {
    /// The agent, where a call does not say which one makes it
    #[arg(long, value_name = "NAME")]
    pub agent: Option<Agent>,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
}
