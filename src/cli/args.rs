//! The command line.

pub use super::{
    baseline_args::{BaselineAction, BaselineArgs, BaselineScan},
    container_args::ContainerArgs,
    format_arg::FormatArg,
    selection_args::SelectionArgs,
};
use super::{
    format_arg::{format_help, format_long_help, parse_format},
    level_arg::levels,
};
use crate::{
    config::{FailOn, parse_size},
    model::{Confidence, Severity},
};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
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
    /// List the rules
    Rules(RulesArgs),
    /// Keep a list of known findings, so that only new ones count
    Baseline(BaselineArgs),
    /// Explain a rule: what it finds, why it matters, a bad and a good example, the fix
    Explain(ExplainArgs),
    /// Set this repository up: configuration, pre-commit hook, CI; shows first, never overwrites
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

/// What to scan and how.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// Files and folders to scan; `-` is standard input [default: .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Read the names of the files to scan from FILE, one a line or separated by NUL;
    /// `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "paths", help_heading = "Input")]
    pub files_from: Option<PathBuf>,
    /// The name to give to standard input, which decides how it is read
    #[arg(long, value_name = "NAME", default_value = "stdin", help_heading = "Input")]
    pub stdin_filename: String,
    /// Leave out what matches the glob, relative to the root; may be given again
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub exclude: Vec<String>,
    /// Scan what `.gitignore`, `.ignore` and `.hfscanignore` name as well
    #[arg(long, help_heading = "Input")]
    pub no_ignore: bool,
    /// Leave out larger files: bytes, or with K, M or G [default: no limit]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, help_heading = "Input")]
    pub max_file_size: Option<u64>,
    /// What of containers to open
    #[command(flatten)]
    pub containers: ContainerArgs,

    /// What of git to scan instead of files
    #[command(flatten)]
    pub git: GitArgs,

    /// Where settings come from
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The rules to run and what to hear of
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Do not report what this baseline knows
    /// [default: .hfscan-baseline.json in the repository's root, if it is there]
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline", help_heading = "Suppression")]
    pub baseline: Option<PathBuf>,
    /// Use no baseline
    #[arg(long, help_heading = "Suppression")]
    pub no_baseline: bool,
    /// Obey no ignore comment, neither ours (`hfscan: ignore`) nor other scanners'
    #[arg(long, help_heading = "Suppression")]
    pub no_inline_ignores: bool,
    /// Obey ignore comments only if they give a reason
    #[arg(long, help_heading = "Suppression")]
    pub require_reason: bool,

    /// Only report findings of this severity or worse
    #[arg(long, value_name = "SEVERITY", value_parser = levels::<Severity>(), help_heading = "Rules")]
    pub min_severity: Option<Severity>,
    /// Only report findings of this confidence or surer
    #[arg(long, value_name = "CONFIDENCE", value_parser = levels::<Confidence>(), help_heading = "Rules")]
    pub min_confidence: Option<Confidence>,

    /// The formats to report in.
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
    /// Write the report to FILE, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// The category of the SARIF report, to tell several of one commit apart
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub sarif_category: Option<String>,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub color: ColorWhen,
    /// Report findings and failures only
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
    /// Also list what was not scanned; twice, also what was dismissed and why
    #[arg(short, long, action = ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
    /// Also list what was dismissed and why
    #[arg(long, help_heading = "Output")]
    pub explain_dismissed: bool,
    /// Show no progress bar
    #[arg(long, help_heading = "Output")]
    pub no_progress: bool,

    /// The least severity that makes the exit status 1, or `never` [default: low]
    #[arg(long, value_name = "SEVERITY", value_parser = str::parse::<FailOn>, help_heading = "Exit status")]
    pub fail_on: Option<FailOn>,
    /// End with 0 although there are findings; failures still end with 2
    #[arg(long, help_heading = "Exit status")]
    pub exit_zero: bool,

    /// How many threads to use [default: as many as there are processors, at most 12]
    #[arg(
        short = 'j',
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        help_heading = "Work"
    )]
    pub threads: usize,
}

