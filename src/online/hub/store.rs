//! Local cache of pieces of remote files, with which a stopped scan can resume.

use sha2::{Digest, Sha256};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A folder of pieces, each named by the hash of its content id and offset. Its files are readable
/// only by their owner.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Opens the cache in a folder, which is created if needed.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be created.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        Ok(Self { folder: folder.to_path_buf() })
    }

    /// A cached piece.
    pub fn get(&self, content: &str, first: u64) -> Option<Vec<u8>> {
        fs::read(self.file(content, first)).ok()
    }

    /// Caches a piece; write errors are ignored, and the piece is read again.
    pub fn put(&self, content: &str, first: u64, bytes: &[u8]) {
        let Ok(mut file) = tempfile::Builder::new().prefix(".piece-").tempfile_in(&self.folder)
        else {
            return;
        };
        if io::Write::write_all(&mut file, bytes).is_ok() {
            let _ = file.persist(self.file(content, first));
        }
    }

    fn file(&self, content: &str, first: u64) -> PathBuf {
        let digest = Sha256::digest(format!("{content}\0{first}").as_bytes());
        let name: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(name)
    }
}
