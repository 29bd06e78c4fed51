//! The baseline of a repository: its path, and the findings that it contains.

use super::{
    error::CliError, input::Input, request::KnownFindings, surroundings::folder_in_repository,
};
use crate::{
    model::SourcePath,
    source::{Root, WorkTree},
    suppress::{AppliedBaseline, Baseline, Files, baseline::DEFAULT_NAME},
};
use bstr::ByteSlice;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// The baseline that applies to a scan, if there is one.
///
/// # Errors
/// Returns an error for a baseline that cannot be used, and for a named one that does not
/// exist.
pub fn find(known: &KnownFindings, input: &Input) -> Result<Option<AppliedBaseline>, CliError> {
    let root = input.root();
    let home = root.map(home);
    let path = match known {
        KnownFindings::None => return Ok(None),
        KnownFindings::Of(path) => Some(path.clone()),
        KnownFindings::OfRepository => {
            home.as_ref().map(|home| home.join(DEFAULT_NAME)).filter(|path| path.is_file())
        }
    };
    let Some(path) = path else { return Ok(None) };
    let folder = root.map(folder_in_repository).unwrap_or_default();
    let mut applied = applied(read(&path)?, folder, home.as_deref());
    let covers_files = !input.is_of_git();
    let scope = Scope { paths: input.paths(), covers_files, covers_history: false };
    let AppliedBaseline { baseline, folder, covered, name, .. } = &mut applied;
    with_files(home.as_deref(), folder, scope, |files| {
        let paths = baseline.paths().filter(|path| covers_files && (files.in_scope)(path));
        *covered = paths.cloned().collect();
    });
    *name = SourcePath::from_path(Path::new(path.file_name().unwrap_or_default()));
    Ok(Some(applied))
}

/// A baseline, with the paths of its files that no longer exist below `home`.
pub fn applied(baseline: Baseline, folder: Vec<u8>, home: Option<&Path>) -> AppliedBaseline {
    let mut gone = BTreeSet::new();
    let scope = Scope { paths: &[], covers_files: true, covers_history: false };
    with_files(home, &folder, scope, |files| {
        gone = baseline.paths().filter(|path| !(files.exists)(path)).cloned().collect();
    });
    AppliedBaseline { baseline, folder, gone, ..AppliedBaseline::default() }
}

/// Reads a baseline.
///
/// # Errors
/// Returns an error if it cannot be read or used.
pub fn read(path: &Path) -> Result<Baseline, CliError> {
    let text =
        std::fs::read(path).map_err(|error| CliError::Read { path: path.to_path_buf(), error })?;
    Baseline::read(&text).map_err(|error| CliError::Baseline { path: path.to_path_buf(), error })
}

/// The folder that a baseline's paths are relative to: the root of the repository, or outside a
/// repository the scanned folder.
pub fn home(root: &Root) -> PathBuf {
    WorkTree::around(root.dir()).map_or_else(|| root.dir().to_path_buf(), |tree| tree.dir)
}

/// The extent of a scan. Baseline entries in it that the scan does not find are fixed.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The paths that were scanned; empty means everything below the working directory.
    pub paths: &'a [PathBuf],
    /// `true` if files were scanned.
    pub covers_files: bool,
    /// `true` if all of git's history was scanned.
    pub covers_history: bool,
}

/// Calls `use_them` with the baseline's files.
pub fn with_files(
    home: Option<&Path>,
    folder: &[u8],
    scope: Scope<'_>,
    use_them: impl FnOnce(&Files<'_>),
) {
    let home = home.map(|home| home.canonicalize().unwrap_or_else(|_| home.to_path_buf()));
    let place = |path: &SourcePath| {
        let below = path.as_bytes().to_path().ok()?;
        Some(home.as_ref()?.join(below))
    };
    let here = [PathBuf::from(".")];
    let scanned = if scope.paths.is_empty() { &here[..] } else { scope.paths };
    let scanned: Vec<PathBuf> =
        scanned.iter().filter_map(|path| path.canonicalize().ok()).collect();
    // Without a folder to check, every file counts as existing, so none was renamed.
    let exists = |path: &SourcePath| {
        place(path).is_none_or(|place| std::fs::symlink_metadata(place).is_ok())
    };
    let in_scope = |path: &SourcePath| {
        place(path).is_some_and(|place| scanned.iter().any(|one| place.starts_with(one)))
    };
    let Scope { covers_files, covers_history, .. } = scope;
    use_them(&Files { folder, exists: &exists, in_scope: &in_scope, covers_files, covers_history });
}
