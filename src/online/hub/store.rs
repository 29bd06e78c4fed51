//! Pieces of remote files on this machine, so that a scan that was stopped goes on where it
//! was.

use sha2::{Digest, Sha256};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A folder of pieces, each named by the content and the place that it is from. Its files are
/// readable by their owner alone.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The store in a folder, which is made if it is missing.
    ///
    /// # Errors
    /// Returns an error if it cannot be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        Ok(Self { folder: folder.to_path_buf() })
    }

    /// A piece, if it is there.
    pub fn get(&self, content: &str, first: u64) -> Option<Vec<u8>> {
        fs::read(self.file(content, first)).ok()
    }

    /// Keeps a piece; what cannot be kept is read again.
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
