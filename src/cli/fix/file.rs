//! A file of the working tree, read and replaced as a whole.

use crate::{
    fix::max_bytes, language::json_row::is_json_lines, model::SourcePath,
    source::temporary::TemporaryFile,
};
use std::{
    fs::{File, Metadata, OpenOptions},
    io::{Read, Write},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::SystemTime,
};

/// The reason for refusing a file that is too large to be hand-written.
pub const TOO_LARGE: &str = "it is larger than 8 MiB";
/// The reason for refusing JSON Lines, which programs write.
const TOO_MANY_ROWS: &str =
    "it is larger than 64 MiB: `hfscan redact` writes a copy without the credentials";

/// A file of the working tree with its content at the time of reading.
pub struct WorkFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    metadata: Metadata,
}

impl WorkFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Returns the reason: not a regular file, too large, or it cannot be opened.
    pub fn read(path: &Path) -> Result<Self, String> {
        let found = std::fs::symlink_metadata(path).map_err(|error| error.to_string())?;
        if found.file_type().is_symlink() {
            return Err("it is a symbolic link".into());
        }
        if !found.is_file() {
            return Err("it is no regular file".into());
        }
        let name = SourcePath::from_path(path);
        if found.len() > max_bytes(&name) as u64 {
            let why = if is_json_lines(&name) { TOO_MANY_ROWS } else { TOO_LARGE };
            return Err(why.into());
        }
        let mut file = open(path).map_err(|error| error.to_string())?;
        let metadata = file.metadata().map_err(|error| error.to_string())?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        let after = file.metadata().map_err(|error| error.to_string())?;
        if !is_same(&metadata, &after) || after.len() != bytes.len() as u64 {
            return Err("it changes while it is read".into());
        }
        Ok(Self { bytes, metadata })
    }

    /// Checks that the file can be replaced.
    ///
    /// # Errors
    /// Returns the reason if it cannot.
    pub fn check_writable(&mut self, path: &Path) -> Result<(), String> {
        if std::str::from_utf8(&self.bytes).is_err() {
            return Err("it is not in UTF-8".into());
        }
        if self.bytes.contains(&0) {
            return Err("it is no text".into());
        }
        if self.metadata.permissions().readonly() {
            return Err("it is read-only".into());
        }
        #[cfg(unix)]
        if std::os::unix::fs::MetadataExt::nlink(&self.metadata) > 1 {
            return Err("it has several names (hard links), of which only one would change".into());
        }
        OpenOptions::new().write(true).open(path).map(drop).map_err(|error| error.to_string())
    }

    /// Replaces the file atomically: a temporary file in the same folder is renamed to it.
    ///
    /// # Errors
    /// Returns the reason: the file changed since it was read, or the folder is not writable.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), String> {
        let now = Self::read(path)?;
        if !is_same(&now.metadata, &self.metadata) || now.bytes != self.bytes {
            return Err("it changed meanwhile".into());
        }
        let new = TemporaryFile::beside(path).map_err(|error| error.to_string())?;
        let written = || -> std::io::Result<()> {
            stop_for_the_tests("created");
            new.as_file().write_all(bytes)?;
            stop_for_the_tests("written");
            keep_owner(new.as_file(), &self.metadata)?;
            new.as_file().set_permissions(self.metadata.permissions())?;
            new.as_file().sync_all()
        };
        written().map_err(|error| error.to_string())?;
        stop_for_the_tests("synced");
        new.rename(path).map_err(|error| error.to_string())?;
        stop_for_the_tests("renamed");
        Ok(())
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags);
    }
    options.open(path)
}

/// Sets the owner of the new file to that of the old one.
fn keep_owner(file: &File, old: &Metadata) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            fchown(file, Some(old.uid()), Some(old.gid()))?;
        }
    }
    let _ = (file, old);
    Ok(())
}

fn is_same(a: &Metadata, b: &Metadata) -> bool {
    let time = |one: &Metadata| one.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if (a.dev(), a.ino()) != (b.dev(), b.ino()) {
            return false;
        }
    }
    (a.len(), time(a)) == (b.len(), time(b))
}

/// Exits at a step of writing, given by its name or its number from 0, so that tests can check the
/// state after a crash. Does nothing in release builds.
pub fn stop_for_the_tests(step: &str) {
    static STEPS: AtomicUsize = AtomicUsize::new(0);
    if cfg!(debug_assertions) {
        let number = STEPS.fetch_add(1, Ordering::Relaxed).to_string();
        let wanted = std::env::var("HFSCAN_TEST_STOP_AT");
        if wanted.is_ok_and(|at| at == step || at == number) {
            std::process::abort();
        }
    }
}
