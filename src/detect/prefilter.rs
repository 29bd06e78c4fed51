//! One pass over the raw bytes that says which rules are worth running.

use aho_corasick::{AhoCorasick, MatchKind, packed};
use std::ops::ControlFlow;

/// Every keyword is looked for by a piece of it this long.
const ANCHOR: usize = 3;
/// As many pieces one SIMD searcher takes (Teddy, with 256-bit vectors).
const MAX_PATTERNS: usize = 64;

/// Finds every place where one of many keywords stands.
///
/// The pieces of keywords are looked for with SIMD (Teddy); a hit is then compared with
/// the keywords that have this piece. So the cost hardly depends on how many keywords
/// there are, as long as the pieces are rare.
#[derive(Debug)]
pub struct Prefilter {
    passes: Vec<Pass>,
}

/// One searcher over up to [`MAX_PATTERNS`] pieces.
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

impl Prefilter {
    /// A prefilter for `keywords`, which it names by their place in the list.
    ///
    /// A keyword shorter than three bytes is never found; rule files refuse such.
    pub fn new<'a>(keywords: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut by_anchor = std::collections::BTreeMap::<[u8; ANCHOR], Vec<_>>::new();
        for (number, keyword) in keywords.into_iter().enumerate() {
            if let Some(anchor) = keyword.first_chunk() {
                by_anchor.entry(*anchor).or_default().push((number, keyword.to_vec()));
            }
        }
        let anchors: Vec<_> = by_anchor.into_iter().collect();
        Self { passes: anchors.chunks(MAX_PATTERNS).map(Pass::new).collect() }
    }

    /// Whether any keyword stands in the text.
    pub fn has_hit(&self, text: &[u8]) -> bool {
        self.try_each_hit(text, |_, _| ControlFlow::Break(())).is_break()
    }

    /// Calls `hit` with the number of a keyword and where it stands, for each place.
    pub fn for_each_hit(&self, text: &[u8], mut hit: impl FnMut(usize, usize)) {
        let _ = self.try_each_hit(text, |number, at| {
            hit(number, at);
            ControlFlow::Continue(())
        });
    }

    fn try_each_hit(
        &self,
        text: &[u8],
        mut hit: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for pass in &self.passes {
            let mut from = 0;
            while let Some((piece, at)) = pass.searcher.find(text, from) {
                for (number, keyword) in &pass.keywords[piece] {
                    if text[at..].starts_with(keyword) {
                        hit(*number, at)?;
                    }
                }
                // Keywords may overlap, so the next one can begin one byte further on.
                from = at + 1;
            }
        }
        ControlFlow::Continue(())
    }
}

impl Pass {
    fn new(anchors: &[([u8; ANCHOR], Vec<Numbered>)]) -> Self {
        let pieces = || anchors.iter().map(|(anchor, _)| anchor);
        let packed = packed::Config::new().builder().extend(pieces()).build();
        let searcher = packed.map_or_else(
            || {
                let automaton = AhoCorasick::builder()
                    .match_kind(MatchKind::LeftmostFirst)
                    .build(pieces())
                    .expect("at most 64 pieces of three bytes");
                Searcher::Automaton(automaton)
            },
            Searcher::Packed,
        );
        Self { searcher, keywords: anchors.iter().map(|(_, keywords)| keywords.clone()).collect() }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(keywords: &[&str], text: &str) -> Vec<(usize, usize)> {
        let prefilter = Prefilter::new(keywords.iter().map(|keyword| keyword.as_bytes()));
        let mut hits = Vec::new();
        prefilter.for_each_hit(text.as_bytes(), |number, at| hits.push((number, at)));
        hits.sort_unstable();
        hits
    }

    #[test]
    fn keywords_that_overlap_or_begin_alike_are_all_found() {
        assert_eq!(hits(&["hf_", "hf_oauth", "_oau"], "x hf_oauth_"), [(0, 2), (1, 2), (2, 4)]);
        assert_eq!(hits(&["aaa"], "aaaaa"), [(0, 0), (0, 1), (0, 2)]);
    }

    #[test]
    fn as_many_keywords_as_there_are_rules_are_found_in_any_text() {
        let keywords: Vec<String> = (0..500).map(|n| format!("{:03}key{n}", n % 200)).collect();
        let names: Vec<&str> = keywords.iter().map(String::as_str).collect();
        for (number, keyword) in keywords.iter().enumerate() {
            let found = hits(&names, &format!("{}{keyword}", "-".repeat(number)));
            assert!(found.contains(&(number, number)), "{keyword}: {found:?}");
        }
    }

    #[test]
    fn an_empty_or_short_text_has_no_hit() {
        assert_eq!(hits(&["hf_"], ""), []);
        assert_eq!(hits(&["hf_"], "hf"), []);
        assert_eq!(hits(&[], "hf_"), []);
    }
}
