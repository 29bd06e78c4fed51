//! Reads one file at a time into a buffer that is kept.

use super::document::{Content, LargeFile, MAX_WHOLE};
use crate::model::SkipReason;
use std::{
    fs::{File, OpenOptions},
    io::{self, Read},
    path::Path,
};

/// The buffer a thread begins with: most source files fit.
const FIRST_BUFFER: usize = 64 << 10;

/// What has more bytes than its size says (a file of `/proc`) is read up to here.
const MAX_UNSIZED: usize = 64 << 20;

/// Reads files, one after the other, into one buffer.
#[derive(Debug)]
pub struct FileReader {
    buffer: Vec<u8>,
    max_bytes: Option<u64>,
}

impl FileReader {
    /// A reader that refuses files of more than `max_bytes`; `None` takes any.
    pub fn new(max_bytes: Option<u64>) -> Self {
        Self { buffer: vec![0; FIRST_BUFFER], max_bytes }
    }

    /// The content of the file at `path`, which is not followed if it is a symbolic
    /// link, and not waited for if it is no regular file.
    ///
    /// # Errors
    /// Why it is left out, and what the system said.
    pub fn read(&mut self, path: &Path) -> Result<Content<'_>, (SkipReason, String)> {
        self.content(open(path).map_err(of_error)?)
    }

    /// The content of an open file.
    ///
    /// # Errors
    /// Why it is left out, and what the system said.
    pub fn content(&mut self, mut file: File) -> Result<Content<'_>, (SkipReason, String)> {
        if let Some(limit) = self.max_bytes {
            let len = file.metadata().map_err(of_error)?.len();
            if len > limit {
                return Err((SkipReason::TooLarge, format!("{len} bytes, the limit is {limit}")));
            }
        }
        let mut filled = 0;
        loop {
            // Of a model of gigabytes only the beginning is read: its size is asked for
            // before more than that.
            if filled == FIRST_BUFFER {
                let len = file.metadata().map_err(of_error)?.len();
                if len > MAX_WHOLE as u64 {
                    return Ok(Content::Large(LargeFile { file, len }));
                }
            }
            if filled == self.buffer.len() {
                if filled >= MAX_WHOLE {
                    let len = file.metadata().map_err(of_error)?.len();
                    if len > filled as u64 {
                        return Ok(Content::Large(LargeFile { file, len }));
                    }
                    if filled >= MAX_UNSIZED {
                        return Err((SkipReason::Unreadable, "it has no end".into()));
                    }
                }
                let larger = if filled < MAX_WHOLE {
                    (filled * 2).min(MAX_WHOLE)
                } else {
                    filled + FIRST_BUFFER
                };
                self.buffer.resize(larger, 0);
            }
            let end = if filled < FIRST_BUFFER { FIRST_BUFFER } else { self.buffer.len() };
            match file.read(&mut self.buffer[filled..end]) {
                Ok(0) => return Ok(Content::Whole(&self.buffer[..filled])),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(of_error(error)),
            }
        }
    }
}

/// Opens a file for reading. A symbolic link is refused, and a FIFO is not waited for,
/// even if it took the place of a file after the walk had seen that.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    options.open(path)
}

/// Why a file that gave this error is left out.
pub fn of_error(error: io::Error) -> (SkipReason, String) {
    // The answer of `open` with `O_NOFOLLOW` to a symbolic link.
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
        return (SkipReason::Symlink, String::new());
    }
    let reason = match error.kind() {
        io::ErrorKind::NotFound => SkipReason::Vanished,
        _ => SkipReason::Unreadable,
    };
    (reason, error.to_string())
}
