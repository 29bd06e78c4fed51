//! The command line.

use super::{
    agent::Agent,
    agent_args::AgentHookArgs,
    baseline_args::BaselineArgs,
    config_args::ConfigArgs,
    fix_args::FixCommand,
    hub_args::HubArgs,
    lsp_args::LspArgs,
    mcp_args::McpArgs,
    redact_args::RedactArgs,
    report_args::ReportArgs,
    scan_args::ScanArgs,
    setting_args::{RuleFiles, Selecting, SettingArgs},
    upload_args::{HfUploadArgs, UploadArgs},
    verify_args::{RevokeArgs, VerifyArgs},
};
use crate::model::Severity;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Finds Hugging Face credentials, and the habits that leak them, and says how to fix each.
#[derive(Debug, Parser)]
#[command(
    name = "hfscan",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_help_heading = "Commands",
    override_usage = "hfscan [OPTIONS] [PATH]...\n       hfscan <COMMAND>",
    after_help = "Exit status: 0 nothing found, 1 findings at or above --fail-on, \
                  2 the answer cannot be trusted\n\
                  (wrong use, unreadable input, nothing scanned, interrupted).\n\n\
                  A path named like a command is written `./rules`."
)]
pub struct Cli {
    /// What to do instead of scanning.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to scan.
    #[command(flatten)]
    pub scan: ScanArgs,
}

/// What hfscan can do besides scanning.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the rules, or check a file of your own
    Rules(RulesArgs),
    /// Look at what an upload to the Hub would take along, before it does; sends nothing
    Upload(Box<UploadArgs>),
    /// Replace credentials in Parquet, JSON Lines, CSV, Arrow and text files
    Redact(Box<RedactArgs>),
    /// Put reports of several scans together, and write them in any format
    Report(Box<ReportArgs>),
    /// Look at an upload, and run `hf upload` with the same arguments if nothing is found
    HfUpload(HfUploadArgs),
    /// Scan what is on the Hub: repositories, buckets, discussions; opens connections
    Hub(Box<HubArgs>),
    /// Ask the Hub whether tokens are live, and what they may do; sends them there
    Verify(Box<VerifyArgs>),
    /// Have the Hub revoke tokens, for good; shows first
    Revoke(RevokeArgs),
    /// Keep a list of known findings, so that only new ones count
    Baseline(Box<BaselineArgs>),
    /// Fix what can be fixed, and say what is left to do
    Fix(Box<FixCommand>),
    /// Answer the hook of a coding agent: refuse prompts, commands and files with credentials
    AgentHook(AgentHookArgs),
    /// Serve the Model Context Protocol on standard input and output: scan, explain, propose fixes
    Mcp(McpArgs),
    /// Serve an editor over the language server protocol: findings, fixes, rule pages
    Lsp(LspArgs),
    /// Explain a rule: what it finds, why it matters, a bad and a good example, the fix
    Explain(ExplainArgs),
    /// Print what rules over languages see of a file: bindings and commands, without secrets
    Facts(FactsArgs),
    /// Set this repository up: configuration, pre-commit hook, CI, agents; shows first, never
    /// overwrites
    Init(InitArgs),
    /// Look whether all is in place, and prove with a made-up leak that gate and hook fire
    Doctor(DoctorArgs),
    /// Show, describe or check the settings
    Config {
        /// What to do with them
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// Which rules to list, and how.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RulesArgs {
    /// What to do instead of listing them
    #[command(subcommand)]
    pub action: Option<RulesAction>,
    /// List only rules that are at least this severe
    #[arg(long, value_name = "SEVERITY", value_parser = str::parse::<Severity>)]
    pub min_severity: Option<Severity>,
    /// The rules.
    #[command(flatten)]
    pub selection: SettingArgs<Selecting>,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
    /// How to list them
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

/// What can be done with rules besides listing them.
#[derive(Debug, Subcommand)]
pub enum RulesAction {
    /// Run the examples of a rule file, and check that its keywords wake its rules
    Check(RulesCheckArgs),
}

/// Which rule files to check.
#[derive(Debug, Args)]
pub struct RulesCheckArgs {
    /// The rule files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// Which file to read.
#[derive(Debug, Args)]
pub struct FactsArgs {
    /// The file; its name decides how it is read
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Which rules to explain.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The rules: ids, globs or `tag:NAME`
    #[arg(value_name = "RULE", required = true)]
    pub names: Vec<String>,
    /// How to write it
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: ExplainFormat,
    /// Further rules.
    #[command(flatten)]
    pub rules: SettingArgs<RuleFiles>,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// How to set up.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Write without asking
    #[arg(long)]
    pub yes: bool,
    /// Set up the hooks of this coding agent instead; may be repeated
    #[arg(long, value_name = "NAME")]
    pub agent: Vec<Agent>,
}

/// How to look.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// What to do with settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the settings in force, and where each comes from
    Show(ConfigShowArgs),
    /// Print the JSON Schema of the configuration file, of JSON reports or of rule files
    Schema(SchemaArgs),
    /// Check the configuration: unknown settings, wrong values, rules that are not there
    Check(ConfigShowArgs),
}

/// Which schema.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// What the schema describes
    #[arg(value_name = "WHAT", value_enum, default_value = "config")]
    pub of: SchemaOf,
}

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The configuration file
    Config,
    /// The report of `--format json`
    Report,
    /// Files of rules
    Rules,
}

/// Which settings.
#[derive(Debug, Args)]
pub struct ConfigShowArgs {
    /// The folder or file whose settings are meant
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// How to list rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table
    Text,
    /// A JSON list with everything a rule says
    Json,
    /// A page for the docs
    Markdown,
}

/// How to explain rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// A page for people
    Text,
    /// A JSON list
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
