//! Reads one file at a time into a buffer that is reused.

use super::document::{Content, LargeContent, MAX_WHOLE};
use crate::model::SkipReason;
use std::{
    fs::{File, OpenOptions},
    io::{self, Read},
    path::Path,
};

/// Initial size of a thread's buffer in bytes, enough for most source files.
const FIRST_BUFFER: usize = 64 << 10;

/// Maximum number of bytes read from a file that is longer than its reported size, such as those in
/// `/proc`.
const MAX_UNSIZED: usize = 64 << 20;

/// The unreadable part of a file begins at a multiple of this number of bytes.
const SECTOR: usize = 512;

/// Reads files in turn into one buffer.
#[derive(Debug)]
pub struct FileReader {
    buffer: Vec<u8>,
    max_bytes: Option<u64>,
    ends_show: bool,
}

impl FileReader {
    /// A reader that rejects files of more than `max_bytes`; `None` accepts any size.
    pub fn new(max_bytes: Option<u64>) -> Self {
        Self { buffer: vec![0; FIRST_BUFFER], max_bytes, ends_show: false }
    }

    /// The same reader for files whose end is recognised by a short read. Another read of each file
    /// takes 3 to 4 % of the scan of a tree.
    pub fn that_show_ends(self, ends_show: bool) -> Self {
        Self { ends_show, ..self }
    }

    /// The content of the file at `path`. Symbolic links are not followed, and a file that is not
    /// regular does not block.
    ///
    /// # Errors
    /// Returns the reason for the skip, and the message of the system.
    pub fn read(&mut self, path: &Path) -> Result<Content<'_>, (SkipReason, String)> {
        self.fill(open(path).map_err(of_error)?, self.ends_show)
    }

    /// The same for a file that may be on another file system.
    ///
    /// # Errors
    /// Returns the reason for the skip, and the message of the system.
    pub fn read_elsewhere(&mut self, path: &Path) -> Result<Content<'_>, (SkipReason, String)> {
        self.content(open(path).map_err(of_error)?)
    }

    /// The content of an open file.
    ///
    /// # Errors
    /// Returns the reason for the skip, and the message of the system.
    pub fn content(&mut self, file: File) -> Result<Content<'_>, (SkipReason, String)> {
        self.fill(file, false)
    }

    /// Reads the file into the buffer, unless it is too large to be read whole.
    fn fill(
        &mut self,
        mut file: File,
        ends_show: bool,
    ) -> Result<Content<'_>, (SkipReason, String)> {
        if let Some(limit) = self.max_bytes {
            let len = file.metadata().map_err(of_error)?.len();
            if len > limit {
                return Err((SkipReason::TooLarge, format!("{len} bytes, the limit is {limit}")));
            }
        }
        let mut filled = 0;
        loop {
            // Of a model of gigabytes, only the beginning is read: the size is checked before
            // reading on.
            if filled == FIRST_BUFFER {
                let len = file.metadata().map_err(of_error)?.len();
                if len > MAX_WHOLE as u64 {
                    return Ok(Content::Large(LargeContent::new(file, len)));
                }
            }
            if filled == self.buffer.len() {
                if filled >= MAX_WHOLE {
                    let len = file.metadata().map_err(of_error)?.len();
                    if len > filled as u64 {
                        return Ok(Content::Large(LargeContent::new(file, len)));
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
                Ok(count) => {
                    filled += count;
                    if ends_show && filled < end && !filled.is_multiple_of(SECTOR) {
                        return Ok(Content::Whole(&self.buffer[..filled]));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(of_error(error)),
            }
        }
    }
}

/// Opens a file for reading. A symbolic link is rejected, and a FIFO does not block, even if it
/// replaced a file after the walk listed it.
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

/// `true` if [`open`] returned the error because the file is a symbolic link.
pub fn is_link(error: &io::Error) -> bool {
    #[cfg(unix)]
    return error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
    #[cfg(not(unix))]
    return error.kind() == io::ErrorKind::FilesystemLoop;
}

/// The reason why a file with this error is skipped.
pub fn of_error(error: io::Error) -> (SkipReason, String) {
    if is_link(&error) {
        return (SkipReason::Symlink, String::new());
    }
    let reason = match error.kind() {
        io::ErrorKind::NotFound => SkipReason::Vanished,
        _ => SkipReason::Unreadable,
    };
    (reason, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole_whether_its_end_shows_or_not() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("file");
        let mut all =
            [false, true].map(|ends_show| FileReader::new(None).that_show_ends(ends_show));
        for len in [0, 1, SECTOR, FIRST_BUFFER - 1, FIRST_BUFFER, 3 * FIRST_BUFFER + 5, 7] {
            let bytes: Vec<u8> = (0..len).map(|at| at as u8).collect();
            std::fs::write(&path, &bytes).expect("it is written");
            for reader in &mut all {
                let content = reader.read(&path).expect("it is read");
                assert!(matches!(content, Content::Whole(read) if read == bytes), "{len} bytes");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_ends_with_a_sector_may_go_on() {
        let (read_end, mut write_end) = std::io::pipe().expect("a pipe");
        let writer = std::thread::spawn(move || {
            for part in [SECTOR, 2 * SECTOR, 3] {
                std::io::Write::write_all(&mut write_end, &vec![b'x'; part]).expect("it is read");
                // The reader must see each of them separately.
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        });
        let file = File::from(std::os::fd::OwnedFd::from(read_end));
        let mut reader = FileReader::new(None);
        let content = reader.fill(file, true).expect("it is read");
        assert!(matches!(content, Content::Whole(read) if read.len() == 3 * SECTOR + 3));
        writer.join().expect("it wrote");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_is_made_as_it_is_read_is_read_to_its_end() {
        let path = Path::new("/proc/self/smaps");
        let mut reader = FileReader::new(None);
        let Ok(Content::Whole(read)) = reader.read(path) else { panic!("it is read") };
        // The kernel returns one page at a time.
        assert!(read.len() > 8192 && read.ends_with(b"\n"), "{} bytes", read.len());
    }
}
