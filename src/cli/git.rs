//! The sources that read git.

use super::{
    args::{GitArgs, ScanArgs},
    error::CliError,
    replacements,
};
use crate::{
    model::Outcome,
    source::{
        Source, SourceError,
        git::{
            Commits, GitError, GitOptions, History, HistoryOptions, Place, Range, Staged,
            parse_pushes,
        },
    },
};
use std::{
    io::{Read, Write},
    path::Path,
};

/// Whether something of git's is to be scanned instead of files.
pub fn is_asked(args: &GitArgs) -> bool {
    args.staged
        || args.range.is_some()
        || args.since.is_some()
        || args.pre_push.is_some()
        || args.history.is_some()
        || args.all
        || args.unreachable
}

/// A source, and what its paths need before them to be opened from here.
pub type Prefixed = (Box<dyn Source>, String);

/// The source of git's that the arguments ask for, and what its paths need before them to
/// be opened from `cwd`.
///
/// # Errors
/// If there is no repository, or it cannot be read.
pub fn source(args: &ScanArgs, cwd: &Path, options: GitOptions) -> Result<Prefixed, CliError> {
    let place = Place::find(cwd, &args.paths, options).map_err(SourceError::from)?;
    if let Some(file) = &args.git.emit_replacements {
        replacements::check(file, &place, cwd)?;
    }
    let prefix = place.prefix(cwd);
    let git = &args.git;
    if git.staged {
        return Ok((Box::new(Staged::new(place, git.whole_files)), prefix));
    }
    if let Some(commits) = commits(git)? {
        let mut range = Range::new(place, commits);
        range.whole_files = git.whole_files;
        range.every_occurrence = git.every_occurrence;
        return Ok((Box::new(range), String::new()));
    }
    let options = HistoryOptions {
        revisions: git.history.clone().unwrap_or_default(),
        unreachable: git.unreachable,
        every_occurrence: git.every_occurrence,
    };
    Ok((Box::new(History::new(place, options)), String::new()))
}

/// The commits that the options name.
fn commits(args: &GitArgs) -> Result<Option<Commits>, CliError> {
    if let Some(range) = &args.range {
        return Ok(Some(Commits::Range(range.clone())));
    }
    if let Some(revision) = &args.since {
        return Ok(Some(Commits::Since(revision.clone())));
    }
    let Some(remote) = &args.pre_push else { return Ok(None) };
    let mut text = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut text)
        .map_err(|error| SourceError::from(GitError::Stdin(error)))?;
    let pushes = parse_pushes(&text).map_err(SourceError::from)?;
    let remote = Some(remote.clone()).filter(|name| !name.is_empty());
    Ok(Some(Commits::Push { pushes, remote }))
}

/// Writes the secrets for a rewrite of history, and says on standard error how to use them.
///
/// # Errors
/// If the file cannot be written.
pub fn emit_replacements(file: &Path, outcome: &Outcome, quiet: bool) -> Result<(), CliError> {
    let unfit = replacements::write(file, outcome)?;
    let mut err = anstream::stderr().lock();
    if unfit > 0 {
        // A message that cannot be written is no reason to fail.
        let _ = writeln!(err, "warning: {unfit} secrets of several lines are not in the file");
    }
    if !quiet {
        let _ = writeln!(
            err,
            "help: after revoking, in a fresh clone: `{}`",
            replacements::command(file)
        );
        let _ = writeln!(err, "help: then delete the file, which holds the secrets themselves");
    }
    Ok(())
}
