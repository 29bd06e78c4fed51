//! Content that is a range of other content, or a stream.

use crate::model::ReadAt;
use std::{
    io::{self, Read},
    sync::{Mutex, PoisonError},
};

/// A range of other content.
#[derive(Clone, Copy)]
pub struct Stretch<'a> {
    /// The other content.
    pub content: &'a dyn ReadAt,
    /// The offset of its first byte.
    pub start: u64,
    /// Its length in bytes.
    pub len: u64,
}

impl ReadAt for Stretch<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        if wanted == 0 {
            return Ok(0);
        }
        let Some(at) = self.start.checked_add(offset) else { return Ok(0) };
        self.content.read_at(at, &mut buffer[..wanted])
    }
}

/// Number of bytes before the furthest read offset that can be read again.
const KEPT: usize = 4 << 20;
/// Maximum number of bytes kept, after which all but the last [`KEPT`] are dropped. The larger it
/// is, the less often bytes are moved.
const MOST: usize = 3 * KEPT;
/// Number of bytes requested at once.
const BLOCK: usize = 64 << 10;

/// A stream as content. It can be read at any later offset, and again up to a few MiB back; earlier
/// bytes are dropped.
pub struct Forward<'a>(Mutex<State<'a>>);

struct State<'a> {
    reader: &'a mut (dyn Read + Send),
    window: Vec<u8>,
    /// Number of bytes of the window that were read; the rest is free.
    filled: usize,
    /// The offset of the window.
    start: u64,
    is_done: bool,
    error: Option<io::Error>,
}

impl<'a> Forward<'a> {
    /// The bytes of `first`, followed by those of `reader`.
    pub fn new(first: Vec<u8>, reader: &'a mut (dyn Read + Send)) -> Self {
        let (filled, window) = (first.len(), first);
        Self(Mutex::new(State { reader, window, filled, start: 0, is_done: false, error: None }))
    }

    /// The error that ended the stream, if any.
    pub fn into_error(self) -> Option<io::Error> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).error
    }
}

impl ReadAt for Forward<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let Some(at) = offset.checked_sub(state.start) else {
                return Err(io::Error::other("these bytes are no longer available"));
            };
            let at = usize::try_from(at).unwrap_or(usize::MAX);
            let window = &state.window[..state.filled];
            if let Some(rest) = window.get(at..).filter(|rest| !rest.is_empty()) {
                let count = rest.len().min(buffer.len());
                buffer[..count].copy_from_slice(&rest[..count]);
                return Ok(count);
            }
            if state.is_done {
                return Ok(0);
            }
            state.advance();
        }
    }
}

impl State<'_> {
    /// Reads one more block.
    fn advance(&mut self) {
        if self.filled >= MOST {
            let gone = self.filled - KEPT;
            self.window.copy_within(gone..self.filled, 0);
            self.filled = KEPT;
            self.start += gone as u64;
        }
        let end = self.filled + BLOCK;
        if self.window.len() < end {
            self.window.resize(end, 0);
        }
        match self.reader.read(&mut self.window[self.filled..end]) {
            Ok(count) => {
                self.is_done = count == 0;
                self.filled += count;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                self.is_done = true;
                self.error = Some(error);
            }
        }
    }
}

/// The first bytes of `reader`, at most `max`, and the error that ended them, if any.
pub fn first_bytes(reader: &mut dyn Read, max: usize) -> (Vec<u8>, Option<io::Error>) {
    let mut bytes = Vec::new();
    let read = reader.take(max as u64).read_to_end(&mut bytes);
    (bytes, read.err())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_forward_can_be_read_ahead_and_a_little_back() {
        let all: Vec<u8> = (0..MOST + KEPT).map(|at| (at / 1000) as u8).collect();
        let mut rest = &all[10..];
        let forward = Forward::new(all[..10].to_vec(), &mut rest);
        let mut buffer = [0; 4];
        for at in [0, 8, BLOCK, MOST + KEPT - 4, MOST] {
            assert_eq!(forward.fill_at(at as u64, &mut buffer).expect("there"), 4);
            assert_eq!(buffer, all[at..at + 4]);
        }
        assert!(forward.fill_at(0, &mut buffer).is_err());
        assert_eq!(forward.fill_at(u64::MAX, &mut buffer).expect("the end"), 0);
        assert!(forward.into_error().is_none());
    }

    #[test]
    fn a_stretch_ends_where_it_ends() {
        let content = &b"0123456789"[..];
        let stretch = Stretch { content: &content, start: 2, len: 3 };
        let mut buffer = [0; 8];
        assert_eq!(stretch.fill_at(1, &mut buffer).expect("there"), 2);
        assert_eq!(&buffer[..2], b"34");
        assert_eq!(stretch.fill_at(9, &mut buffer).expect("the end"), 0);
    }
}
