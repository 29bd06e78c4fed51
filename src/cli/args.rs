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

/// Finds Hugging Face credentials and the habits that leak them, and explains how to fix each.
#[derive(Debug, Parser)]
#[command(
    name = "hfscan",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_help_heading = "Commands",
    override_usage = "hfscan [OPTIONS] [PATH]...\n       hfscan <COMMAND>",
    after_help = "Exit status: 0 nothing found, 1 findings at or above --fail-on, \
                  2 result incomplete or invalid\n\
                  (usage error, unreadable input, nothing scanned, interrupted).\n\n\
                  A path named like a command is written `./rules`."
)]
pub struct Cli {
    /// The command; `None` scans.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The arguments of the scan.
    #[command(flatten)]
    pub scan: ScanArgs,
}

/// Commands other than the scan.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the rules, or check a file of your own
    Rules(RulesArgs),
    /// Scan the files that an upload to the Hub would send; sends nothing
    Upload(Box<UploadArgs>),
    /// Replace credentials in Parquet, JSON Lines, CSV, Arrow and text files
    Redact(Box<RedactArgs>),
    /// Merge the reports of several scans, and write them in any format
    Report(Box<ReportArgs>),
    /// Scan an upload, and run `hf upload` with the same arguments if nothing is found
    HfUpload(HfUploadArgs),
    /// Scan the Hub: repositories, buckets, discussions; opens connections
    Hub(Box<HubArgs>),
    /// Ask the Hub whether tokens are live, and what they may do; sends the tokens there
    Verify(Box<VerifyArgs>),
    /// Revoke tokens on the Hub, permanently; lists them first
    Revoke(RevokeArgs),
    /// Keep a list of known findings, so that only new ones are reported
    Baseline(Box<BaselineArgs>),
    /// Apply fixes, and list what remains to be done
    Fix(Box<FixCommand>),
    /// Answer the hook of a coding agent: block prompts, commands and files with credentials
    AgentHook(AgentHookArgs),
    /// Serve the Model Context Protocol on standard input and output: scan, explain, propose fixes
    Mcp(McpArgs),
    /// Serve an editor over the language server protocol: findings, fixes, rule pages
    Lsp(LspArgs),
    /// Explain a rule: what it finds, why it matters, a bad and a good example, the fix
    Explain(ExplainArgs),
    /// Print the facts that the language readers extract from a file: bindings and commands,
    /// secrets masked
    Facts(FactsArgs),
    /// Set up this repository: configuration, pre-commit hook, CI, agents; shows changes first,
    /// never overwrites
    Init(InitArgs),
    /// Check the setup, and prove with a generated leak that the scan and the hook detect it
    Doctor(DoctorArgs),
    /// Show, describe or check the settings
    Config {
        /// The action
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

/// Arguments of `hfscan rules`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RulesArgs {
    /// The action, instead of listing the rules
    #[command(subcommand)]
    pub action: Option<RulesAction>,
    /// List only rules of at least this severity
    #[arg(long, value_name = "SEVERITY", value_parser = str::parse::<Severity>)]
    pub min_severity: Option<Severity>,
    /// The rules.
    #[command(flatten)]
    pub selection: SettingArgs<Selecting>,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

/// Actions of `hfscan rules` other than listing.
#[derive(Debug, Subcommand)]
pub enum RulesAction {
    /// Run the examples of a rule file, and check that its keywords find its rules
    Check(RulesCheckArgs),
}

/// Arguments of `hfscan rules check`.
#[derive(Debug, Args)]
pub struct RulesCheckArgs {
    /// The rule files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// Arguments of `hfscan facts`.
#[derive(Debug, Args)]
pub struct FactsArgs {
    /// The file; its name selects the language
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Arguments of `hfscan explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The rules: ids, globs or `tag:NAME`
    #[arg(value_name = "RULE", required = true)]
    pub names: Vec<String>,
    /// The output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: ExplainFormat,
    /// Further rules.
    #[command(flatten)]
    pub rules: SettingArgs<RuleFiles>,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Arguments of `hfscan init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Write without asking
    #[arg(long)]
    pub yes: bool,
    /// Set up the hooks of this coding agent instead; may be repeated
    #[arg(long, value_name = "NAME")]
    pub agent: Vec<Agent>,
}

/// Arguments of `hfscan doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Actions of `hfscan config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the settings in force and the source of each
    Show(ConfigShowArgs),
    /// Print the JSON Schema of the configuration file, of JSON reports or of rule files
    Schema(SchemaArgs),
    /// Check the configuration: unknown settings, invalid values, rules that do not exist
    Check(ConfigShowArgs),
}

/// Arguments of `hfscan config schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The format that the schema describes
    #[arg(value_name = "WHAT", value_enum, default_value = "config")]
    pub of: SchemaOf,
}

/// A format with a JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The configuration file
    Config,
    /// The report of `--format json`
    Report,
    /// Rule files
    Rules,
}

/// Arguments of `hfscan config show` and `hfscan config check`.
#[derive(Debug, Args)]
pub struct ConfigShowArgs {
    /// The folder or file whose settings are used
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// The output format of `hfscan rules`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table
    Text,
    /// A JSON list with every property of each rule
    Json,
    /// The Markdown page of the docs
    Markdown,
}

/// The output format of `hfscan explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// A page for reading
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
