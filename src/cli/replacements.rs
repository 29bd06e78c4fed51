//! Writes the secrets that were found, for `git filter-repo --replace-text`.

use super::error::CliError;
use crate::{
    model::{Finding, Outcome, Secret},
    scan::masked,
    source::{
        SourceError,
        git::{GitOptions, RepositoryRef},
        temporary::TemporaryFile,
    },
};
use std::{
    collections::BTreeSet,
    io::Write,
    path::{Path, PathBuf},
};

/// Maximum number of files in a warning.
const MAX_NAMED: usize = 5;
/// The replacement for a secret.
const REPLACEMENT: &str = "***REMOVED***";

/// Checks, before the scan, that secrets can be written to `file`: `git add .` would stage a file
/// in the work tree that git does not ignore. Returns the repository that `paths` name.
///
/// # Errors
/// Returns an error if git would stage the file, or if there is no repository.
pub fn check(file: &Path, paths: &[PathBuf], cwd: &Path) -> Result<RepositoryRef, CliError> {
    let place =
        RepositoryRef::find(cwd, paths, GitOptions::default()).map_err(SourceError::from)?;
    if place.would_track(&cwd.join(file)) {
        return Err(CliError::ReplacementsTracked(file.to_path_buf()));
    }
    Ok(place)
}

/// Writes the secrets in `outcome`, and says on standard error how to use the file.
///
/// # Errors
/// Returns an error if the file cannot be written.
pub fn emit(
    file: &Path,
    place: &RepositoryRef,
    outcome: &Outcome,
    quiet: bool,
) -> Result<(), CliError> {
    let unfit = write(file, outcome)?;
    let mut err = anstream::stderr().lock();
    if let Some(text) = beyond_reach(place, outcome) {
        let _ = writeln!(err, "warning: {text}");
    }
    if unfit > 0 {
        // A write error must not end the run.
        let _ = writeln!(err, "warning: {unfit} secrets of several lines are not in the file");
    }
    if !quiet {
        let _ =
            writeln!(err, "help: after revoking, in a fresh clone: `{}`", masked(&command(file)));
        let _ = writeln!(err, "help: then delete the file, which contains the secrets");
    }
    Ok(())
}

/// A warning about files in which a rewrite leaves secrets behind because the object does not
/// contain their plain text: it is in a container, encoded, or split.
fn beyond_reach(place: &RepositoryRef, outcome: &Outcome) -> Option<String> {
    let found = outcome.findings.iter().filter_map(|finding| {
        let object = finding.history.as_ref()?.origin.object()?;
        Some((finding, (object, finding.secret.as_ref()?.expose())))
    });
    let (findings, wanted): (Vec<&Finding>, Vec<_>) = found.unzip();
    let contain = place.contain(&wanted).ok()?;
    let left = findings.iter().zip(contain).filter(|(_, is_plain)| !is_plain);
    let paths: BTreeSet<String> =
        left.map(|(finding, _)| finding.location.path.to_string()).collect();
    if paths.is_empty() {
        return None;
    }
    let mut named: Vec<&str> = paths.iter().take(MAX_NAMED).map(String::as_str).collect();
    let more = format!("{} more", paths.len() - named.len());
    if paths.len() > named.len() {
        named.push(&more);
    }
    Some(format!(
        "a rewrite does not reach secrets inside of archives and other containers, encoded, or in \
         pieces: remove these files as well (`git filter-repo --invert-paths --path …`): {}",
        named.join(", ")
    ))
}

/// Writes a line for each secret, in a file readable only by its owner. Returns the number of
/// secrets that the format of git-filter-repo cannot express.
fn write(file: &Path, outcome: &Outcome) -> Result<usize, CliError> {
    let failed = |error| CliError::Write { path: file.to_path_buf(), error };
    let secrets: BTreeSet<&Secret> =
        outcome.findings.iter().filter_map(|finding| finding.secret.as_ref()).collect();
    let (fit, unfit): (Vec<&Secret>, Vec<&Secret>) =
        secrets.into_iter().partition(|secret| fits(secret.expose()));
    let written = TemporaryFile::beside(file).map_err(failed)?;
    for secret in &fit {
        written.as_file().write_all(&line(secret.expose())).map_err(failed)?;
    }
    written.rename(file).map_err(failed)?;
    Ok(unfit.len())
}

/// `true` if the secret fits on a line and git-filter-repo takes it literally.
fn fits(secret: &[u8]) -> bool {
    !secret.is_empty()
        && !secret.iter().any(|byte| matches!(byte, b'\n' | b'\r'))
        && memchr::memmem::find(secret, b"==>").is_none()
}

fn line(secret: &[u8]) -> Vec<u8> {
    [b"literal:", secret, b"==>", REPLACEMENT.as_bytes(), b"\n"].concat()
}

/// The command that uses the file.
fn command(file: &Path) -> String {
    format!(
        "git filter-repo --sensitive-data-removal --replace-text {0} --replace-message {0}",
        quoted(&PathBuf::from(file))
    )
}

fn quoted(path: &Path) -> String {
    let text = crate::model::SourcePath::from_path(path).to_string();
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./+".contains(&byte));
    if is_plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_stands_on_a_line_as_it_is() {
        assert_eq!(line(b"a.b*c"), b"literal:a.b*c==>***REMOVED***\n");
    }

    #[test]
    fn what_would_mean_something_else_is_left_out() {
        assert!(fits(b"hf_plain"));
        assert!(!fits(b"two\nlines") && !fits(b"a==>b") && !fits(b""));
    }
}
