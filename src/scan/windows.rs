//! Large documents, read in windows by all threads at once.

use super::text::{self, Found};
use crate::{
    decode::encoding::{self, Encoding},
    detect::{Engine, MAX_KEYWORD, MAX_SECRET, Scratch},
    model::SourcePath,
    source::ReadAt,
};
use std::{
    io,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

/// Bytes of a window that are its own. What is read stays in a processor's cache until
/// it is searched: twice as many took a third longer.
const WINDOW: usize = 256 << 10;
/// Bytes read before a window, to see what stands before a match: even, for UTF-16.
const BEFORE: usize = 16 << 10;

/// A document that is read piece by piece.
#[derive(Clone, Copy)]
pub struct Large<'a> {
    /// Its name.
    pub path: &'a SourcePath,
    /// Its bytes.
    pub content: &'a dyn ReadAt,
    /// How many.
    pub len: u64,
}

/// What is to be told of each window.
pub trait Watch: Sync {
    /// So many bytes more were scanned.
    fn scanned(&self, bytes: u64);
    /// Whether to read no further.
    fn is_stopped(&self) -> bool;
}

/// Every match in the document, in no order, and its encoding.
///
/// Each thread reads the next window that nobody has, with room on both sides, so that
/// no secret is cut; a match belongs to the window that its first byte lies in.
///
/// # Errors
/// Those of reading.
pub fn scan<'e>(
    engine: &'e Engine,
    large: Large<'_>,
    threads: usize,
    watch: &dyn Watch,
) -> io::Result<(Vec<Found<'e>>, Encoding)> {
    let mut head = [0; 64];
    let count = large.content.fill_at(0, &mut head)?;
    let (encoding, _) = encoding::detect(&head[..count]);
    let next = AtomicU64::new(0);
    let all = Mutex::new((Vec::new(), None));
    let windows = usize::try_from(large.len.div_ceil(WINDOW as u64)).unwrap_or(usize::MAX);
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, windows.max(1)) {
            scope.spawn(|| {
                let mut thread = Thread {
                    engine,
                    large,
                    encoding,
                    buffer: Vec::new(),
                    scratch: Scratch::default(),
                };
                let mut found = Vec::new();
                while !watch.is_stopped() {
                    let start = next.fetch_add(WINDOW as u64, Ordering::Relaxed);
                    if start >= large.len {
                        break;
                    }
                    match thread.window(start, &mut found) {
                        Ok(bytes) => watch.scanned(bytes),
                        Err(error) => {
                            all.lock().unwrap_or_else(std::sync::PoisonError::into_inner).1 =
                                Some(error);
                            break;
                        }
                    }
                }
                all.lock().unwrap_or_else(std::sync::PoisonError::into_inner).0.extend(found);
            });
        }
    });
    match all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        (_, Some(error)) => Err(error),
        (found, None) => Ok((found, encoding)),
    }
}

struct Thread<'a, 'e> {
    engine: &'e Engine,
    large: Large<'a>,
    encoding: Encoding,
    buffer: Vec<u8>,
    scratch: Scratch,
}

impl<'e> Thread<'_, 'e> {
    /// Scans the window that begins at `start`, and says how many bytes are its own.
    ///
    /// Most windows hold no keyword, so what stands around a window is only read, and
    /// the rules run, once one is seen.
    fn window(&mut self, start: u64, found: &mut Vec<Found<'e>>) -> io::Result<u64> {
        self.buffer.resize(BEFORE + WINDOW + MAX_SECRET, 0);
        let count = self.large.content.fill_at(start, &mut self.buffer[..WINDOW + MAX_KEYWORD])?;
        let own = count.min(WINDOW) as u64;
        if self.encoding == Encoding::Ascii && !self.engine.has_keyword(&self.buffer[..count]) {
            return Ok(own);
        }
        let before = usize::try_from(start).map_or(BEFORE, |start| start.min(BEFORE));
        let from = start - before as u64;
        let count =
            self.large.content.fill_at(from, &mut self.buffer[..before + WINDOW + MAX_SECRET])?;
        let part = text::Part {
            path: self.large.path,
            bytes: &self.buffer[..count],
            encoding: self.encoding,
            is_whole: false,
        };
        let offset = usize::try_from(from).map_err(io::Error::other)?;
        part.run(self.engine, &mut self.scratch, &mut |one| {
            if (before..before + WINDOW).contains(&one.span.start) {
                found.push(Found { span: one.span.shifted(offset), ..one });
            }
        });
        Ok(own)
    }
}
