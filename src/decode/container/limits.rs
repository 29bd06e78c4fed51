//! How much of what is packed may be unpacked.

use std::{
    io::{self, Read},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Up to this much is unpacked whatever the ratio: small files pack well without malice.
const FREE_BYTES: u64 = 64 << 20;
/// Bytes a second that reading is trusted to reach, when the time it may take is set.
const SLOWEST: u64 = 4 << 20;

/// How much of what is packed may be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Containers within containers; 0 opens none.
    pub max_depth: usize,
    /// Members of one document, at every depth together.
    pub max_entries: u64,
    /// Bytes unpacked from one document.
    pub max_expanded: u64,
    /// Bytes unpacked for each byte of the document. Text packs 3 to 20 times smaller,
    /// a bomb of deflate 1032 times.
    pub max_ratio: u64,
    /// Bytes of one member that must be had in one piece to be opened.
    pub max_spooled: u64,
    /// Time for one document, besides what its size accounts for.
    pub max_time: Duration,
    /// Whether a further thread may unpack while one scans.
    pub read_ahead: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_depth: 4,
            max_entries: 1_000_000,
            max_expanded: 64 << 30,
            max_ratio: 100,
            max_spooled: 1 << 30,
            max_time: Duration::from_secs(20),
            read_ahead: true,
        }
    }
}

/// What is left of the limits for one document. Shared by all that is unpacked from it.
#[derive(Debug)]
pub struct Budget {
    /// The limits it began with.
    pub limits: Limits,
    entries: AtomicU64,
    expanded: AtomicU64,
    max_expanded: u64,
    deadline: Instant,
}

/// A limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    /// Of [`Limits::max_entries`].
    #[error("it has more than {0} members")]
    Entries(u64),
    /// Of [`Limits::max_expanded`] or [`Limits::max_ratio`].
    #[error("it unpacks to more than {0} bytes")]
    Expanded(u64),
    /// Of [`Limits::max_time`].
    #[error("it takes too long to read")]
    Time,
}

impl Budget {
    /// All that a document of `len` bytes may take.
    pub fn new(limits: Limits, len: u64) -> Self {
        let by_ratio = len.saturating_mul(limits.max_ratio).saturating_add(FREE_BYTES);
        let time = limits.max_time.saturating_add(Duration::from_secs(len / SLOWEST));
        let now = Instant::now();
        Self {
            limits,
            entries: AtomicU64::new(0),
            expanded: AtomicU64::new(0),
            max_expanded: limits.max_expanded.min(by_ratio),
            deadline: now.checked_add(time).unwrap_or(now),
        }
    }

    /// Counts a member.
    ///
    /// # Errors
    /// That it is one too many, or that time is up.
    pub fn entry(&self) -> Result<(), Exceeded> {
        let count = self.entries.fetch_add(1, Ordering::Relaxed);
        if count >= self.limits.max_entries {
            return Err(Exceeded::Entries(self.limits.max_entries));
        }
        if count.is_multiple_of(64) { self.time() } else { Ok(()) }
    }

    /// Counts unpacked bytes.
    ///
    /// # Errors
    /// That they are too many, or that time is up.
    pub fn expand(&self, bytes: u64) -> Result<(), Exceeded> {
        let before = self.expanded.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > self.max_expanded {
            return Err(Exceeded::Expanded(self.max_expanded));
        }
        if before >> 20 == before.saturating_add(bytes) >> 20 { Ok(()) } else { self.time() }
    }

    /// Whether there is time left.
    ///
    /// # Errors
    /// That time is up.
    pub fn time(&self) -> Result<(), Exceeded> {
        if Instant::now() < self.deadline { Ok(()) } else { Err(Exceeded::Time) }
    }

    /// `inner`, with every byte that comes out of it counted as unpacked.
    pub fn bounded<R: Read>(&self, inner: R) -> Bounded<'_, R> {
        Bounded { inner, budget: self }
    }
}

/// A reader whose bytes are counted.
#[derive(Debug)]
pub struct Bounded<'b, R> {
    inner: R,
    budget: &'b Budget,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.budget.expand(count as u64).map_err(io::Error::other)?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unpacks_to_too_much_ends_in_an_error() {
        let limits = Limits { max_expanded: 1000, ..Limits::default() };
        let budget = Budget::new(limits, 10);
        let count = io::copy(&mut budget.bounded(io::repeat(0).take(900)), &mut io::sink());
        assert_eq!(count.expect("below the limit"), 900);
        let error = io::copy(&mut budget.bounded(io::repeat(0)), &mut io::sink());
        assert_eq!(error.expect_err("above").to_string(), Exceeded::Expanded(1000).to_string());
    }

    #[test]
    fn a_small_document_may_not_unpack_to_a_large_one() {
        let budget = Budget::new(Limits::default(), 1000);
        assert_eq!(budget.expand(FREE_BYTES), Ok(()));
        assert!(budget.expand(200_000).is_err());
    }

    #[test]
    fn entries_are_counted_over_the_whole_document() {
        let budget = Budget::new(Limits { max_entries: 2, ..Limits::default() }, 0);
        assert_eq!((budget.entry(), budget.entry()), (Ok(()), Ok(())));
        assert_eq!(budget.entry(), Err(Exceeded::Entries(2)));
    }
}
