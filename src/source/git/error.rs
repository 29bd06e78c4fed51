//! Errors of reading git's objects.

use std::path::PathBuf;

/// The reason why git's objects cannot be read, with a hint on how to fix it.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no repository.
    #[error("{} is not in a git repository", shown(.0))]
    NoRepository(PathBuf),
    /// Another user owns the repository.
    #[error("the repository at {} belongs to another user", shown(.0))]
    Owner(PathBuf),
    /// The repository has a format that cannot be read.
    #[error("the repository at {} has a format that hfscan cannot read: {what}", shown(path))]
    Format {
        /// Its path.
        path: PathBuf,
        /// The format.
        what: String,
    },
    /// A file of the repository is not a regular file.
    #[error("{} is not a regular file", shown(.0))]
    Special(PathBuf),
    /// A file of the repository is larger than any that git writes.
    #[error("{} is larger than {limit} bytes", shown(path))]
    Large {
        /// Its path.
        path: PathBuf,
        /// Maximum size in bytes.
        limit: u64,
    },
    /// A configuration of the repository cannot be read.
    #[error("{} is {what}", shown(path))]
    Config {
        /// Its path.
        path: PathBuf,
        /// The reason.
        what: String,
    },
    /// A file that a configuration includes cannot be read.
    #[error("{}:{line}: it includes {}, which is {what}", shown(config), shown(path))]
    Include {
        /// The configuration.
        config: PathBuf,
        /// The line of the include, from 1.
        line: usize,
        /// The included file.
        path: PathBuf,
        /// The reason.
        what: String,
    },
    /// The repository has no work tree, but one is needed.
    #[error("the repository at {} is bare: it has no index", shown(.0))]
    Bare(PathBuf),
    /// A revision does not exist.
    #[error("`{revision}` names no commit: {message}")]
    Revision {
        /// The revision as the user gave it.
        revision: String,
        /// The message of libgit2.
        message: String,
    },
    /// A line does not follow the pre-push protocol.
    #[error("standard input, line {0}: expected `<local ref> <local id> <remote ref> <remote id>`")]
    Protocol(usize),
    /// A line of standard input does not follow the pre-receive protocol.
    #[error("standard input, line {0}: expected `<old id> <new id> <ref>`")]
    Received(usize),
    /// Standard input cannot be read.
    #[error("standard input: {0}")]
    Stdin(std::io::Error),
    /// The index cannot be read.
    #[error("the index {} cannot be read: {what}", shown(path))]
    Index {
        /// Its path.
        path: PathBuf,
        /// The defect.
        what: String,
    },
    /// Another operation failed.
    #[error("{what}: {message}")]
    Git {
        /// The operation that failed.
        what: String,
        /// The message of libgit2.
        message: String,
    },
}

impl GitError {
    /// A failure of libgit2 in the operation `what`.
    pub fn of(what: impl Into<String>, error: &git2::Error) -> Self {
        GitError::Git { what: what.into(), message: error.message().to_string() }
    }

    /// How to fix it, if known.
    pub fn help(&self) -> Option<String> {
        match self {
            GitError::NoRepository(_) => Some(
                "run it inside a repository, or name one; without a git option files are scanned as they are".into(),
            ),
            GitError::Owner(path) => Some(format!(
                "if you trust it: `git config --global --add safe.directory {}`; in a container \
                 `--user \"$(id -u)\"`",
                shown(path)
            )),
            GitError::Format { .. } => Some(
                "to scan its files as they are, omit the git option".into(),
            ),
            GitError::Revision { .. } => {
                Some("in a shallow clone, fetch it first: `git fetch --unshallow`".into())
            }
            GitError::Protocol(_) => {
                Some("--pre-push reads the input that git passes to a pre-push hook".into())
            }
            GitError::Bare(_) => {
                Some("use --range, --pre-receive or --history there".into())
            }
            GitError::Received(_) => {
                Some("--pre-receive reads the input that git passes to a pre-receive hook".into())
            }
            GitError::Include { .. } => {
                Some("remove the line from the configuration, or scan the files without a git option".into())
            }
            GitError::Special(_) | GitError::Large { .. } | GitError::Config { .. } => Some(
                "git does not create such files: delete it, or scan the files without a git option".into(),
            ),
            GitError::Stdin(_) | GitError::Index { .. } | GitError::Git { .. } => None,
        }
    }
}

fn shown(path: &std::path::Path) -> crate::model::SourcePath {
    crate::model::SourcePath::from_path(path)
}
