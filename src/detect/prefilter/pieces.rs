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
const HASH_BITS: u32 = 16;
/// Upper bits of a hash by which keywords are looked up.
const FIRST_BITS: u32 = 12;
/// Number of bytes of a keyword that are compared first.
const FAR: usize = 4;

/// A piece for each keyword: its rarest bytes, unless it contains the piece of another keyword.
#[derive(Debug)]
pub struct Pieces {
    /// The pieces, each once.
    pub all: Vec<Vec<u8>>,
    /// The hashes of the first [`MIN_PIECE`] bytes of all pieces.
    starts: Hashes,
    /// The hashes of the pieces: few other texts have one of them.
    hashes: Hashes,
    /// Index into `keywords` of the first entry, for the upper bits of each hash of a piece.
    first: Box<[u16; 1 << FIRST_BITS]>,
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
    /// rarely both.
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
    fn found_at(&self, text: &[u8], at: usize) -> Option<usize> {
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
        // Short keywords first: they have few possible pieces, and long keywords often contain
        // them.
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
                let bytes = bytes_at(piece, 0);
                let is_long = piece.len() == PIECE;
                let hash = if is_long { hash::<PIECE>(bytes) } else { hash::<MIN_PIECE>(bytes) };
                Keyword::new(keyword_number, text, at, hash)
            });
            all.extend(keyword);
        }
        all.sort_by_key(|keyword| keyword.hash);
        let mut first = Box::new([u16::MAX; 1 << FIRST_BITS]);
        let (mut starts, mut hashes) = (Hashes::new(), Hashes::new());
        for (place, keyword) in all.iter().enumerate().rev() {
            first[upper_bits(keyword.hash)] = u16::try_from(place).unwrap_or(u16::MAX);
            hashes.add(keyword.hash);
        }
        for piece in pieces.values() {
            starts.add(hash::<MIN_PIECE>(bytes_at(piece, 0)));
        }
        let pieces = pieces.into_values().map(<[u8]>::to_vec).collect();
        Self { all: pieces, starts, hashes, first, keywords: all }
    }

    /// `true` if the first [`MIN_PIECE`] of these bytes may be those of a piece.
    #[inline(always)]
    pub fn may_start(&self, bytes: [u8; 4]) -> bool {
        self.starts.has(hash::<MIN_PIECE>(u32::from_le_bytes(bytes).into()))
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
        let bytes = bytes_at(text, at);
        let short = hash::<MIN_PIECE>(bytes);
        let long = hash::<PIECE>(bytes);
        if self.hashes.has(long) {
            self.compare_by(long, text, at, hit)?;
        }
        if self.hashes.has(short) {
            self.compare_by(short, text, at, hit)?;
        }
        ControlFlow::Continue(())
    }

    /// The same as [`compare`](Self::compare) for the keywords whose piece has this hash.
    #[inline(never)]
    fn compare_by(
        &self,
        hash: u16,
        text: &[u8],
        at: usize,
        hit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let first = usize::from(self.first[upper_bits(hash)]);
        let same = self.keywords.get(first..).unwrap_or_default().iter();
        let same = same.skip_while(|keyword| keyword.hash < hash);
        same.take_while(|keyword| keyword.hash == hash).try_for_each(|keyword| {
            keyword
                .found_at(text, at)
                .map_or(ControlFlow::Continue(()), |start| hit(keyword.number, start))
        })
    }
}

/// A set of hashes, one bit for each.
#[derive(Debug)]
struct Hashes(Box<[u64; 1 << (HASH_BITS - 6)]>);

impl Hashes {
    fn new() -> Self {
        Self(Box::new([0; _]))
    }

    fn add(&mut self, hash: u16) {
        self.0[usize::from(hash / 64)] |= 1 << (hash % 64);
    }

    #[inline(always)]
    fn has(&self, hash: u16) -> bool {
        self.0[usize::from(hash / 64)] >> (hash % 64) & 1 == 1
    }
}

/// The first bytes of `text` from `at`, padded with zeros beyond its end.
#[inline(always)]
fn bytes_at(text: &[u8], at: usize) -> u64 {
    let text = text.get(at..).unwrap_or_default();
    let bytes = text.first_chunk().copied().unwrap_or_else(|| {
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(text).for_each(|(to, byte)| *to = *byte);
        bytes
    });
    u64::from_le_bytes(bytes)
}

/// The hash of the first `LEN` of some bytes. Pieces shorter than [`PIECE`] are hashed by
/// [`MIN_PIECE`] bytes. Hashes of the two lengths are disjoint.
///
/// Multiplicative hashing: D. E. Knuth, "The Art of Computer Programming", volume 3, 6.4.
#[inline(always)]
fn hash<const LEN: usize>(bytes: u64) -> u16 {
    let hash = (bytes << (64 - 8 * LEN)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (65 - HASH_BITS);
    hash as u16 | u16::from(LEN == PIECE) << (HASH_BITS - 1)
}

/// The index into the table of first keywords.
fn upper_bits(hash: u16) -> usize {
    usize::from(hash >> (HASH_BITS - FIRST_BITS))
}
