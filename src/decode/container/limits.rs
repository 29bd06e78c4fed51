//! How much of what is packed may be unpacked.

use std::{
    io::{self, BufRead, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// As much is unpacked beyond what the ratio allows: small files pack well without malice.
const FREE_BYTES: u64 = 32 << 20;
/// Containers within containers that a thread's stack has room for, whatever is asked for.
const MAX_NESTED: usize = 32;
/// Bytes a second that reading is trusted to reach, when the time it may take is set.
const SLOWEST: u64 = 4 << 20;

/// How much of what is packed may be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Containers within containers; 0 opens none. More than 32 are never followed.
    pub max_depth: usize,
    /// Members of one document, at every depth together.
    pub max_entries: u64,
    /// Bytes unpacked from one document.
    pub max_expanded: u64,
    /// Bytes unpacked for each packed byte that was read for them. Text packs 3 to 20 times
    /// smaller, a bomb of deflate 1032 times.
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
    /// Bytes unpacked beyond what the ratio allows.
    excess: AtomicU64,
    max_expanded: u64,
    deadline: Instant,
}

/// A limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    /// Of [`Limits::max_entries`].
    #[error("it has more than {0} members")]
    Entries(u64),
    /// Of [`Limits::max_expanded`].
    #[error("it unpacks to more than {0} bytes")]
    Expanded(u64),
    /// Of [`Limits::max_ratio`].
    #[error("it unpacks to more than {0} times its size")]
    Ratio(u64),
    /// Of [`Limits::max_time`].
    #[error("it takes too long to read")]
    Time,
}

impl Budget {
    /// All that a document of `len` bytes may take.
    pub fn new(limits: Limits, len: u64) -> Self {
        let time = limits.max_time.saturating_add(Duration::from_secs(len / SLOWEST));
        let now = Instant::now();
        let limits = Limits { max_depth: limits.max_depth.min(MAX_NESTED), ..limits };
        Self {
            limits,
            entries: AtomicU64::new(0),
            expanded: AtomicU64::new(0),
            excess: AtomicU64::new(0),
            max_expanded: limits.max_expanded,
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

    /// Counts bytes that were unpacked in one go from `packed` bytes.
    ///
    /// # Errors
    /// That they are too many, or that time is up.
    pub fn expand_from(&self, packed: u64, unpacked: u64) -> Result<(), Exceeded> {
        self.expand(unpacked)?;
        self.exceed(0, unpacked.saturating_sub(self.by_ratio(packed)))
    }

    /// `unpack` of `packed`, with every byte that comes out of it counted as unpacked, and
    /// held against those that went in.
    ///
    /// # Errors
    /// Those of `unpack`.
    pub fn bounded<'a, P: BufRead, R: Read>(
        &'a self,
        packed: P,
        unpack: impl FnOnce(Counted<P>) -> io::Result<R>,
    ) -> io::Result<Bounded<'a, R>> {
        let count = Arc::new(AtomicU64::new(0));
        let inner = unpack(Counted { inner: packed, count: count.clone() })?;
        Ok(Bounded { inner, budget: self, packed: count, unpacked: 0, excess: 0 })
    }

    fn by_ratio(&self, packed: u64) -> u64 {
        packed.saturating_mul(self.limits.max_ratio)
    }

    /// Counts what one stream yields beyond the ratio: `before` until now, `now` from now on.
    fn exceed(&self, before: u64, now: u64) -> Result<(), Exceeded> {
        let all = if now >= before {
            self.excess.fetch_add(now - before, Ordering::Relaxed).saturating_add(now - before)
        } else {
            self.excess.fetch_sub(before - now, Ordering::Relaxed).saturating_sub(before - now)
        };
        if all > FREE_BYTES { Err(Exceeded::Ratio(self.limits.max_ratio)) } else { Ok(()) }
    }
}

/// Packed bytes that are counted as they are taken.
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

/// A reader of what is unpacked, whose bytes are counted.
#[derive(Debug)]
pub struct Bounded<'b, R> {
    inner: R,
    budget: &'b Budget,
    /// Bytes that went in.
    packed: Arc<AtomicU64>,
    /// Bytes that came out.
    unpacked: u64,
    /// Those of them that are more than the ratio allows.
    excess: u64,
}

impl<R: Read> Bounded<'_, R> {
    /// Counts bytes that came out.
    fn count(&mut self, count: usize) -> Result<(), Exceeded> {
        self.budget.expand(count as u64)?;
        self.unpacked += count as u64;
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

    /// A reader of so many bytes for each packed one.
    fn unpacked(budget: &Budget, packed: &[u8], ratio: u64) -> io::Result<u64> {
        /// Takes a byte, and gives many.
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
            &mut budget.bounded(packed, |packed| Ok(Grown(packed, ratio, 0)))?,
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
        let packed = vec![0; 1 << 20];
        assert!(unpacked(&budget, &packed, 99).is_ok());
        let error = unpacked(&budget, &packed, 1000).expect_err("a bomb");
        assert_eq!(error.to_string(), Exceeded::Ratio(100).to_string());
        let taken = budget.expanded.load(Ordering::Relaxed) - (99 << 20);
        assert!(taken < FREE_BYTES * 5 / 4, "{taken}");
        // Once it is used up, little ones count as well.
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
