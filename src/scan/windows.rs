//! Large documents, read in windows by one thread or several.

use super::{
    fold::{MAX_ALIKE, first_of_each},
    locate::{LineCounter, Offset},
    text::{self, Found},
};
use crate::{
    decode::encoding::{self, Encoding},
    detect::{Engine, MAX_REACH, MAX_SECRET, Scratch},
    model::{SourcePath, Span},
    source::ReadAt,
};
use std::{
    io,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// Size of a window in bytes. The bytes stay in the processor's cache until they are searched; a
/// scan with windows twice as large took a third longer.
const WINDOW: usize = 256 << 10;
/// Number of bytes read before a window, as context of a match. Even, for UTF-16.
const BEFORE: usize = 16 << 10;
/// Minimum number of a thread's matches among which repeated ones are counted.
const MIN_FOLDED: usize = 1 << 16;

/// A document that is read piece by piece.
#[derive(Clone, Copy)]
pub struct Large<'a> {
    /// Its name.
    pub path: &'a SourcePath,
    /// The containers around it, outermost first.
    pub containers: &'a [&'static str],
    /// Its bytes.
    pub content: &'a dyn ReadAt,
    /// The number of bytes.
    pub len: u64,
    /// `true` if only the first of many occurrences of a secret are reported, regardless of
    /// location.
    pub is_folded: bool,
}

impl Large<'_> {
    fn part<'b>(&'b self, bytes: &'b [u8], encoding: Encoding) -> text::Part<'b> {
        let (path, containers) = (self.path, self.containers);
        text::Part { path, containers, bytes, encoding, is_whole: false }
    }
}

/// Observes the windows of a scan.
pub trait Watch: Sync {
    /// Called after `bytes` more bytes were scanned.
    fn scanned(&self, bytes: u64);
    /// `true` if reading must stop.
    fn is_stopped(&self) -> bool;
}

/// The results of a scan by windows.
pub struct Scanned<'e> {
    /// All matches, unordered.
    pub found: Vec<Found<'e>>,
    /// The document's encoding.
    pub encoding: Encoding,
    /// `true` if a window has more encoded texts than were decoded.
    pub is_cut: bool,
}

/// All matches in the document.
///
/// Each thread takes the next free window and reads it with margins on both sides, so that no
/// secret is cut. A match belongs to the window of its first byte.
///
/// # Errors
/// Returns an error if the document cannot be read.
pub fn scan<'e>(
    engine: &'e Engine,
    large: Large<'_>,
    threads: usize,
    watch: &dyn Watch,
) -> io::Result<Scanned<'e>> {
    let mut head = [0; 64];
    let count = large.content.fill_at(0, &mut head)?;
    let (encoding, _) = encoding::detect(&head[..count]);
    let (next, is_cut) = (AtomicU64::new(0), AtomicBool::new(false));
    let all = Mutex::new((Vec::new(), None));
    let windows = usize::try_from(large.len.div_ceil(WINDOW as u64)).unwrap_or(usize::MAX);
    let scan_some = || {
        let (buffer, scratch) = (Vec::new(), Scratch::default());
        let mut thread = Thread { engine, large, encoding, buffer, scratch };
        let (mut found, mut fold_at) = (Vec::new(), MIN_FOLDED);
        while !watch.is_stopped() {
            if large.is_folded && found.len() >= fold_at {
                found = first_of_each(found, MAX_ALIKE);
                fold_at = MIN_FOLDED.max(2 * found.len());
            }
            let start = next.fetch_add(WINDOW as u64, Ordering::Relaxed);
            if start >= large.len {
                break;
            }
            match thread.window(start, &mut found) {
                Ok(bytes) => {
                    watch.scanned(bytes);
                    is_cut.fetch_or(thread.scratch.is_cut, Ordering::Relaxed);
                }
                Err(error) => {
                    all.lock().unwrap_or_else(std::sync::PoisonError::into_inner).1 = Some(error);
                    break;
                }
            }
        }
        all.lock().unwrap_or_else(std::sync::PoisonError::into_inner).0.extend(found);
    };
    std::thread::scope(|scope| {
        // The current thread is one of them.
        for _ in 1..threads.clamp(1, windows.max(1)) {
            scope.spawn(scan_some);
        }
        scan_some();
    });
    match all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        (_, Some(error)) => Err(error),
        (found, None) => Ok(Scanned { found, encoding, is_cut: is_cut.into_inner() }),
    }
}

