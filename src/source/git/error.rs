//! What keeps git's objects from being read.

use std::path::PathBuf;

/// What keeps git's objects from being read, with the way out.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no repository.
    #[error("{} is in no git repository", shown(.0))]
    NoRepository(PathBuf),
    /// Another user owns the repository.
    #[error("the repository at {} belongs to another user", shown(.0))]
    Owner(PathBuf),
    /// The repository is of a kind that cannot be read.
    #[error("the repository at {} is of a kind that hfscan cannot read: {what}", shown(path))]
    Format {
        /// Where it is.
        path: PathBuf,
        /// What it is.
        what: String,
    },
    /// A file of the repository that is no regular file.
    #[error("{} is not a regular file", shown(.0))]
    Special(PathBuf),
    /// A repository without a work tree, where one is needed.
    #[error("the repository at {} is bare: it has no index", shown(.0))]
    Bare(PathBuf),
    /// A revision that names nothing.
    #[error("`{revision}` names no commit: {message}")]
    Revision {
        /// As it was given.
        revision: String,
        /// What libgit2 said.
        message: String,
    },
    /// A line of the pre-push protocol that is none.
    #[error("standard input, line {0}: expected `<local ref> <local id> <remote ref> <remote id>`")]
    Protocol(usize),
    /// A line of standard input that is not of the pre-receive protocol.
    #[error("standard input, line {0}: expected `<old id> <new id> <ref>`")]
    Received(usize),
    /// Standard input cannot be read.
    #[error("standard input: {0}")]
    Stdin(std::io::Error),
    /// The index cannot be read.
    #[error("the index {} cannot be read: {what}", shown(path))]
    Index {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// Something else failed.
    #[error("{what}: {message}")]
    Git {
        /// What was to be done.
        what: String,
        /// What libgit2 said.
        message: String,
    },
}

impl GitError {
    /// A failure of libgit2 while doing `what`.
    pub fn of(what: impl Into<String>, error: &git2::Error) -> Self {
        GitError::Git { what: what.into(), message: error.message().to_string() }
    }

    /// The way out, where there is one to tell.
    pub fn help(&self) -> Option<String> {
        match self {
            GitError::NoRepository(_) => Some(
                "run it inside a repository, or name one; without a git option files are scanned as they are".into(),
            ),
            GitError::Owner(path) => Some(format!(
                "if you trust it: `git config --global --add safe.directory {}`",
                shown(path)
            )),
            GitError::Format { .. } => Some(
                "its files can still be scanned as they are: leave the git option out".into(),
            ),
            GitError::Revision { .. } => {
                Some("in a shallow clone, fetch it first: `git fetch --unshallow`".into())
            }
            GitError::Protocol(_) => {
                Some("--pre-push reads what git gives to a pre-push hook".into())
            }
            GitError::Bare(_) => {
                Some("use --range, --pre-receive or --history there".into())
            }
            GitError::Received(_) => {
                Some("--pre-receive reads what git gives to a pre-receive hook".into())
            }
            GitError::Special(_) | GitError::Stdin(_) | GitError::Index { .. } | GitError::Git { .. } => None,
        }
    }
}

fn shown(path: &std::path::Path) -> crate::model::SourcePath {
    crate::model::SourcePath::from_path(path)
}
