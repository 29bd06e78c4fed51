//! Temporary folders and files that are deleted even if the process ends early.

use std::{
    collections::BTreeSet,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tempfile::{NamedTempFile, TempDir};

/// Maximum number of attempts to delete one.
const MAX_ATTEMPTS: usize = 100;

static PATHS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A temporary folder, deleted when dropped or by [`delete_all`].
#[derive(Debug)]
pub struct TemporaryFolder(TempDir);

impl TemporaryFolder {
    /// An empty folder.
    ///
    /// # Errors
    /// Returns an error if it cannot be created.
    pub fn new() -> io::Result<Self> {
        // Lock first, so that `delete_all` does not miss a folder that is being created.
        let mut paths = paths();
        let folder = tempfile::Builder::new().prefix("hfscan-").tempdir()?;
        paths.insert(folder.path().to_path_buf());
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
        let mut paths = paths();
        let _ = std::fs::remove_dir_all(self.0.path());
        paths.remove(self.0.path());
    }
}

/// The new content of a file, in a file beside it (`.hfscan-…`). Deleted by [`delete_all`], or when
/// dropped before it is [renamed](Self::rename).
#[derive(Debug)]
pub struct TemporaryFile {
    /// `None` once it is renamed.
    file: Option<NamedTempFile>,
    path: PathBuf,
}

impl TemporaryFile {
    /// An empty file in the folder of `path`, readable only by its owner.
    ///
    /// # Errors
    /// Returns an error if it cannot be created.
    pub fn beside(path: &Path) -> io::Result<Self> {
        Self::create(&mut tempfile::Builder::new(), path)
    }

    /// An empty file in the folder of `path`, with the permissions of any new file.
    ///
    /// # Errors
    /// Returns an error if it cannot be created.
    pub fn readable_beside(path: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        // Subject to the umask.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        Self::create(&mut builder, path)
    }

    fn create(builder: &mut tempfile::Builder<'_, '_>, path: &Path) -> io::Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut paths = paths();
        let file = builder.prefix(".hfscan-").tempfile_in(folder.unwrap_or(Path::new(".")))?;
        paths.insert(file.path().to_path_buf());
        Ok(Self { path: file.path().to_path_buf(), file: Some(file) })
    }

    /// The open file.
    pub fn as_file(&self) -> &File {
        self.file.as_ref().expect("it is not renamed yet").as_file()
    }

    /// Renames it to `path`, which it replaces.
    ///
    /// # Errors
    /// Returns an error if `path` cannot be replaced; the file is then deleted.
    pub fn rename(mut self, path: &Path) -> io::Result<()> {
        // `delete_all` waits for the result.
        let _paths = paths();
        let renamed = self.file.take().map(|file| file.persist(path));
        renamed.transpose().map(drop).map_err(|error| error.error)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let mut paths = paths();
        drop(self.file.take());
        paths.remove(&self.path);
    }
}

/// Deletes all temporary folders and files, before the process exits without dropping them.
pub fn delete_all() {
    for path in &std::mem::take(&mut *paths()) {
        // Another thread may still write into a folder, until one that it needs is gone.
        for _ in 0..MAX_ATTEMPTS {
            let _ = if path.is_dir() {
                std::fs::remove_dir_all(path)
            } else {
                std::fs::remove_file(path)
            };
            if !path.exists() {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

fn paths() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    PATHS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_temporary_is_deleted_when_dropped_and_before_an_early_end() {
        let (kept, dropped) =
            (TemporaryFolder::new().expect("a folder"), TemporaryFolder::new().expect("a folder"));
        let path = dropped.path().to_path_buf();
        drop(dropped);
        assert!(!path.exists());
        std::fs::write(kept.path().join("a"), "x").expect("a file");
        let beside = |name| TemporaryFile::beside(&kept.path().join(name)).expect("a file");
        drop(beside("b"));
        beside("c").rename(&kept.path().join("c")).expect("it is renamed");
        let names = std::fs::read_dir(kept.path()).expect("a folder");
        let mut names: Vec<_> = names.map(|one| one.expect("an entry").file_name()).collect();
        names.sort();
        assert_eq!(names, ["a", "c"]);
        let other = tempfile::tempdir().expect("a folder");
        let file = TemporaryFile::beside(&other.path().join("d")).expect("a file");
        delete_all();
        assert!(!kept.path().exists());
        assert!(std::fs::read_dir(other.path()).expect("a folder").next().is_none());
        drop(file);
    }
}
