//! Limits on opening containers, and the budget of one document.
//!
//! A budget counts bytes and work, never time: the same document gives the same result on
//! every machine.

use std::{
    io::{self, BufRead, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Bytes that a document may unpack to beyond the ratio: repetitive logs legitimately compress a
/// thousandfold.
const FREE_BYTES: u64 = 1 << 30;
/// Maximum nesting depth that the stack of a thread allows.
const MAX_NESTED: usize = 32;
/// Work allowed for every document, in nanoseconds.
const FREE_WORK: u64 = 1_000_000_000;
/// Additional work allowed for each byte of a document, in nanoseconds.
const WORK_PER_BYTE: u64 = 100;
/// Bytes of every document that may be read repeatedly.
const FREE_REREAD: u64 = 256 << 20;
/// Additional number of times that each byte of a document may be read.
const REREAD_PER_BYTE: u64 = 16;

/// Limits on opening containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Maximum nesting depth; 0 opens nothing. The limit is never more than 32.
    pub max_depth: usize,
    /// Maximum number of members of one document, at all depths together.
    pub max_entries: u64,
    /// Maximum number of bytes unpacked from one document.
    pub max_expanded: u64,
    /// Maximum number of bytes unpacked for each packed byte read, in addition to 1 GiB. Text is
    /// compressed 3 to 20 times, a deflate bomb 1032 times. For methods that are slower to unpack,
    /// both limits are lower.
    pub max_ratio: u64,
    /// Maximum size in bytes of a member that is copied to a temporary file because its reader
    /// needs random access.
    pub max_spooled: u64,
    /// The limits that the user set for this run.
    pub requested: Requested,
    /// `true` if one thread may unpack while another scans.
    pub read_ahead: bool,
}

/// Flags for the limits that the user set for this run; content beyond them is skipped on request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Requested {
    /// [`Limits::max_depth`].
    pub depth: bool,
    /// [`Limits::max_entries`].
    pub entries: bool,
    /// [`Limits::max_expanded`].
    pub expanded: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_depth: 4,
            max_entries: 1_000_000,
            max_expanded: 64 << 30,
            max_ratio: 100,
            max_spooled: 1 << 30,
            requested: Requested::default(),
            read_ahead: true,
        }
    }
}

/// The remaining budget of one document, shared by everything unpacked from it.
#[derive(Debug)]
pub struct Budget {
    /// The limits for the document.
    pub limits: Limits,
    entries: AtomicU64,
    expanded: AtomicU64,
    /// Bytes unpacked beyond the ratio.
    excess: AtomicU64,
    reread: AtomicU64,
    work: AtomicU64,
    max_reread: u64,
    max_work: u64,
}

/// A limit was exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    /// [`Limits::max_entries`].
    #[error("it has more than {0} members")]
    Entries(u64),
    /// [`Limits::max_expanded`].
    #[error("it unpacks to more than {0} bytes")]
    Expanded(u64),
    /// [`Limits::max_ratio`].
    #[error("it unpacks to more than {0} times its size and 1 GiB")]
    Ratio(u64),
    /// The work that a document of its size is allowed.
    #[error("it takes more work than the limit for a file of its size")]
    Work,
}

impl Exceeded {
    /// `true` if the user set the exceeded limit for this run.
    pub fn is_requested(self, requested: Requested) -> bool {
        match self {
            Exceeded::Entries(_) => requested.entries,
            Exceeded::Expanded(_) => requested.expanded,
            Exceeded::Ratio(_) | Exceeded::Work => false,
        }
    }
}

impl Budget {
    /// The budget of a document of `len` bytes.
    pub fn new(limits: Limits, len: u64) -> Self {
        let limits = Limits { max_depth: limits.max_depth.min(MAX_NESTED), ..limits };
        Self {
            limits,
            entries: AtomicU64::new(0),
            expanded: AtomicU64::new(0),
            excess: AtomicU64::new(0),
            reread: AtomicU64::new(0),
            work: AtomicU64::new(0),
            max_reread: len.saturating_mul(REREAD_PER_BYTE).saturating_add(FREE_REREAD),
            max_work: len.saturating_mul(WORK_PER_BYTE).saturating_add(FREE_WORK),
        }
    }

