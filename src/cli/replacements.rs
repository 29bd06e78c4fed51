//! Writes the secrets that were found for `git filter-repo --replace-text`.

use super::error::CliError;
use crate::{
    model::{Outcome, Secret},
    source::git::Place,
};
use std::{
    collections::BTreeSet,
    io::Write,
    path::{Path, PathBuf},
};

/// What stands in a secret's place after a rewrite.
const REPLACEMENT: &str = "***REMOVED***";

/// Checks, before anything is scanned, that secrets can be written to `file`: a file in
/// the work tree that git does not ignore would be committed with the next `git add .`.
///
/// # Errors
/// If it would.
pub fn check(file: &Path, place: &Place, cwd: &Path) -> Result<(), CliError> {
    if place.would_track(&cwd.join(file)) {
        return Err(CliError::ReplacementsTracked(file.to_path_buf()));
    }
    Ok(())
}

/// Writes a line for each secret, in a file that its owner alone can read.
///
/// A secret that git-filter-repo's format cannot hold, since a line ends in it, is told
/// of on standard error.
///
/// # Errors
/// If the file cannot be written.
pub fn write(file: &Path, outcome: &Outcome) -> Result<usize, CliError> {
    let failed = |error| CliError::Write { path: file.to_path_buf(), error };
    let secrets: BTreeSet<&Secret> =
        outcome.findings.iter().filter_map(|finding| finding.secret.as_ref()).collect();
    let (fit, unfit): (Vec<&Secret>, Vec<&Secret>) =
        secrets.into_iter().partition(|secret| fits(secret.expose()));
    let folder =
        file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A temporary file is its owner's alone from the first moment on.
    let mut written =
        tempfile::Builder::new().prefix(".hfscan-").tempfile_in(folder).map_err(failed)?;
    for secret in &fit {
        written.write_all(&line(secret.expose())).map_err(failed)?;
    }
    written.persist(file).map_err(|error| failed(error.error))?;
    Ok(unfit.len())
}

/// Whether a line can hold it, and nothing in it says something else to git-filter-repo.
fn fits(secret: &[u8]) -> bool {
    !secret.is_empty()
        && !secret.iter().any(|byte| matches!(byte, b'\n' | b'\r'))
        && memchr::memmem::find(secret, b"==>").is_none()
}

fn line(secret: &[u8]) -> Vec<u8> {
    [b"literal:", secret, b"==>", REPLACEMENT.as_bytes(), b"\n"].concat()
}

/// The command that uses the file.
pub fn command(file: &Path) -> String {
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