/// Where settings come from.
#[derive(Debug, Clone, Default, Args)]
pub struct ConfigArgs {
    /// Take the settings from FILE instead of the project's own configuration
    #[arg(
        long,
        value_name = "FILE",
        env = "HFSCAN_CONFIG",
        hide_env = true,
        help_heading = "Configuration"
    )]
    pub config: Option<PathBuf>,
    /// For code of others: heed neither the project's own configuration nor its ignore comments
    #[arg(long, env = "HFSCAN_ISOLATED", hide_env = true, help_heading = "Configuration")]
    pub isolated: bool,
}

/// What of git to scan instead of files. `PATH` then names the repository, or folders in it.
#[derive(Debug, Args)]
pub struct GitArgs {
    /// Scan what is about to be committed: what the index adds to HEAD
    #[arg(long, group = "git", conflicts_with = "files_from", help_heading = "Git")]
    pub staged: bool,
    /// Scan what the commits of a range add, also what a later one of them removes:
    /// A..B or A...B, those that B has and A has not
    #[arg(
        long,
        value_name = "A..B",
        group = "git",
        conflicts_with = "files_from",
        help_heading = "Git"
    )]
    pub range: Option<String>,
    /// Scan what the commits since REF add, up to HEAD
    #[arg(
        long,
        value_name = "REF",
        group = "git",
        conflicts_with = "files_from",
        help_heading = "Git"
    )]
    pub since: Option<String>,
    /// Scan what a push brings: a pre-push hook's standard input says what; give the
    /// remote's name as its value
    #[arg(long, value_name = "REMOTE", num_args = 0..=1, require_equals = true, default_missing_value = "", group = "git", conflicts_with = "files_from", help_heading = "Git")]
    pub pre_push: Option<String>,
    /// Scan every object that the given revisions reach, messages included [default: all
    /// references, HEAD and stashes]; write `--` before paths
    #[arg(long, value_name = "REV", num_args = 0.., conflicts_with_all = ["files_from", "staged", "range", "since", "pre_push"], help_heading = "Git")]
    pub history: Option<Vec<String>>,
    /// Scan every object that any reference reaches: `--history` without revisions
    #[arg(long, group = "git", conflicts_with_all = ["files_from", "history"], help_heading = "Git")]
    pub all: bool,
    /// With --history, also what no reference reaches: reflogs, dropped stashes, amended commits
    #[arg(long, conflicts_with_all = ["staged", "range", "since", "pre_push"], help_heading = "Git")]
    pub unreachable: bool,
    /// With --staged, --range, --since or --pre-push, report all of each changed file,
    /// not only what the change adds
    #[arg(long, conflicts_with_all = ["history", "all"], help_heading = "Git")]
    pub whole_files: bool,
    /// Report each place of a secret in the commits, not only the first
    #[arg(long, help_heading = "Git")]
    pub every_occurrence: bool,
    /// Tell the e-mail address of a commit's author beside the name
    #[arg(long, help_heading = "Git")]
    pub author_email: bool,
    /// Write the secrets found to FILE, for `git filter-repo --replace-text FILE`;
    /// only its owner can read it
    #[arg(long, value_name = "FILE", help_heading = "Git")]
    pub emit_replacements: Option<PathBuf>,
}

/// Which rules to list, and how.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// The rules.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Where settings come from
    #[command(flatten)]
    pub config: ConfigArgs,
    /// How to list them
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

/// Which rule to explain.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The rule's id
    pub rule: String,
    /// Add the rules of a file; may be given again
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<PathBuf>,
    /// Where settings come from
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// How to set up.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Write without asking
    #[arg(long)]
    pub yes: bool,
}

/// How to look.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Where settings come from
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// What to do with settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the settings in force, and where each comes from
    Show(ConfigShowArgs),
    /// Print the JSON Schema of the configuration file
    Schema,
    /// Check the configuration: unknown settings, wrong values, rules that are not there
    Check(ConfigShowArgs),
}

/// Which settings.
#[derive(Debug, Args)]
pub struct ConfigShowArgs {
    /// The folder or file whose settings are meant
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// Where settings come from
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

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set; anywhere if FORCE_COLOR is
    Auto,
    /// Always
    Always,
    /// Never
    Never,
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
