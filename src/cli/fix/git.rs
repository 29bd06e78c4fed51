//! What git has of the files that are fixed.

use crate::source::git::{GitOptions, RepositoryRef};
use std::path::{Path, PathBuf};

/// The repository around the files.
pub struct Repository {
    repository: git2::Repository,
    work_dir: PathBuf,
}

impl Repository {
    /// The repository around a folder, if there is one.
    pub fn around(dir: &Path) -> Option<Self> {
        let place = RepositoryRef::find(dir, &[dir.to_path_buf()], GitOptions::default()).ok()?;
        let repository = place.open().ok()?;
        let work_dir = repository.workdir()?.to_path_buf();
        let work_dir = std::fs::canonicalize(&work_dir).unwrap_or(work_dir);
        Some(Self { repository, work_dir })
    }

    /// The name of a file in the repository.
    fn name(&self, file: &Path) -> Option<PathBuf> {
        let folder = std::fs::canonicalize(file.parent()?).ok()?;
        Some(folder.join(file.file_name()?).strip_prefix(&self.work_dir).ok()?.to_path_buf())
    }

    /// `true` if the index has the file.
    pub fn is_tracked(&self, file: &Path) -> bool {
        let entry = || self.repository.index().ok()?.get_path(&self.name(file)?, 0);
        entry().is_some()
    }

    /// `true` if git ignores the file, or keeps it itself.
    pub fn is_ignored(&self, file: &Path) -> bool {
        let Some(name) = self.name(file) else { return true };
        self.repository.is_path_ignored(&name).unwrap_or(false)
    }

    /// `true` if the index, or the last commit, has the secret in this file.
    pub fn has(&self, file: &Path, secret: &[u8]) -> bool {
        let Some(name) = self.name(file) else { return false };
        let in_index = || {
            let entry = self.repository.index().ok()?.get_path(&name, 0)?;
            Some(self.holds(entry.id, secret))
        };
        let in_head = || {
            let tree = self.repository.head().ok()?.peel_to_tree().ok()?;
            Some(self.holds(tree.get_path(&name).ok()?.id(), secret))
        };
        in_index() == Some(true) || in_head() == Some(true)
    }

    fn holds(&self, id: git2::Oid, secret: &[u8]) -> bool {
        let blob = self.repository.find_blob(id);
        blob.is_ok_and(|blob| memchr::memmem::find(blob.content(), secret).is_some())
    }
}
