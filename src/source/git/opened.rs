//! Checks the files that libgit2 opens by itself: it would block on a FIFO or a device, and reads
//! most files whole.

use super::{config_file, error::GitError, store::with_alternates};
use crate::source::{
    regular,
    root::normalised,
    tracked::{WorkTree, path_of},
};
use std::{
    collections::BTreeSet,
    fs::{self, FileType},
    path::{Path, PathBuf},
};

/// Maximum size in bytes of a reference.
const MAX_REFERENCE: u64 = 64 << 10;
/// Maximum length of a chain of references, as in libgit2.
const MAX_NAMED: usize = 10;
/// Maximum nesting depth of folders of references.
const MAX_DEPTH: usize = 64;
/// Files of a repository, and their maximum sizes in bytes.
const LIMITS: [(&str, u64); 6] = [
    ("HEAD", MAX_REFERENCE),
    ("commondir", MAX_REFERENCE),
    ("gitdir", MAX_REFERENCE),
    ("packed-refs", 256 << 20),
    ("shallow", 64 << 20),
    ("logs/refs/stash", 64 << 20),
];
/// The folders of a repository with such files, including its own.
const FOLDERS: [&str; 2] = ["", "info"];

/// Checks the files that libgit2 opens to find and read the repository around `start`.
///
/// # Errors
/// Returns an error if a file is a FIFO or a device, or is too large.
pub fn check(start: &Path) -> Result<(), GitError> {
    let around = start.ancestors().flat_map(|dir| [dir.join(".git"), dir.to_path_buf()]);
    // A `.git` that is a file contains the path of a folder, which may do the same.
    let named = WorkTree::around(start).map(|tree| [tree.shared_dir(), tree.git_dir]);
    // Most of these are one folder.
    let dirs: BTreeSet<PathBuf> = around.chain(named.into_iter().flatten()).collect();
    for dir in dirs.iter().filter(|dir| is_git_dir(dir)) {
        check_files(dir)?;
        check_head(dir)?;
        config_file::check(&[dir.join("config"), dir.join("config.worktree")])?;
    }
    Ok(())
}

/// Checks the references and their logs, since a revision may refer to any of them.
///
/// # Errors
/// Returns an error if one is a FIFO or a device, or is too large.
pub fn check_references(common_dir: &Path) -> Result<(), GitError> {
    let mut folders = vec![(common_dir.join("refs"), 0), (common_dir.join("logs"), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if depth < MAX_DEPTH {
                    folders.push((entry.path(), depth + 1));
                }
            } else {
                check_kind(entry.path())?;
            }
        }
    }
    Ok(())
}

/// `true` if libgit2 may treat a folder as a git directory.
fn is_git_dir(dir: &Path) -> bool {
    ["objects", "commondir"].iter().any(|name| dir.join(name).symlink_metadata().is_ok())
}

fn check_files(dir: &Path) -> Result<(), GitError> {
    for folder in FOLDERS {
        check_folder(&dir.join(folder))?;
    }
    for objects in with_alternates(&[dir.join("objects")]) {
        for folder in ["info", "pack"] {
            check_folder(&objects.join(folder))?;
        }
    }
    for (name, limit) in LIMITS {
        let path = dir.join(name);
        check_kind(path.clone())?;
        if fs::metadata(&path).is_ok_and(|found| found.is_file() && found.len() > limit) {
            return Err(GitError::Large { path, limit });
        }
    }
    Ok(())
}

fn check_folder(folder: &Path) -> Result<(), GitError> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_symlink() || is_special(kind)) {
            check_kind(entry.path())?;
        }
    }
    Ok(())
}

/// Checks the references that `HEAD` leads to in the same way, in turn.
fn check_head(dir: &Path) -> Result<(), GitError> {
    let read = |path: &Path| regular::read(path, MAX_REFERENCE).ok();
    let common = read(&dir.join("commondir"));
    let common = common.map_or_else(
        || dir.to_path_buf(),
        |name| normalised(&dir.join(path_of(name.trim_ascii()))),
    );
    let mut path = dir.join("HEAD");
    for _ in 0..MAX_NAMED {
        let text = read(&path).unwrap_or_default();
        let Some(name) = text.strip_prefix(b"ref:") else { break };
        path = common.join(path_of(name.trim_ascii()));
        check_kind(path.clone())?;
    }
    Ok(())
}

/// Returns an error if a file is a FIFO or a device, or a link to one.
fn check_kind(path: PathBuf) -> Result<(), GitError> {
    match fs::metadata(&path) {
        Ok(found) if is_special(found.file_type()) => Err(GitError::Special(path)),
        _ => Ok(()),
    }
}

/// `true` for a file whose opening or reading may block forever. A socket, such as that of git's
/// file monitor, fails at once.
#[cfg(unix)]
pub fn is_special(kind: FileType) -> bool {
    use std::os::unix::fs::FileTypeExt;
    kind.is_fifo() || kind.is_char_device() || kind.is_block_device()
}

/// Other systems have no such files in folders.
#[cfg(not(unix))]
pub fn is_special(_kind: FileType) -> bool {
    false
}
