//! Errors that end hfscan.

use crate::{config::ConfigError, rule::SelectionError, scan::RulesError, source::SourceError};
use std::path::PathBuf;

/// An error that ends hfscan with status 2.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The rules cannot be used.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The input cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A setting cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A glob of `--exclude` is invalid.
    #[error("--exclude {0}")]
    Exclude(String),
    /// A file that was named cannot be read.
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        error: std::io::Error,
    },
    /// The report cannot be written.
    #[error("cannot write {}: {error}", crate::model::SourcePath::from_path(path))]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        error: std::io::Error,
    },
    /// A baseline cannot be used.
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Baseline {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: crate::suppress::BaselineError,
    },
    /// The baseline file already exists.
    #[error("{} already exists", crate::model::SourcePath::from_path(.0))]
    BaselineExists(PathBuf),
    /// A file to import has an unknown format.
    #[error("{}: not a gitleaks report, `.gitleaksignore` or detect-secrets baseline", crate::model::SourcePath::from_path(.0))]
    NotAPeersBaseline(PathBuf),
    /// The scan for the baseline was incomplete.
    #[error("the baseline was not written: not everything could be scanned{0}")]
    Incomplete(String),
    /// Standard output cannot be written to.
    #[error("cannot write to standard output: {0}")]
    Stdout(std::io::Error),
    /// A baseline of standard input.
    #[error("standard input has no baseline")]
    BaselineOfStdin,
    /// There is no such format.
    #[error("format: {0}")]
    Format(String),
    /// Two formats would write to one file.
    #[error(
        "`{first}` and `{second}` would both be written to {}",
        crate::model::SourcePath::from_path(file)
    )]
    TwoInFile {
        /// The first format.
        first: String,
        /// The second.
        second: String,
        /// The file.
        file: PathBuf,
    },
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
    /// The first path is the name of a command to come.
    #[error("`{0}` is reserved for a command that this version does not have")]
    Reserved(String),
    /// A server did not answer, or may not be asked.
    #[cfg(feature = "online")]
    #[error(transparent)]
    Online(#[from] crate::online::OnlineError),
    /// A text that names nothing on the Hub.
    #[cfg(feature = "online")]
    #[error(transparent)]
    Target(#[from] crate::online::hub::TargetError),
    /// This build cannot open a connection.
    #[error(
        "this hfscan was built without the feature `online`, and has no code to open a connection"
    )]
    NoNetwork,
    /// Tokens that are not sent.
    #[cfg(feature = "online")]
    #[error(transparent)]
    Token(#[from] super::token_error::TokenError),
    /// `hf` cannot be run.
    #[error("cannot run `hf`: {0}")]
    NoClient(std::io::Error),
    /// The arguments of an upload contradict each other.
    #[error("{0}")]
    Upload(String),
    /// No file would be sent; the number is that of the excluded files.
    #[error("nothing would go up: {0} files are left out")]
    NothingToUpload(usize),
    /// A file is no report, or only a part of one.
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Report {
        /// The file.
        path: PathBuf,
        /// Why.
        error: crate::report::ReadError,
    },
    /// A file cannot be redacted.
    #[cfg(feature = "data")]
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Redact {
        /// The file.
        path: PathBuf,
        /// Why.
        error: crate::redact::files::FileError,
    },
    /// The replacement cannot be used.
    #[cfg(feature = "data")]
    #[error(transparent)]
    Replacement(crate::redact::ReplacementError),
    /// Two files would be written to one.
    #[cfg(feature = "data")]
    #[error(
        "{} and {} would both be written to {}",
        crate::model::SourcePath::from_path(first),
        crate::model::SourcePath::from_path(second),
        crate::model::SourcePath::from_path(target)
    )]
    SameTarget {
        /// The first file.
        first: PathBuf,
        /// The second.
        second: PathBuf,
        /// What both would be written to.
        target: PathBuf,
    },
    /// The command is no part of this build.
    #[cfg(not(feature = "data"))]
    #[error("this hfscan was built without `{0}`")]
    NotBuilt(&'static str),
    /// Fixes of what is no file of the working tree.
    #[error("fixes change files of the working tree: neither standard input nor git's objects")]
    FixWithoutFiles,
    /// Secrets would be lost.
    #[error(
        "nothing was changed: no commit has {count} of the secrets that would be removed ({masked})"
    )]
    SecretsLost {
        /// How many.
        count: usize,
        /// The secrets, masked.
        masked: String,
    },
    /// Secrets cannot be kept in a file.
    #[error(
        "nothing was changed: the secrets cannot be kept in {}: {why}",
        crate::model::SourcePath::from_path(file)
    )]
    Keep {
        /// The file.
        file: PathBuf,
        /// Why.
        why: String,
    },
    /// A client of the language server sent what is no message of the protocol.
    #[error("the client sent something that is no message of the protocol")]
    Protocol,
    /// Nothing was scanned.
    #[error("nothing was scanned")]
    NothingScanned,
}

impl CliError {
    /// The way to correct it, if it is known.
    pub fn help(&self) -> Option<String> {
        match self {
            CliError::Config(error) => error.help.clone(),
            CliError::Rules(RulesError::Rule(error)) => error.help.clone(),
            CliError::Rules(RulesError::Selection(error)) => selection_help(error),
            CliError::TwoOnStdout(..) | CliError::TwoInFile { .. } => {
                Some("give each a file of its own: `--format sarif=out.sarif --format text`".into())
            }
            CliError::OutputTwice => Some("write `--format json=out.json`, or `--format json --output out.json`".into()),
            CliError::BaselineExists(_) => {
                Some("`hfscan baseline update` adds new findings and removes fixed ones".into())
            }
            CliError::Source(SourceError::Git(error)) => error.help(),
            CliError::Reserved(name) => Some(format!("to scan a path of this name, write `./{name}`")),
            CliError::ReplacementsTracked(_) => {
                Some("name a file outside the repository, or below `.git`".into())
            }
            #[cfg(not(feature = "data"))]
            CliError::NotBuilt(_) => Some(
                "releases and wheels have it; from sources, build with `--features data`".into(),
            ),
            CliError::SecretsLost { .. } => Some(
                "`--keep .env` keeps them in a file that git ignores, `--discard` throws them away".into(),
            ),
            #[cfg(feature = "online")]
            CliError::Token(error) => error.help().map(Into::into),
            CliError::NoClient(_) => {
                Some("install the client: `pip install huggingface_hub`".into())
            }
            CliError::NothingScanned => Some(
                "the paths contain no files, or ignore files and --exclude skip them all (--no-ignore scans ignored files)".into(),
            ),
            _ => None,
        }
    }
}

fn selection_help(error: &SelectionError) -> Option<String> {
    match error {
        SelectionError::Unknown { nearest: Some(nearest), .. } => {
            Some(format!("did you mean `{nearest}`? `hfscan rules` lists all"))
        }
        SelectionError::Unknown { .. } => Some("`hfscan rules` lists all".into()),
        SelectionError::Duplicate { .. } => Some("give the rule an id of its own".into()),
        SelectionError::BadGlob(_) => None,
    }
}
