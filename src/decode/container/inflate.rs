//! Inflates streams with reused states.
//!
//! A state takes some 48 KiB. If each of many members had its own, the data retained for a member
//! would be allocated where its state was, so that the next state would need new memory.

use flate2::{Decompress, FlushDecompress, Status};
use std::{
    io::{self, BufRead, Read},
    sync::{Mutex, PoisonError},
};

/// Maximum number of states kept for reuse.
const MAX_KEPT: usize = 16;

static STATES: Mutex<Vec<Decompress>> = Mutex::new(Vec::new());

/// The unpacked bytes of a deflate or zlib stream.
#[derive(Debug)]
pub struct Inflate<P> {
    packed: P,
    /// `None` after it was returned for reuse.
    state: Option<Decompress>,
    is_whole: bool,
}

impl<P: BufRead> Inflate<P> {
    /// Unpacks `packed`, which is zlib if `has_header`, otherwise raw deflate.
    pub fn new(packed: P, has_header: bool) -> Self {
        let kept = STATES.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let state = match kept {
            Some(mut state) => {
                state.reset(has_header);
                state
            }
            None => Decompress::new(has_header),
        };
        Self { packed, state: Some(state), is_whole: false }
    }

    /// `true` if the stream was read to its own end.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The bytes after those that were read.
    pub fn packed(&mut self) -> &mut P {
        &mut self.packed
    }
}

impl<P: BufRead> Read for Inflate<P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(state) = &mut self.state else { return Ok(0) };
            let input = self.packed.fill_buf()?;
            let is_end = input.is_empty();
            let (before_in, before_out) = (state.total_in(), state.total_out());
            let flush = if is_end { FlushDecompress::Finish } else { FlushDecompress::None };
            let status = state.decompress(input, buffer, flush);
            let used = state.total_in() - before_in;
            self.packed.consume(usize::try_from(used).map_err(io::Error::other)?);
            let made = state.total_out() - before_out;
            self.is_whole |= matches!(status, Ok(Status::StreamEnd));
            match status {
                // Returning no bytes would mean the end of the stream.
                Ok(Status::Ok | Status::BufError) if made == 0 && !is_end && !buffer.is_empty() => {
                }
                Ok(_) => return usize::try_from(made).map_err(io::Error::other),
                Err(_) => {
                    let what = "corrupt deflate stream";
                    return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
                }
            }
        }
    }
}

impl<P> Drop for Inflate<P> {
    fn drop(&mut self) {
        let mut states = STATES.lock().unwrap_or_else(PoisonError::into_inner);
        if states.len() < MAX_KEPT {
            states.extend(self.state.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn streams_of_either_kind_are_read_one_after_the_other_whole_or_not() {
        let text = b"some text, some text, some more text".repeat(100);
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(&text).expect("memory");
        let zlib = zlib.finish().expect("memory");
        let raw = &zlib[2..zlib.len() - 4];
        let read = |packed: &[u8], has_header| {
            let mut out = Vec::new();
            Inflate::new(packed, has_header).read_to_end(&mut out).map(|_| out)
        };
        for _ in 0..3 {
            assert_eq!(read(&zlib, true).expect("it is whole"), text);
            assert_eq!(read(raw, false).expect("it is whole"), text);
            assert!(read(&zlib[..20], true).expect("it is cut off").len() < text.len());
            assert!(read(&zlib[1..], true).is_err());
        }
    }
}
