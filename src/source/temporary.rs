//! Temporary folders that are deleted even if the process ends early.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tempfile::TempDir;

/// Maximum number of attempts to delete a folder.
const MAX_ATTEMPTS: usize = 100;

static FOLDERS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A temporary folder, deleted when dropped or by [`delete_all`].
#[derive(Debug)]
pub struct TemporaryFolder(TempDir);

impl TemporaryFolder {
    /// An empty folder.
    ///
    /// # Errors
    /// Returns an error if it cannot be created.
    pub fn new() -> std::io::Result<Self> {
        // Lock first, so that `delete_all` does not miss a folder that is being created.
        let mut folders = folders();
        let folder = tempfile::Builder::new().prefix("hfscan-").tempdir()?;
        folders.insert(folder.path().to_path_buf());
        Ok(Self(folder))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // Deleted before it is unlisted, so that `delete_all` either finds it or waits.
        let mut folders = folders();
        let _ = std::fs::remove_dir_all(self.0.path());
        folders.remove(self.0.path());
    }
}

/// Deletes all temporary folders, before the process exits without dropping them.
pub fn delete_all() {
    for folder in &std::mem::take(&mut *folders()) {
        // Another thread may still write into it, until a folder that it needs is gone.
        for _ in 0..MAX_ATTEMPTS {
            let _ = std::fs::remove_dir_all(folder);
            if !folder.exists() {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

fn folders() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_deleted_when_dropped_and_before_an_early_end() {
        let (kept, dropped) =
            (TemporaryFolder::new().expect("a folder"), TemporaryFolder::new().expect("a folder"));
        let path = dropped.path().to_path_buf();
        drop(dropped);
        assert!(!path.exists());
        std::fs::write(kept.path().join("a"), "x").expect("a file");
        delete_all();
        assert!(!kept.path().exists());
    }
}
