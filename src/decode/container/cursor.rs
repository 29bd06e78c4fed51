//! Reads the bytes of a container in sequence.

use super::format::ContainerError;
use crate::model::ReadAt;
use std::io::{self, Read};

/// Number of bytes read at once, except the first time: many headers are short, and nothing after
/// them is needed.
const BLOCK: usize = 64 << 10;
/// Number of bytes read the first time.
const FIRST_BLOCK: usize = 8 << 10;

/// A position in a container, with the bytes around it in memory.
pub struct Cursor<'a> {
    content: &'a dyn ReadAt,
    buffer: Vec<u8>,
    /// Number of bytes to read next.
    block: usize,
    /// The offset of the buffer in the container.
    start: u64,
    /// The position in the buffer.
    at: usize,
    /// The offset at which reading ends.
    end: u64,
}

impl<'a> Cursor<'a> {
    /// A cursor at `start` that reads at most up to `end`.
    pub fn new(content: &'a dyn ReadAt, start: u64, end: Option<u64>) -> Self {
        let (buffer, end) = (Vec::new(), end.unwrap_or(u64::MAX));
        Self { content, buffer, block: FIRST_BLOCK, start, at: 0, end }
    }

    /// The offset of the cursor in the container.
    pub fn position(&self) -> u64 {
        self.start + self.at as u64
    }

    /// The bytes after the cursor that are in memory. Empty only at the end.
    ///
    /// # Errors
    /// Returns an error if the container cannot be read.
    pub fn ahead(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.buffer.len() {
            self.start = self.position();
            self.at = 0;
            let wanted = self.end.saturating_sub(self.start).min(self.block as u64);
            self.buffer.resize(usize::try_from(wanted).unwrap_or(BLOCK), 0);
            self.block = BLOCK.min(self.block * 4);
            let count = self.content.fill_at(self.start, &mut self.buffer)?;
            self.buffer.truncate(count);
        }
        Ok(&self.buffer[self.at..])
    }

    /// Moves `count` bytes forward, even past the end.
    pub fn skip(&mut self, count: u64) {
        let ahead = (self.buffer.len() - self.at.min(self.buffer.len())) as u64;
        if count <= ahead {
            // At most the length of the buffer.
            self.at += usize::try_from(count).unwrap_or_default();
        } else {
            self.start = self.position().saturating_add(count).min(i64::MAX as u64);
            self.at = 0;
            self.buffer.clear();
        }
    }

    /// The next byte.
    ///
    /// # Errors
    /// Returns an error if the container cannot be read or has no further byte.
    pub fn byte(&mut self) -> Result<u8, ContainerError> {
        let byte = self.ahead()?.first().copied();
        self.at += usize::from(byte.is_some());
        byte.ok_or_else(too_early)
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// Returns an error if the container cannot be read or has fewer bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], ContainerError> {
        let mut bytes = [0; N];
        self.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// The next four bytes as a little-endian number.
    ///
    /// # Errors
    /// Returns an error if the container cannot be read or has fewer bytes.
    pub fn u32(&mut self) -> Result<u32, ContainerError> {
        self.array().map(u32::from_le_bytes)
    }

    /// The next eight bytes as a little-endian number.
    ///
    /// # Errors
    /// Returns an error if the container cannot be read or has fewer bytes.
    pub fn u64(&mut self) -> Result<u64, ContainerError> {
        self.array().map(u64::from_le_bytes)
    }

    /// The next `count` bytes. Allocates memory only for bytes that exist.
    ///
    /// # Errors
    /// Returns an error if the container cannot be read or has fewer bytes.
    pub fn vec(&mut self, count: usize) -> Result<Vec<u8>, ContainerError> {
        let mut bytes = Vec::with_capacity(count.min(BLOCK));
        while bytes.len() < count {
            self.block = self.block.max((count - bytes.len()).min(BLOCK));
            let ahead = self.ahead()?;
            if ahead.is_empty() {
                return Err(too_early());
            }
            let taken = ahead.len().min(count - bytes.len());
            bytes.extend_from_slice(&ahead[..taken]);
            self.at += taken;
        }
        Ok(bytes)
    }

    /// The bytes up to the next line end, which is skipped; at most `max`.
    ///
    /// # Errors
    /// Returns an error if the container cannot be read or has no line end within `max` bytes.
    pub fn line(&mut self, max: usize) -> Result<Vec<u8>, ContainerError> {
        let mut line = Vec::new();
        loop {
            let ahead = self.ahead()?;
            if ahead.is_empty() || line.len() > max {
                return Err(too_early());
            }
            let end = memchr::memchr(b'\n', ahead);
            line.extend_from_slice(&ahead[..end.unwrap_or(ahead.len())]);
            self.at += end.map_or(ahead.len(), |end| end + 1);
            if end.is_some() {
                return Ok(line);
            }
        }
    }
}

impl Read for Cursor<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ahead = self.ahead()?;
        let count = ahead.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ahead[..count]);
        self.at += count;
        Ok(count)
    }
}

impl io::BufRead for Cursor<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.ahead()
    }

    fn consume(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.buffer.len());
    }
}

fn too_early() -> ContainerError {
    ContainerError::malformed("it ends too early")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_on_over_the_ends_of_its_blocks() {
        let bytes: Vec<u8> = (0..BLOCK * 2 + 10).map(|at| (at % 251) as u8).collect();
        let content = bytes.as_slice();
        let mut cursor = Cursor::new(&content, 1, None);
        assert_eq!(cursor.vec(BLOCK + 5).expect("there"), bytes[1..BLOCK + 6]);
        cursor.skip(BLOCK as u64 - 2);
        assert_eq!(cursor.position(), (2 * BLOCK + 4) as u64);
        assert_eq!(cursor.array::<6>().expect("there"), bytes[2 * BLOCK + 4..]);
        assert!(cursor.byte().is_err());
    }

    #[test]
    fn a_length_that_is_not_there_takes_no_memory() {
        let content = &b"abc"[..];
        let mut cursor = Cursor::new(&content, 0, None);
        assert!(cursor.vec(usize::MAX).is_err());
        cursor.skip(u64::MAX);
        assert!(cursor.byte().is_err());
    }
}
