//! What can go wrong before, around and after a scan, and the way out of it.

use crate::{
    config::ConfigError,
    rule::{RuleError, SelectionError},
    source::SourceError,
};
use std::path::PathBuf;

/// What ends hfscan with status 2.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A rule file cannot be used.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// A rule wants a check over the whole tree that is not there.
    #[error("{origin}: rule `{rule}`: there is no check `{name}` over the whole tree")]
    UnknownCheck {
        /// The rule file.
        origin: String,
        /// The rule.
        rule: String,
        /// The check.
        name: String,
    },
    /// The choice of rules cannot be used.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// Nothing could be handed over.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A setting cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A glob of `--exclude` is not one.
    #[error("--exclude {0}")]
    Exclude(String),
    /// A file that was asked for cannot be read.
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The report cannot be written.
    #[error("cannot write {}: {error}", crate::model::SourcePath::from_path(path))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A baseline cannot be used.
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Baseline {
        /// The file.
        path: PathBuf,
        /// Why.
        error: crate::suppress::BaselineError,
    },
    /// A baseline is to be made where one is.
    #[error("{} is there already", crate::model::SourcePath::from_path(.0))]
    BaselineExists(PathBuf),
    /// A file to import from is of no kind that is known.
    #[error("{}: neither a report or ignore file of gitleaks nor a baseline of detect-secrets", crate::model::SourcePath::from_path(.0))]
    NotAPeersBaseline(PathBuf),
    /// A scan that a baseline is to be made from left something out.
    #[error("the baseline was not written: not everything could be scanned{0}")]
    Incomplete(String),
    /// Standard output cannot be written to.
    #[error("cannot write to standard output: {0}")]
    Stdout(std::io::Error),
    /// Two formats would write to standard output.
    #[error("`{0}` and `{1}` would both be written to standard output")]
    TwoOnStdout(String, String),
    /// `--output` with a format that names its own file.
    #[error("`--output` goes with one format that names no file of its own")]
    OutputTwice,
    /// Standard input beside other paths.
    #[error("`-` cannot be combined with other paths")]
    StdinAndPaths,
    /// A file of secrets in the work tree.
    #[error(
        "{} lies in the work tree and is not ignored: the secrets in it would be committed with the next `git add`",
        crate::model::SourcePath::from_path(_0)
    )]
    ReplacementsTracked(PathBuf),
    /// `--emit-replacements` without a repository to rewrite.
    #[error("--emit-replacements goes with a git option, such as --history")]
    ReplacementsWithoutGit,
    /// Nothing was scanned.
    #[error("nothing was scanned")]
    NothingScanned,
}

impl CliError {
    /// The way out, where there is one to tell.
    pub fn help(&self) -> Option<String> {
        match self {
            CliError::Config(error) => error.help.clone(),
            CliError::Rule(error) => error.help.clone(),
            CliError::Selection(SelectionError::Unknown { nearest: Some(nearest), .. }) => {
                Some(format!("did you mean `{nearest}`? `hfscan rules` lists all"))
            }
            CliError::Selection(SelectionError::Unknown { .. }) => Some("`hfscan rules` lists all".into()),
            CliError::Selection(SelectionError::Duplicate { .. }) => {
                Some("give the rule an id of its own".into())
            }
            CliError::TwoOnStdout(..) => {
                Some("give all but one a file: `--format sarif=out.sarif --format text`".into())
            }
            CliError::OutputTwice => Some("write `--format json=out.json`, or `--format json --output out.json`".into()),
            CliError::BaselineExists(_) => {
                Some("`hfscan baseline update` adds what is new and drops what is gone".into())
            }
            CliError::Source(SourceError::Git(error)) => error.help(),
            CliError::ReplacementsTracked(_) => {
                Some("name a file outside of the repository, or below `.git`".into())
            }
            CliError::NothingScanned => Some(
                "the paths hold no files, or ignore rules and --exclude leave none (--no-ignore scans what is ignored)".into(),
            ),
            _ => None,
        }
    }
}
