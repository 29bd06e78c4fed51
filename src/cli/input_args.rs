//! The options that select the input.

use super::work_args::WorkArgs;
use clap::Args;
use std::path::PathBuf;

/// The input of a scan. At most one option of the group `source` can be given.
#[derive(Debug, Clone, Default, Args)]
pub struct InputArgs {
    /// Files and folders to scan; `-` is standard input [default: .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Read the names of the files to scan from FILE, one per line or separated by NUL;
    /// `-` is standard input
    #[arg(
        long,
        value_name = "FILE",
        group = "source",
        conflicts_with = "paths",
        help_heading = "Input"
    )]
    pub files_from: Option<PathBuf>,
    /// The file name of standard input, which selects the language and the rules
    #[arg(long, value_name = "NAME", default_value = "stdin", help_heading = "Input")]
    pub stdin_filename: String,
    /// Options for parallelism
    #[command(flatten)]
    pub work: WorkArgs,
    /// Git objects to scan
    #[command(flatten)]
    pub git: GitArgs,
}

/// The git objects to scan instead of files. `PATH` then names the repository, or folders in it.
#[derive(Debug, Clone, Default, Args)]
pub struct GitArgs {
    /// Scan the staged changes, which the next commit will contain
    #[arg(long, group = "source", help_heading = "Git")]
    pub staged: bool,
    /// Scan the lines that the commits in A..B or A...B add, including lines that a later commit in
    /// the range removes
    #[arg(long, value_name = "A..B", group = "source", help_heading = "Git")]
    pub range: Option<String>,
    /// Scan the lines that the commits since REF add, up to HEAD
    #[arg(long, value_name = "REF", group = "source", help_heading = "Git")]
    pub since: Option<String>,
    /// Scan the commits being pushed, as a pre-push hook receives them on standard input;
    /// the value is the name of the remote
    #[arg(long, value_name = "REMOTE", num_args = 0..=1, require_equals = true, default_missing_value = "", group = "source", help_heading = "Git")]
    pub pre_push: Option<String>,
    /// Scan the commits that a push brings to this repository, as a server's pre-receive hook
    /// receives them on standard input
    #[arg(long, group = "source", help_heading = "Git")]
    pub pre_receive: bool,
    /// Scan every object reachable from the given revisions, commit messages included [default: all
    /// references, HEAD and stashes]; write `--` before paths
    #[arg(long, value_name = "REV", num_args = 0.., group = "source", help_heading = "Git")]
    pub history: Option<Vec<String>>,
    /// Scan every object reachable from any reference: `--history` without revisions
    #[arg(long, group = "source", help_heading = "Git")]
    pub all: bool,
    /// With --history, also scan unreachable objects: reflogs, dropped stashes, amended commits
    #[arg(long, conflicts_with_all = ["files_from", "staged", "range", "since", "pre_push", "pre_receive"], help_heading = "Git")]
    pub unreachable: bool,
    /// With --staged, --range, --since, --pre-push or --pre-receive, report findings anywhere in
    /// changed files, not only in added lines
    #[arg(long, conflicts_with_all = ["history", "all"], help_heading = "Git")]
    pub whole_files: bool,
    /// With --history, also report bad habits that are gone from HEAD; by default only secrets are,
    /// since they may still be valid
    #[arg(long, conflicts_with_all = ["staged", "range", "since", "pre_push", "pre_receive"], help_heading = "Git")]
    pub past_habits: bool,
    /// Report every occurrence of a secret in the commits, not only the first
    #[arg(long, help_heading = "Git")]
    pub every_occurrence: bool,
}