    /// Counts a member.
    ///
    /// # Errors
    /// Returns an error if it exceeds the limit.
    pub fn entry(&self) -> Result<(), Exceeded> {
        let count = self.entries.fetch_add(1, Ordering::Relaxed);
        let max = self.limits.max_entries;
        if count < max { Ok(()) } else { Err(Exceeded::Entries(max)) }
    }

    /// Counts unpacked bytes.
    ///
    /// # Errors
    /// Returns an error if they exceed a limit.
    pub fn expand(&self, bytes: u64) -> Result<(), Exceeded> {
        let before = self.expanded.fetch_add(bytes, Ordering::Relaxed);
        let max = self.limits.max_expanded;
        if before.saturating_add(bytes) > max { Err(Exceeded::Expanded(max)) } else { Ok(()) }
    }

    /// Counts bytes of the document that its structure refers to, possibly again.
    ///
    /// # Errors
    /// Returns an error if the same bytes are read too often.
    pub fn reread(&self, bytes: u64) -> Result<(), Exceeded> {
        let before = self.reread.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > self.max_reread { Err(Exceeded::Work) } else { Ok(()) }
    }

    /// Counts work, as an estimate in nanoseconds.
    ///
    /// # Errors
    /// Returns an error if it exceeds the allowance for a document of this size.
    pub fn work(&self, nanoseconds: u64) -> Result<(), Exceeded> {
        let before = self.work.fetch_add(nanoseconds, Ordering::Relaxed);
        if before.saturating_add(nanoseconds) > self.max_work {
            Err(Exceeded::Work)
        } else {
            Ok(())
        }
    }

    /// Counts `unpacked` bytes that were unpacked from `packed` bytes at once.
    ///
    /// # Errors
    /// Returns an error if they exceed a limit.
    pub fn expand_from(&self, packed: u64, unpacked: u64) -> Result<(), Exceeded> {
        self.expand(unpacked)?;
        self.exceed(0, unpacked.saturating_sub(self.by_ratio(packed)))
    }

    /// Unpacks `packed` with `unpack`, and counts every unpacked byte against the packed bytes.
    /// `cost` is the work for an unpacked byte, relative to deflate.
    ///
    /// # Errors
    /// Returns the error of `unpack`.
    pub fn bounded<'a, P: BufRead, R: Read>(
        &'a self,
        cost: u64,
        packed: P,
        unpack: impl FnOnce(Counted<P>) -> io::Result<R>,
    ) -> io::Result<Bounded<'a, R>> {
        let count = Arc::new(AtomicU64::new(0));
        let inner = unpack(Counted { inner: packed, count: count.clone() })?;
        Ok(Bounded { inner, budget: self, cost, packed: count, unpacked: 0, excess: 0 })
    }

    fn by_ratio(&self, packed: u64) -> u64 {
        packed.saturating_mul(self.limits.max_ratio)
    }

    /// Updates the number of bytes by which one stream exceeds the ratio, from `before` to `now`.
    fn exceed(&self, before: u64, now: u64) -> Result<(), Exceeded> {
        let all = if now >= before {
            self.excess.fetch_add(now - before, Ordering::Relaxed).saturating_add(now - before)
        } else {
            self.excess.fetch_sub(before - now, Ordering::Relaxed).saturating_sub(before - now)
        };
        if all > FREE_BYTES { Err(Exceeded::Ratio(self.limits.max_ratio)) } else { Ok(()) }
    }
}

/// A reader of packed bytes that counts them.
#[derive(Debug)]
pub struct Counted<P> {
    inner: P,
    count: Arc<AtomicU64>,
}

