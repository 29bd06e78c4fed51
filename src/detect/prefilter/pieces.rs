//! The pieces of keywords: the few bytes of each that are searched for.

use super::{
    commonness::rarest,
    grain::PIECE,
    packed::{Packed, pack},
};
use std::{collections::BTreeMap, ops::ControlFlow};

/// Minimum number of bytes of a piece.
const MIN_PIECE: usize = 3;
/// Bits of a piece's hash.
const HASH_BITS: u32 = 12;
/// Number of bytes of a keyword that are compared first.
const FAR: usize = 4;

/// A piece for each keyword: its rarest bytes, unless it contains the piece of another keyword.
#[derive(Debug)]
pub struct Pieces {
    /// The pieces, each once.
    pub all: Vec<Vec<u8>>,
    /// Index into `keywords` of the first entry, for each hash of a piece.
    first: Box<[u16; 1 << HASH_BITS]>,
    /// The keywords, sorted by the hash of their piece.
    keywords: Vec<Keyword>,
}

/// A keyword with its piece.
#[derive(Debug)]
struct Keyword {
    hash: u16,
    /// Offset of the piece in the keyword.
    piece_at: u16,
    /// Offset of `far` relative to the piece; may be negative.
    far_behind: i16,
    /// The end of the keyword that is farther from the piece. Keywords may share a piece, but
    /// hardly ever this as well.
    far: [u8; FAR],
    number: usize,
    text: Vec<u8>,
}

impl Keyword {
    /// `None` if the keyword is too long.
    fn new(number: usize, text: &[u8], piece_at: usize, hash: u16) -> Option<Self> {
        let last_at = text.len().saturating_sub(FAR);
        let far_at = if piece_at > last_at / 2 { 0 } else { last_at };
        let far = text[far_at..].first_chunk().copied().unwrap_or_default();
        let (far_at, piece_at) = (i16::try_from(far_at).ok()?, i16::try_from(piece_at).ok()?);
        let far_behind = far_at - piece_at;
        let piece_at = piece_at.cast_unsigned();
        Some(Self { hash, piece_at, far_behind, far, number, text: text.to_vec() })
    }

    /// The offset of the keyword in `text`, given its piece at `at`.
    #[inline]
    fn stands(&self, text: &[u8], at: usize) -> Option<usize> {
        if self.text.len() > FAR {
            let far = at.wrapping_add_signed(self.far_behind.into());
            if text.get(far..)?.first_chunk() != Some(&self.far) {
                return None;
            }
        }
        let start = at.checked_sub(self.piece_at.into())?;
        text[start..].starts_with(&self.text).then_some(start)
    }
}

impl Pieces {
    /// The pieces of `keywords`, each given with its index; those that are `packed` are
    /// preferred. Keywords shorter than three bytes are never found.
    pub fn new<'a>(keywords: impl Iterator<Item = (usize, &'a [u8])>, packed: &Packed) -> Self {
        let mut keywords: Vec<_> = keywords.filter(|(_, text)| text.len() >= MIN_PIECE).collect();
        // Short keywords first: they have little choice, and long ones often contain their pieces.
        keywords.sort_by_key(|(number, text)| (text.len(), *number));
        let mut pieces: BTreeMap<u64, &[u8]> = BTreeMap::new();
        let mut all = Vec::new();
        for (keyword_number, text) in keywords {
            let shared = |len: usize| {
                let is_piece = |at: &usize| {
                    let key = pack(&text[*at..*at + len]);
                    packed.has(key) || pieces.contains_key(&key)
                };
                let at = rarest(text, len, (0..=text.len() - len).filter(is_piece))?;
                Some((at, &text[at..at + len]))
            };
            let len = text.len().min(PIECE);
            let own =
                || rarest(text, len, 0..=text.len() - len).map(|at| (at, &text[at..at + len]));
            let piece = (MIN_PIECE..=len).rev().find_map(shared).or_else(own);
            pieces.extend(piece.map(|(_, piece)| (pack(piece), piece)));
            let keyword = piece.and_then(|(at, piece)| {
                let hash = hash::<PIECE>(piece).or(hash::<MIN_PIECE>(piece))?;
                Keyword::new(keyword_number, text, at, hash)
            });
            all.extend(keyword);
        }
        all.sort_by_key(|keyword| keyword.hash);
        let mut first = Box::new([u16::MAX; 1 << HASH_BITS]);
        for (place, keyword) in all.iter().enumerate().rev() {
            first[usize::from(keyword.hash)] = u16::try_from(place).unwrap_or(u16::MAX);
        }
        Self { all: pieces.into_values().map(<[u8]>::to_vec).collect(), first, keywords: all }
    }

    /// Calls `hit` with the index and the offset of each keyword whose piece is at `at`, until it
    /// breaks.
    #[inline(always)]
    pub fn compare(
        &self,
        text: &[u8],
        at: usize,
        hit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let text_at = text.get(at..).unwrap_or_default();
        let long = hash::<PIECE>(text_at).map_or(u16::MAX, |hash| self.first[usize::from(hash)]);
        let short =
            hash::<MIN_PIECE>(text_at).map_or(u16::MAX, |hash| self.first[usize::from(hash)]);
        // Most candidates match no keyword.
        if long & short == u16::MAX {
            return ControlFlow::Continue(());
        }
        [long, short].into_iter().try_for_each(|first| self.compare_from(first, text, at, hit))
    }

    /// The same for the keywords with the hash of the one at index `first`.
    #[inline(never)]
    fn compare_from(
        &self,
        first: u16,
        text: &[u8],
        at: usize,
        hit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let same = self.keywords.get(usize::from(first)..).unwrap_or_default();
        let hash = same.first().map_or(0, |keyword| keyword.hash);
        same.iter().take_while(|keyword| keyword.hash == hash).try_for_each(|keyword| {
            keyword
                .stands(text, at)
                .map_or(ControlFlow::Continue(()), |start| hit(keyword.number, start))
        })
    }
}

/// The hash of the first `LEN` bytes of a piece; `None` if it has fewer. Pieces shorter than
/// [`PIECE`] are hashed by [`MIN_PIECE`] bytes. Hashes of the two lengths are disjoint.
///
/// Multiplicative hashing: D. E. Knuth, "The Art of Computer Programming", volume 3, 6.4.
#[inline]
fn hash<const LEN: usize>(piece: &[u8]) -> Option<u16> {
    let mut bytes = [0; 8];
    bytes[..LEN].copy_from_slice(piece.first_chunk::<LEN>()?);
    Some(hash_of::<LEN>(u64::from_le_bytes(bytes)))
}

/// The same, of the lowest bytes of a number.
#[inline(always)]
fn hash_of<const LEN: usize>(bytes: u64) -> u16 {
    let bytes = bytes << (64 - 8 * LEN) >> (64 - 8 * LEN);
    let hash = bytes.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (65 - HASH_BITS);
    hash as u16 | u16::from(LEN == PIECE) << (HASH_BITS - 1)
}
