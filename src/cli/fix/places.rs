//! The files of a scan on disk, and their state in git.

use crate::{
    cli::examined::Examined,
    fix::{Document, Names, plan},
    model::{Finding, Secret, SourcePath},
    source::git::Recorded,
};
use bstr::ByteSlice;
use std::path::{Path, PathBuf};

/// The files of a scan on disk.
pub struct Places {
    /// The folder that paths are relative to.
    pub dir: PathBuf,
    repository: Option<Recorded>,
}

impl Places {
    /// The files of a scan.
    pub fn of(examined: &Examined) -> Self {
        let root = examined.root.as_ref();
        Self::in_folder(root.map(|root| root.dir().to_path_buf()).unwrap_or_default())
    }

    /// Files whose paths are relative to `dir`.
    pub fn in_folder(dir: PathBuf) -> Self {
        let repository = Recorded::around(&dir);
        Self { dir, repository }
    }

    /// The path on disk of a reported path.
    pub fn file(&self, path: &SourcePath) -> PathBuf {
        let name = path.as_bytes().to_path().map_or_else(
            |_| PathBuf::from(path.as_bytes().to_str_lossy().into_owned()),
            Path::to_path_buf,
        );
        self.dir.join(name)
    }

    /// `true` if the index or the last commit contains a secret in a file.
    pub fn has(&self, file: &Path, secret: &Secret) -> bool {
        self.repository.as_ref().is_some_and(|one| one.has(file, secret.expose()))
    }

    /// Plans the fixes for the findings in one file.
    pub fn plan(&self, path: &SourcePath, bytes: &[u8], findings: &mut [Finding], names: &Names) {
        let ignore_file = self.ignore_file(path);
        let is_tracked =
            self.repository.as_ref().is_some_and(|one| one.is_tracked(&self.file(path)));
        let document = Document { path, bytes, ignore_file: &ignore_file, is_tracked };
        let mut findings: Vec<&mut Finding> = findings.iter_mut().collect();
        plan(document, &mut findings, names);
    }

    /// The nearest existing `.gitignore`, from the folder of a file up to the scanned folder; that
    /// of the scanned folder if there is none.
    fn ignore_file(&self, path: &SourcePath) -> SourcePath {
        let folders = path.ancestors().map(|folder| folder.as_bytes().to_vec());
        let mut files = folders.map(|mut folder| {
            folder.extend_from_slice(b"/.gitignore");
            SourcePath::from_bytes(folder)
        });
        let found = files.find(|file| self.file(file).is_file());
        found.unwrap_or_else(|| SourcePath::from_bytes(".gitignore"))
    }
}