/// A piece of a document with matches.
pub struct Window<'b> {
    /// Its bytes.
    pub bytes: &'b [u8],
    /// The document's encoding.
    pub encoding: Encoding,
    /// Its start in the document.
    pub offset: Offset,
    /// The estimated work of searching it, in nanoseconds.
    pub work: u64,
    /// `true` if it has more encoded texts than were decoded.
    pub is_cut: bool,
}

/// Scans a document from its first byte to its last. Calls `each` with each window that has matches
/// or took work, and with the matches, whose spans are in the window.
///
/// # Errors
/// Returns an error if the document cannot be read, or if `each` returns one.
pub fn scan_forward<'e>(
    engine: &'e Engine,
    large: Large<'_>,
    watch: &dyn Watch,
    each: &mut dyn FnMut(Window<'_>, Vec<Found<'e>>) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; BEFORE + WINDOW + MAX_SECRET];
    let (mut before, mut from) = (0, 0_u64);
    let mut encoding = None;
    let (mut scratch, mut counter) = (Scratch::default(), LineCounter::new());
    while !watch.is_stopped() && from < large.len {
        let wanted = &mut buffer[..before + WINDOW + MAX_SECRET];
        let count = large.content.fill_at(from, wanted)?;
        let bytes = &wanted[..count];
        let encoding = *encoding.get_or_insert_with(|| encoding::detect(bytes).0);
        let own = Span::new(before, count.min(before + WINDOW));
        let (mut found, mut work, mut is_cut) = (Vec::new(), 0, false);
        // Most windows contain no keyword, so the bytes that overlap their neighbours need no
        // search.
        let reached = &bytes[own.start..count.min(own.end + MAX_REACH)];
        if encoding != Encoding::Ascii || engine.has_keyword(reached) {
            large.part(bytes, encoding).run(engine, None, &mut scratch, &mut |one| {
                if one.span.start >= own.start && one.span.start < own.end {
                    found.push(one);
                }
            });
            (work, is_cut) = (scratch.work, scratch.is_cut);
        }
        if !found.is_empty() || work > 0 {
            let bytes_before = usize::try_from(from).map_err(io::Error::other)?;
            let offset = Offset { bytes: bytes_before, place: counter.place() };
            each(Window { bytes, encoding, offset, work, is_cut }, found)?;
        }
        watch.scanned(own.len() as u64);
        // After the last read, up to `MAX_SECRET` bytes may belong to one more window.
        if count <= before + WINDOW {
            break;
        }
        // The next window begins at the end of this one's own bytes, with a margin before it.
        let passed = own.end - BEFORE;
        counter.advance_encoded(&bytes[..passed], encoding);
        from += passed as u64;
        before = BEFORE;
    }
    Ok(())
}

struct Thread<'a, 'e> {
    engine: &'e Engine,
    large: Large<'a>,
    encoding: Encoding,
    buffer: Vec<u8>,
    scratch: Scratch,
}

impl<'e> Thread<'_, 'e> {
    /// Scans the window that begins at `start`, and returns the number of its own bytes.
    ///
    /// Most windows hold no keyword, so margins are read and rules run only after a keyword is
    /// found.
    fn window(&mut self, start: u64, found: &mut Vec<Found<'e>>) -> io::Result<u64> {
        self.buffer.resize(BEFORE + WINDOW + MAX_SECRET, 0);
        let count = self.large.content.fill_at(start, &mut self.buffer[..WINDOW + MAX_REACH])?;
        let own = count.min(WINDOW) as u64;
        if self.encoding == Encoding::Ascii && !self.engine.has_keyword(&self.buffer[..count]) {
            return Ok(own);
        }
        let before = usize::try_from(start).map_or(BEFORE, |start| start.min(BEFORE));
        let from = start - before as u64;
        let count =
            self.large.content.fill_at(from, &mut self.buffer[..before + WINDOW + MAX_SECRET])?;
        let part = self.large.part(&self.buffer[..count], self.encoding);
        let offset = usize::try_from(from).map_err(io::Error::other)?;
        part.run(self.engine, None, &mut self.scratch, &mut |one| {
            if (before..before + WINDOW).contains(&one.span.start) {
                found.push(Found { span: one.span.shifted(offset), ..one });
            }
        });
        Ok(own)
    }
}
