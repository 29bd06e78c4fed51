//! The files of a folder, as the client of the Hub lists them.

use crate::source::root::normalised;
use std::{
    fs::{DirEntry, Metadata},
    io,
    path::{Path, PathBuf},
};

/// An entry of a folder that is to be uploaded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name, relative to the folder, with `/` between its parts.
    pub name: Vec<u8>,
    /// Its path on this machine.
    pub file: PathBuf,
    /// Its kind.
    pub kind: EntryKind,
}

/// The kind of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A file.
    File {
        /// Its size in bytes.
        size: u64,
        /// `true` if it is a link to a file outside the folder.
        is_outside: bool,
    },
    /// A link to a folder or to nothing.
    DeadEnd,
    /// A FIFO, a socket or a device.
    Special,
    /// A folder that cannot be listed.
    Unreadable,
}

/// Everything below `folder` that is not a folder, sorted. Hidden files are listed, links to
/// folders are not followed, links to files are. Folders that cannot be listed, which the client
/// skips, are listed here as [`EntryKind::Unreadable`].
///
/// # Errors
/// Returns an error if `folder` itself cannot be listed.
pub fn list(folder: &Path) -> io::Result<Vec<Entry>> {
    let folder = std::fs::canonicalize(folder)?;
    let mut entries = Vec::new();
    let mut folders = vec![(folder.clone(), Vec::new())];
    let mut is_first = true;
    while let Some((dir, name)) = folders.pop() {
        let listed = match std::fs::read_dir(&dir) {
            Ok(listed) => listed,
            Err(error) if is_first => return Err(error),
            Err(_) => {
                entries.push(Entry { name, file: dir, kind: EntryKind::Unreadable });
                continue;
            }
        };
        is_first = false;
        for entry in listed.flatten() {
            let below = joined(&name, &entry);
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push((entry.path(), below)),
                Ok(kind) => {
                    let file = entry.path();
                    let kind = kind_of(&folder, &file, kind.is_symlink());
                    entries.push(Entry { name: below, file, kind });
                }
                // The file vanished.
                Err(_) => {}
            }
        }
    }
    entries.sort_unstable();
    Ok(entries)
}

/// The entry of a single file.
///
/// # Errors
/// Returns an error if there is no such file.
pub fn single(file: &Path) -> io::Result<Entry> {
    let found = std::fs::metadata(file)?;
    let name = file.file_name().unwrap_or(file.as_os_str());
    let name = name.as_encoded_bytes().to_vec();
    Ok(Entry { name, file: normalised(file), kind: of_metadata(&found, false) })
}

fn joined(folder: &[u8], entry: &DirEntry) -> Vec<u8> {
    let name = entry.file_name();
    let name = crate::model::SourcePath::from_path(Path::new(&name));
    match folder.is_empty() {
        true => name.as_bytes().to_vec(),
        false => [folder, b"/", name.as_bytes()].concat(),
    }
}

fn kind_of(folder: &Path, file: &Path, is_link: bool) -> EntryKind {
    match std::fs::metadata(file) {
        Ok(found) if !found.is_dir() => {
            let leaves = || std::fs::canonicalize(file).is_ok_and(|to| !to.starts_with(folder));
            of_metadata(&found, is_link && leaves())
        }
        _ => EntryKind::DeadEnd,
    }
}

fn of_metadata(found: &Metadata, is_outside: bool) -> EntryKind {
    match found.is_file() {
        true => EntryKind::File { size: found.len(), is_outside },
        false => EntryKind::Special,
    }
}
