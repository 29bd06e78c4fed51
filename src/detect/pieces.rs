//! Short keywords, looked for with SIMD.

use aho_corasick::{AhoCorasick, MatchKind, packed};
use std::collections::BTreeMap;

/// Every keyword is looked for by its first bytes, as many as the shortest has.
const PIECE: usize = 3;
/// As many pieces one searcher takes. It could take 64, but the more there are the more
/// places look like one of them: two passes of 16 are thrice as fast as one of 32.
const MAX_PIECES: usize = 16;

/// Finds every place where one of some short keywords stands.
///
/// The first bytes of keywords are looked for with SIMD (Teddy); a hit is then compared
/// with the keywords that begin so.
#[derive(Debug)]
pub struct Pieces {
    passes: Vec<Pass>,
}

/// One searcher over up to [`MAX_PIECES`] pieces.
#[derive(Debug)]
struct Pass {
    searcher: Searcher,
    /// For each piece, the keywords that begin with it.
    keywords: Vec<Vec<Numbered>>,
}

/// A keyword with its number.
type Numbered = (usize, Vec<u8>);

#[derive(Debug)]
enum Searcher {
    Packed(packed::Searcher),
    /// Where the processor has no vectors for it.
    Automaton(AhoCorasick),
}

impl Pieces {
    /// A searcher for `keywords`, each with its number. Those shorter than three bytes
    /// are never found.
    pub fn new(keywords: &[(usize, &[u8])]) -> Self {
        let mut by_piece = BTreeMap::<[u8; PIECE], Vec<_>>::new();
        for (number, keyword) in keywords {
            if let Some(piece) = keyword.first_chunk() {
                by_piece.entry(*piece).or_default().push((*number, keyword.to_vec()));
            }
        }
        let pieces: Vec<_> = by_piece.into_iter().collect();
        // Passes of one size: none of them is slow.
        let passes = pieces.len().div_ceil(MAX_PIECES).max(1);
        let size = pieces.len().div_ceil(passes).max(1);
        Self { passes: pieces.chunks(size).map(Pass::new).collect() }
    }

    /// Calls `hit` with the number of a keyword and where it stands, for each place.
    pub fn for_each_hit(&self, text: &[u8], hit: &mut impl FnMut(usize, usize)) {
        for pass in &self.passes {
            let mut from = 0;
            while let Some((piece, at)) = pass.searcher.find(text, from) {
                for (number, keyword) in &pass.keywords[piece] {
                    if text[at..].starts_with(keyword) {
                        hit(*number, at);
                    }
                }
                // Keywords may overlap, so the next one can begin one byte further on.
                from = at + 1;
            }
        }
    }
}

impl Pass {
    fn new(pieces: &[([u8; PIECE], Vec<Numbered>)]) -> Self {
        let texts = || pieces.iter().map(|(piece, _)| piece);
        let packed = packed::Config::new().builder().extend(texts()).build();
        let searcher = packed.map_or_else(
            || {
                let automaton = AhoCorasick::builder()
                    .match_kind(MatchKind::LeftmostFirst)
                    .build(texts())
                    .expect("a few pieces of three bytes");
                Searcher::Automaton(automaton)
            },
            Searcher::Packed,
        );
        Self { searcher, keywords: pieces.iter().map(|(_, keywords)| keywords.clone()).collect() }
    }
}

impl Searcher {
    /// The first piece at or after `from`, and where it stands.
    fn find(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        match self {
            Searcher::Packed(packed) => packed
                .find_in(text, (from..text.len()).into())
                .map(|found| (found.pattern().as_usize(), found.start())),
            Searcher::Automaton(automaton) => automaton
                .find(aho_corasick::Input::new(text).range(from..))
                .map(|found| (found.pattern().as_usize(), found.start())),
        }
    }
}
