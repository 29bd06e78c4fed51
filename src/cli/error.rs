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
    /// A file that was named on the command line cannot be read.
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Read {
        /// The path.
        path: PathBuf,
        /// The I/O error.
        error: std::io::Error,
    },
    /// The report cannot be written.
    #[error("cannot write {}: {error}", crate::model::SourcePath::from_path(path))]
    Write {
        /// The path.
        path: PathBuf,
        /// The I/O error.
        error: std::io::Error,
    },
    /// A baseline cannot be used.
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Baseline {
        /// The path.
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
    #[error("the baseline was not written: the scan was incomplete{0}")]
    Incomplete(String),
    /// Standard output cannot be written to.
    #[error("cannot write to standard output: {0}")]
    Stdout(std::io::Error),
    /// A baseline was requested for standard input.
    #[error("standard input has no baseline")]
    BaselineOfStdin,
    /// The format is unknown.
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
        /// The file of both.
        file: PathBuf,
    },
    /// Two formats would write to standard output.
    #[error("`{0}` and `{1}` would both be written to standard output")]
    TwoOnStdout(String, String),
    /// `--output` was given with a format that names its own file.
    #[error("`--output` needs exactly one format, without a file of its own")]
    OutputTwice,
    /// A report would replace source code.
    #[error("the report would replace {}, which is source code", crate::model::SourcePath::from_path(.0))]
    OverSource(PathBuf),
    /// Standard input was given with other paths.
    #[error("`-` cannot be combined with other paths")]
    StdinAndPaths,
    /// The file of secrets is in the work tree and not ignored.
    #[error(
        "{} lies in the work tree and is not ignored: the secrets in it would be committed with the next `git add`",
        crate::model::SourcePath::from_path(_0)
    )]
    ReplacementsTracked(PathBuf),
    /// `--emit-replacements` was given without a git option.
    #[error("--emit-replacements needs a git option, such as --history")]
    ReplacementsWithoutGit,
    /// The first path is a reserved command name.
    #[error("`{0}` is reserved for a command that this version does not have")]
    Reserved(String),
    /// A request to a server failed or is not allowed.
    #[cfg(feature = "online")]
    #[error(transparent)]
    Online(#[from] crate::online::OnlineError),
    /// The text is not a target on the Hub.
    #[cfg(feature = "online")]
    #[error(transparent)]
    Target(#[from] crate::online::hub::TargetError),
    /// This build has no network code.
    #[error("this hfscan was built without the feature `online`, and cannot open connections")]
    NoNetwork,
    /// The tokens are not sent.
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
    #[error("no file would be uploaded: {0} files are excluded")]
    NothingToUpload(usize),
    /// The file is not a report, or a truncated one.
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Report {
        /// The path.
        path: PathBuf,
        /// The reason.
        error: crate::report::ReadError,
    },
    /// A file cannot be redacted.
    #[cfg(feature = "data")]
    #[error("{}: {error}", crate::model::SourcePath::from_path(path))]
    Redact {
        /// The path.
        path: PathBuf,
        /// The reason.
        error: crate::redact::files::FileError,
    },
    /// The replacement cannot be used.
    #[cfg(feature = "data")]
    #[error(transparent)]
    Replacement(crate::redact::ReplacementError),
    /// Two redacted files would have the same path.
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
        /// The path of both.
        target: PathBuf,
    },
    /// The command is not part of this build.
    #[cfg(not(feature = "data"))]
    #[error("this hfscan was built without `{0}`")]
    NotBuilt(&'static str),
    /// A fix was requested for an input without files in the working tree.
    #[error(
        "fixes need files of the working tree: standard input and git objects cannot be changed"
    )]
    FixWithoutFiles,
    /// Secrets would be lost: no commit contains them.
    #[error(
        "nothing was changed: no commit contains {count} of the secrets to be removed ({masked})"
    )]
    SecretsLost {
        /// The number of secrets.
        count: usize,
        /// The secrets, masked.
        masked: String,
    },
    /// Secrets cannot be written to the file given with `--keep`.
    #[error(
        "nothing was changed: the secrets cannot be kept in {}: {why}",
        crate::model::SourcePath::from_path(file)
    )]
    Keep {
        /// The file.
        file: PathBuf,
        /// The reason.
        why: String,
    },
    /// The client of the language server sent an invalid message.
    #[error("the client sent an invalid message")]
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
            CliError::OverSource(_) => Some("name another file for the report".into()),
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
                "`--keep .env` writes them to a file that git ignores, `--discard` deletes them".into(),
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
        SelectionError::Duplicate { .. } => Some("give the rule a unique id".into()),
        SelectionError::BadGlob(_) => None,
    }
}
