//! Reads small files of a possibly hostile tree or repository.

use super::reader;
use std::{io::Read, path::Path};

/// The reason why a small file was not read.
#[derive(Debug)]
pub enum Unread {
    /// It is a symbolic link, a folder, a FIFO, a socket or a device.
    NotRegular,
    /// Its size in bytes exceeds the limit.
    TooLarge(u64),
    /// It is missing or cannot be read.
    Failed,
}

/// The bytes of a regular file of at most `max` bytes. Links are not followed, and a FIFO does not
/// block.
///
/// # Errors
/// Returns an error if it cannot be read, is not a regular file, or is larger.
pub fn read(path: &Path, max: u64) -> Result<Vec<u8>, Unread> {
    let file = reader::open(path).map_err(|error| match reader::is_link(&error) {
        true => Unread::NotRegular,
        false => Unread::Failed,
    })?;
    let found = file.metadata().map_err(|_| Unread::Failed)?;
    if !found.is_file() {
        return Err(Unread::NotRegular);
    }
    let mut bytes = Vec::new();
    file.take(max.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| Unread::Failed)?;
    match bytes.len() as u64 {
        len if len > max => Err(Unread::TooLarge(len.max(found.len()))),
        _ => Ok(bytes),
    }
}
