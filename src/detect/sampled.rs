//! Long keywords, looked for at every fourth place of a text.

use super::commonness::rarest;
use std::ops::ControlFlow;

/// As many bytes of a text are looked at in one place.
const GRAM: usize = 4;
/// The distance of the places.
const STRIDE: usize = 4;
/// Bytes that are looked at in one go.
pub const BLOCK: usize = 64;
/// Bits of a gram's hash. A table of 2^16 bytes needs the second nearest cache, but one of
/// 2^14 lets four times as many places through, which costs more (measured).
const HASH_BITS: u32 = 16;

/// Finds every place where one of many long keywords stands.
///
/// A keyword of at least seven bytes holds four grams of four bytes in a row, one of
/// which begins at a multiple of four. So a text is only looked at there, in a table
/// that says whether a gram is one of some keyword; which four grams of a keyword are
/// in the table is chosen so that they are rare. This is the sampling of S. Wu and U.
/// Manber, "A fast algorithm for multi-pattern searching", 1994, with a stride in place
/// of shifts: its cost depends neither on the text nor on how many keywords there are.
#[derive(Debug)]
pub struct Sampled {
    /// For each hash of a gram, whether some keyword has such a gram.
    known: Box<[u8; 1 << HASH_BITS]>,
    /// For each hash, where in `grams` those with it begin; they end where those of the
    /// next begin.
    first: Box<[u32; (1 << HASH_BITS) + 1]>,
    grams: Vec<Gram>,
    keywords: Vec<(usize, Vec<u8>)>,
}

/// A gram of a keyword.
#[derive(Debug, Clone, Copy)]
struct Gram {
    bytes: [u8; GRAM],
    /// The end of the keyword that the gram does not hold: the gram may be common, both
    /// together are not.
    far: [u8; GRAM],
    /// How far behind the gram that end stands; before it if negative.
    far_behind: i16,
    /// Where in the keyword the gram stands.
    at: u16,
    /// The keyword's place among all.
    keyword: u32,
}

impl Gram {
    /// The gram at `at` in a keyword; `None` if it has none there.
    fn new(keyword: u32, text: &[u8], at: usize) -> Option<Self> {
        let bytes = *text.get(at..)?.first_chunk()?;
        let last_at = text.len().checked_sub(GRAM)?;
        let far_at = if at > last_at / 2 { 0 } else { last_at };
        let far = *text[far_at..].first_chunk()?;
        let (far_at, at) = (i16::try_from(far_at).ok()?, i16::try_from(at).ok()?);
        Some(Self { bytes, far, far_behind: far_at - at, at: at.cast_unsigned(), keyword })
    }

    /// Whether the keyword's far end stands where it should if the gram stands at `at`.
    #[inline(always)]
    fn has_far(&self, text: &[u8], at: usize) -> bool {
        let far = at.wrapping_add_signed(self.far_behind.into());
        text.get(far..).and_then(|rest| rest.first_chunk()) == Some(&self.far)
    }
}

impl Sampled {
    /// The shortest keyword that can be found so.
    pub const MIN_KEYWORD: usize = GRAM + STRIDE - 1;

    /// A searcher for `keywords`, each with its number; shorter ones than
    /// [`MIN_KEYWORD`](Self::MIN_KEYWORD) are never found.
    pub fn new(keywords: &[(usize, &[u8])]) -> Self {
        let mut grams = Vec::new();
        for (place, (_, text)) in (0..).zip(keywords) {
            let Some(first) = rarest(text, Self::MIN_KEYWORD) else { continue };
            grams.extend((first..first + STRIDE).filter_map(|at| Gram::new(place, text, at)));
        }
        grams.sort_by_key(|gram| hash(gram.bytes));
        let mut known = Box::new([0; 1 << HASH_BITS]);
        let mut first = Box::new([0; (1 << HASH_BITS) + 1]);
        for gram in &grams {
            let hash = usize::from(hash(gram.bytes));
            known[hash] = 1;
            first[hash + 1] += 1;
        }
        for hash in 1..first.len() {
            first[hash] += first[hash - 1];
        }
        let keywords = keywords.iter().map(|(number, text)| (*number, text.to_vec())).collect();
        Self { known, first, grams, keywords }
    }

    /// The places of a block at which a keyword may stand, a bit for each fourth byte.
    #[inline(always)]
    pub fn places(&self, block: &[u8; BLOCK]) -> u32 {
        let mut hashes = [0; BLOCK / STRIDE];
        for (hash_of, gram) in hashes.iter_mut().zip(block.as_chunks().0) {
            *hash_of = hash(*gram);
        }
        let mut places = 0;
        for (place, hash) in hashes.into_iter().enumerate() {
            places |= u32::from(self.known[usize::from(hash)]) << place;
        }
        places
    }

    /// Calls `hit` with the number of each keyword that has one of its grams at one of
    /// `places` in the block at `start`, and where it stands, until it breaks.
    #[inline]
    pub fn compare(
        &self,
        text: &[u8],
        start: usize,
        mut places: u32,
        hit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        while places != 0 {
            let at = start + places.trailing_zeros() as usize * STRIDE;
            places &= places - 1;
            let Some(bytes) = text.get(at..).and_then(|rest| rest.first_chunk()) else { break };
            let hash = usize::from(hash(*bytes));
            let same = self.first[hash] as usize..self.first[hash + 1] as usize;
            for gram in &self.grams[same] {
                if gram.bytes == *bytes
                    && gram.has_far(text, at)
                    && let (number, keyword) = &self.keywords[gram.keyword as usize]
                    && let Some(start) = at.checked_sub(gram.at.into())
                    && text[start..].starts_with(keyword)
                {
                    hit(*number, start)?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// Multiplicative hashing: D. E. Knuth, "The Art of Computer Programming", volume 3, 6.4.
#[inline(always)]
fn hash(gram: [u8; GRAM]) -> u16 {
    (u32::from_le_bytes(gram).wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)) as u16
}
