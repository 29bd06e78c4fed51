//! Short keywords, looked for with SIMD.

use super::{
    commonness::rarest,
    nibbles::{Nibbles, PIECE},
};
use aho_corasick::{AhoCorasick, MatchKind, packed};
use std::{ops::ControlFlow, sync::OnceLock};

/// The shortest piece.
const MIN_PIECE: usize = 3;
/// Bits of a piece's hash.
const HASH_BITS: u32 = 12;

/// Finds every place where one of some short keywords stands.
///
/// Of each keyword its rarest few bytes are looked for, by whatever vectors the processor
/// has; where they stand, the keywords that hold them are compared.
#[derive(Debug)]
pub struct Pieces {
    /// What the pieces look like.
    pub nibbles: Nibbles,
    pieces: Vec<Vec<u8>>,
    /// Made where the processor has not the vectors that `nibbles` is for.
    searchers: OnceLock<Vec<Searcher>>,
    /// For each hash of a piece, where in `keywords` those begin that have such a piece.
    first: Box<[u32; 1 << HASH_BITS]>,
    /// The keywords with their pieces, sorted by the piece's hash.
    keywords: Vec<Keyword>,
}

/// A keyword with its piece.
#[derive(Debug)]
struct Keyword {
    hash: u16,
    /// Where in the keyword the piece stands.
    piece_at: usize,
    number: usize,
    text: Vec<u8>,
}

impl Pieces {
    /// A searcher for `keywords`, each with its number. Those shorter than three bytes
    /// are never found.
    pub fn new(keywords: &[(usize, &[u8])]) -> Self {
        let mut pieces: Vec<Vec<u8>> = Vec::new();
        let mut all = Vec::new();
        for (number, text) in keywords.iter().filter(|(_, text)| text.len() >= MIN_PIECE) {
            let len = text.len().min(PIECE);
            let shared = text.windows(len).position(|part| pieces.iter().any(|p| p == part));
            let Some(piece_at) = shared.or_else(|| rarest(text, len)) else { continue };
            let piece = &text[piece_at..piece_at + len];
            let Some(hash) = hash(piece) else { continue };
            if shared.is_none() {
                pieces.push(piece.to_vec());
            }
            all.push(Keyword { hash, piece_at, number: *number, text: text.to_vec() });
        }
        all.sort_by_key(|keyword| keyword.hash);
        let mut first = Box::new([u32::MAX; 1 << HASH_BITS]);
        for (place, keyword) in all.iter().enumerate().rev() {
            first[usize::from(keyword.hash)] = u32::try_from(place).unwrap_or(u32::MAX);
        }
        let nibbles = Nibbles::new(&pieces);
        Self { nibbles, pieces, searchers: OnceLock::new(), first, keywords: all }
    }

    fn searchers(&self) -> &[Searcher] {
        self.searchers.get_or_init(|| {
            let (long, short): (Vec<_>, Vec<_>) =
                self.pieces.iter().partition(|piece| piece.len() == PIECE);
            let lengths = [long, short].into_iter().filter(|pieces| !pieces.is_empty());
            lengths.map(|pieces| Searcher::new(&pieces)).collect()
        })
    }

    /// Calls `hit` with the number of each keyword that has its piece at `at`, and where
    /// it stands, until it breaks.
    #[inline]
    pub fn compare(
        &self,
        text: &[u8],
        at: usize,
        hit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(hash) = text.get(at..).and_then(hash) else { return ControlFlow::Continue(()) };
        let first = self.first[usize::from(hash)] as usize;
        let same = self.keywords.get(first..).unwrap_or_default().iter();
        for keyword in same.take_while(|keyword| keyword.hash == hash) {
            if let Some(start) = at.checked_sub(keyword.piece_at)
                && text[start..].starts_with(&keyword.text)
            {
                hit(keyword.number, start)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The same for the whole of a text, without vectors of our own.
    pub fn for_each_hit(
        &self,
        text: &[u8],
        hit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for searcher in self.searchers() {
            let mut from = 0;
            while let Some(at) = searcher.find(text, from) {
                self.compare(text, at, hit)?;
                // Pieces may overlap, so the next one can begin one byte further on.
                from = at + 1;
            }
        }
        ControlFlow::Continue(())
    }
}

/// The hash of the first bytes of a piece; `None` if there are too few.
#[inline]
fn hash(piece: &[u8]) -> Option<u16> {
    let [one, two, three] = *piece.first_chunk::<MIN_PIECE>()?;
    let bytes = u32::from_le_bytes([one, two, three, 0]);
    Some((bytes.wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)) as u16)
}

/// Finds pieces of one length.
#[derive(Debug)]
enum Searcher {
    Packed(packed::Searcher),
    /// Where the processor has no vectors for it, or there are too many pieces.
    Automaton(AhoCorasick),
}

impl Searcher {
    fn new(pieces: &[&Vec<u8>]) -> Self {
        packed::Config::new().builder().extend(pieces).build().map_or_else(
            || {
                let automaton = AhoCorasick::builder()
                    .match_kind(MatchKind::LeftmostFirst)
                    .build(pieces)
                    .expect("a few pieces of a few bytes");
                Self::Automaton(automaton)
            },
            Self::Packed,
        )
    }

    /// Where the first piece at or after `from` stands.
    fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        match self {
            Self::Packed(packed) => {
                packed.find_in(text, (from..text.len()).into()).map(|found| found.start())
            }
            Self::Automaton(automaton) => automaton
                .find(aho_corasick::Input::new(text).range(from..))
                .map(|found| found.start()),
        }
    }
}
