//! Searches a text for keywords.

#[cfg(target_arch = "x86_64")]
use super::vectors::{self, BLOCK, BLOCKS, Candidates, Tables};
use super::{buckets::Buckets, grain::PIECE, pieces::Pieces, table};
use std::ops::ControlFlow;

/// Finds all occurrences of many keywords. The cost hardly depends on their number.
#[derive(Debug)]
pub struct Prefilter {
    pieces: Pieces,
    buckets: Buckets,
    #[cfg(target_arch = "x86_64")]
    tables: Option<Tables>,
}

impl Prefilter {
    /// A prefilter for `keywords`, which hits name by their index.
    ///
    /// Keywords shorter than three bytes are never found; rule files refuse them.
    pub fn new<'a>(keywords: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let packed = table::built_in();
        let pieces = Pieces::new(keywords.into_iter().enumerate(), packed);
        #[cfg(target_arch = "x86_64")]
        let grain = vectors::grain();
        #[cfg(not(target_arch = "x86_64"))]
        let grain = super::grain::Grain::Bytes;
        let buckets = Buckets::new(&pieces.all, packed, grain);
        Self {
            #[cfg(target_arch = "x86_64")]
            tables: Tables::new(&buckets),
            pieces,
            buckets,
        }
    }

    /// Calls `hit` with the index and the offset of each occurrence of a keyword, until it
    /// breaks. Occurrences of the same keyword come in order.
    pub fn for_each_hit(
        &self,
        text: &[u8],
        mut hit: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        #[cfg(target_arch = "x86_64")]
        if let Some(tables) = &self.tables {
            return self.with_vectors(tables, text, &mut hit);
        }
        self.without_vectors(text, &mut hit)
    }

    #[cfg(target_arch = "x86_64")]
    fn with_vectors(
        &self,
        tables: &Tables,
        text: &[u8],
        hit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut candidates = Candidates::default();
        for start in (0..text.len()).step_by(BLOCK * BLOCKS) {
            tables.scan(&text[start..], &mut candidates);
            for place in candidates.offsets() {
                self.pieces.compare(text, start + place, hit)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn without_vectors(
        &self,
        text: &[u8],
        hit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for (at, bytes) in text.windows(PIECE).enumerate() {
            if bytes.first_chunk().is_some_and(|bytes| self.buckets.may_begin(bytes)) {
                self.pieces.compare(text, at, hit)?;
            }
        }
        // A shorter piece may end with the text.
        let last = text.len().saturating_sub(PIECE - 1);
        (last..text.len()).try_for_each(|at| self.pieces.compare(text, at, hit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(keywords: &[&str], text: &str) -> Vec<(usize, usize)> {
        let prefilter = Prefilter::new(keywords.iter().map(|keyword| keyword.as_bytes()));
        let text = text.as_bytes();
        let (mut found, mut without) = (Vec::new(), Vec::new());
        let _ = prefilter.for_each_hit(text, |number, at| {
            found.push((number, at));
            ControlFlow::Continue(())
        });
        let _ = prefilter.without_vectors(text, &mut |number, at| {
            without.push((number, at));
            ControlFlow::Continue(())
        });
        found.sort_unstable();
        without.sort_unstable();
        assert_eq!(found, without, "with vectors and without");
        found
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
    fn long_and_short_keywords_are_found_at_every_place_of_a_text() {
        let keywords = ["client_secret", "secret", "AKIA", "r8_", "MISTRAL_API_KEY"];
        for (number, keyword) in keywords.iter().enumerate() {
            for before in 0..70 {
                let text = format!("{}{keyword}", " ".repeat(before));
                assert!(hits(&keywords, &text).contains(&(number, before)), "{keyword} {before}");
                let inside = format!("{text}{}", ".".repeat(70));
                assert!(hits(&keywords, &inside).contains(&(number, before)), "{keyword} {before}");
            }
        }
        assert_eq!(hits(&["secret"], "secre secreT sec ret"), []);
        assert_eq!(hits(&["secret"], "secretsecret"), [(0, 0), (0, 6)]);
    }

    #[test]
    fn an_empty_or_short_text_has_no_hit() {
        assert_eq!(hits(&["hf_"], ""), []);
        assert_eq!(hits(&["hf_"], "hf"), []);
        assert_eq!(hits(&[], "hf_"), []);
        // Rule files refuse such keywords.
        assert_eq!(hits(&["", "hf"], "hf_"), []);
    }
}