impl<P: Read> Read for Counted<P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl<P: BufRead> BufRead for Counted<P> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        self.inner.consume(count);
    }
}

/// A reader of unpacked bytes that counts them.
#[derive(Debug)]
pub struct Bounded<'b, R> {
    inner: R,
    budget: &'b Budget,
    cost: u64,
    /// Number of packed bytes read.
    packed: Arc<AtomicU64>,
    /// Number of unpacked bytes, multiplied by their cost.
    unpacked: u64,
    /// The part of `unpacked` that exceeds the ratio.
    excess: u64,
}

impl<R: Read> Bounded<'_, R> {
    /// Counts unpacked bytes.
    fn count(&mut self, count: usize) -> Result<(), Exceeded> {
        self.budget.expand(count as u64)?;
        self.unpacked = self.unpacked.saturating_add((count as u64).saturating_mul(self.cost));
        let allowed = self.budget.by_ratio(self.packed.load(Ordering::Relaxed));
        let before = std::mem::replace(&mut self.excess, self.unpacked.saturating_sub(allowed));
        self.budget.exceed(before, self.excess)
    }
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count(count).map_err(io::Error::other)?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of bytes that `packed` unpacks to at `ratio` bytes for each.
    fn unpacked(budget: &Budget, packed: &[u8], ratio: u64) -> io::Result<u64> {
        /// Yields `.1` bytes for each byte read.
        struct Grown<P>(P, u64, u64);
        impl<P: Read> Read for Grown<P> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if self.2 == 0 {
                    self.2 = self.0.read(&mut [0])? as u64 * self.1;
                }
                let count = self.2.min(buffer.len() as u64);
                self.2 -= count;
                Ok(usize::try_from(count).unwrap_or_default())
            }
        }
        io::copy(
            &mut budget.bounded(1, packed, |packed| Ok(Grown(packed, ratio, 0)))?,
            &mut io::sink(),
        )
    }

    #[test]
    fn what_unpacks_to_too_much_ends_in_an_error() {
        let budget = Budget::new(Limits { max_expanded: 1000, ..Limits::default() }, 10);
        assert_eq!(unpacked(&budget, &[0; 90], 10).expect("below the limit"), 900);
        let error = unpacked(&budget, &[0; 90], 10).expect_err("above");
        assert_eq!(error.to_string(), Exceeded::Expanded(1000).to_string());
    }

    #[test]
    fn a_bomb_ends_early_however_much_of_it_there_is() {
        let budget = Budget::new(Limits::default(), 1 << 30);
        let packed = vec![0; 2 << 20];
        assert!(unpacked(&budget, &packed, 99).is_ok());
        let error = unpacked(&budget, &packed, 1000).expect_err("a bomb");
        assert_eq!(error.to_string(), Exceeded::Ratio(100).to_string());
        let taken = budget.expanded.load(Ordering::Relaxed) - (198 << 20);
        assert!(taken < FREE_BYTES * 5 / 4, "{taken}");
        // Once the excess is used up, small amounts fail as well.
        assert!(budget.expand_from(10, 2000).is_err() && budget.expand_from(10, 1000).is_err());
        let fresh = Budget::new(Limits::default(), 10);
        assert_eq!(fresh.expand_from(10, 1000 + FREE_BYTES), Ok(()));
        assert!(fresh.expand_from(1, 101).is_err());
    }

    #[test]
    fn a_depth_that_no_stack_has_room_for_is_not_taken() {
        let depth =
            |max_depth| Budget::new(Limits { max_depth, ..Limits::default() }, 0).limits.max_depth;
        assert_eq!((depth(3), depth(1000)), (3, MAX_NESTED));
    }

    #[test]
    fn entries_are_counted_over_the_whole_document() {
        let budget = Budget::new(Limits { max_entries: 2, ..Limits::default() }, 0);
        assert_eq!((budget.entry(), budget.entry()), (Ok(()), Ok(())));
        assert_eq!(budget.entry(), Err(Exceeded::Entries(2)));
    }
}
