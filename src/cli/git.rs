//! The git objects to scan.

use super::{error::CliError, input_args::GitArgs};
use crate::source::{
    Source, SourceError,
    git::{
        Commits, GitError, GitOptions, History, HistoryOptions, Range, RepositoryRef, Staged,
        parse_pushes, parse_received,
    },
};
use std::{
    io::Read,
    path::{Path, PathBuf},
};

/// The git objects to scan, not yet read.
#[derive(Debug)]
pub struct GitInput {
    /// The repository, or folders in it; empty means the repository of the working directory.
    pub paths: Vec<PathBuf>,
    kind: GitKind,
}

#[derive(Debug)]
enum GitKind {
    /// The changes in the index.
    Staged { whole_files: bool },
    /// The lines that commits add.
    Commits { commits: Commits, whole_files: bool, every_occurrence: bool },
    /// Every object.
    History(HistoryOptions),
}

impl GitArgs {
    /// `true` if git objects are to be scanned instead of files.
    pub fn is_asked(&self) -> bool {
        self.staged
            || self.range.is_some()
            || self.since.is_some()
            || self.pre_push.is_some()
            || self.pre_receive
            || self.history.is_some()
            || self.all
            || self.unreachable
    }
}

impl GitInput {
    /// The git objects that the arguments name. Reads the pushed references from standard input if
    /// `--pre-push` or `--pre-receive` is given.
    ///
    /// # Errors
    /// Returns an error if standard input does not have the format of such a hook.
    pub fn of(args: GitArgs, paths: Vec<PathBuf>) -> Result<Self, CliError> {
        let GitArgs { whole_files, every_occurrence, past_habits, unreachable, .. } = args;
        let commits = match (args.range, args.since, args.pre_push) {
            (Some(range), ..) => Some(Commits::Range(range)),
            (_, Some(revision), _) => Some(Commits::Since(revision)),
            (.., Some(remote)) => Some(pushed(remote)?),
            _ if args.pre_receive => Some(received()?),
            _ => None,
        };
        let kind = match commits {
            _ if args.staged => GitKind::Staged { whole_files },
            Some(commits) => GitKind::Commits { commits, whole_files, every_occurrence },
            None => {
                let revisions = args.history.unwrap_or_default();
                GitKind::History(HistoryOptions {
                    revisions,
                    unreachable,
                    every_occurrence,
                    past_habits,
                })
            }
        };
        Ok(Self { paths, kind })
    }

    /// `true` if every object that any reference reaches is scanned.
    pub fn is_all_history(&self) -> bool {
        matches!(&self.kind, GitKind::History(options) if options.revisions.is_empty())
            && self.paths.is_empty()
    }

    /// Opens the repository. Also returns the prefix that makes a reported path valid from `cwd`.
    ///
    /// # Errors
    /// Returns an error if there is no repository, or it cannot be read.
    pub fn into_source(
        self,
        cwd: &Path,
        options: GitOptions,
    ) -> Result<(Box<dyn Source>, String), CliError> {
        let place = RepositoryRef::find(cwd, &self.paths, options).map_err(SourceError::from)?;
        Ok(match self.kind {
            GitKind::Staged { whole_files } => {
                let prefix = place.prefix(cwd);
                (Box::new(Staged::new(place, whole_files)), prefix)
            }
            GitKind::Commits { commits, whole_files, every_occurrence } => {
                let mut range = Range::new(place, commits);
                range.whole_files = whole_files;
                range.every_occurrence = every_occurrence;
                (Box::new(range), String::new())
            }
            GitKind::History(options) => (Box::new(History::new(place, options)), String::new()),
        })
    }
}

/// The commits that a push sends to `remote`, from standard input.
fn pushed(remote: String) -> Result<Commits, CliError> {
    let pushes = parse_pushes(&standard_input()?).map_err(SourceError::from)?;
    Ok(Commits::Push { pushes, remote: Some(remote).filter(|name| !name.is_empty()) })
}

/// The commits that a push brings to this repository, from standard input.
fn received() -> Result<Commits, CliError> {
    let pushes = parse_received(&standard_input()?).map_err(SourceError::from)?;
    Ok(Commits::Receive(pushes))
}

/// The bytes of standard input.
fn standard_input() -> Result<Vec<u8>, CliError> {
    let mut text = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut text);
    read.map_err(|error| SourceError::from(GitError::Stdin(error)))?;
    Ok(text)
}
