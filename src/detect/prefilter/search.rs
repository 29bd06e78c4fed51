//! Searches a text for keywords.

use super::{
    buckets::Buckets,
    grain::{Grain, PIECE},
    pieces::Pieces,
    table,
    vectors::{BLOCK, BLOCKS, Bits, Candidates, Tables, Vectors},
};
use std::ops::ControlFlow;

/// Finds all occurrences of many keywords. The cost is nearly independent of their number.
#[derive(Debug)]
pub struct Prefilter {
    pieces: Pieces,
    buckets: Buckets,
    tables: Option<Tables>,
}

impl Prefilter {
    /// A prefilter for `keywords`; a hit names a keyword by its index.
    ///
    /// Keywords shorter than three bytes are never found; rule files refuse them.
    pub fn new<'a>(keywords: impl IntoIterator<Item = &'a [u8]>) -> Self {
        Self::with(Vectors::chosen(), keywords)
    }

    fn with<'a>(vectors: Option<Vectors>, keywords: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let grain = vectors.map_or(Grain::Bytes, Vectors::grain);
        let packed = table::built_in(grain);
        let pieces = Pieces::new(keywords.into_iter().enumerate(), packed);
        let buckets = Buckets::new(&pieces.all, packed, grain);
        let tables = vectors.map(|vectors| Tables::new(vectors, &buckets));
        Self { pieces, buckets, tables }
    }

    /// Calls `hit` with the index and the offset of each occurrence of a keyword, until it
    /// breaks. Occurrences of the same keyword come in order.
    pub fn for_each_hit(
        &self,
        text: &[u8],
        mut hit: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if let Some(tables) = &self.tables {
            return self.with_vectors(tables, text, &mut hit);
        }
        self.without_vectors(text, &mut hit)
    }

    fn with_vectors(
        &self,
        tables: &Tables,
        text: &[u8],
        hit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut candidates = Candidates::default();
        for start in (0..text.len()).step_by(BLOCK * BLOCKS) {
            tables.scan(&text[start..], &mut candidates);
            for (block, places) in candidates.blocks() {
                let block = start + block;
                for place in self.starting(text, block, places) {
                    self.pieces.compare(text, block + place, hit)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// The `places` of the block at `at` whose first bytes may be those of a piece: most are not.
    #[inline(never)]
    fn starting(&self, text: &[u8], at: usize, places: Bits) -> Bits {
        // The block, and the bytes after it of which the last place needs three.
        let mut padded = [0; BLOCK + 4];
        let text = text.get(at..).unwrap_or_default();
        let block = text.first_chunk().unwrap_or_else(|| {
            padded[..text.len()].copy_from_slice(text);
            &padded
        });
        let mut kept = 0;
        for place in places {
            let bytes = block[place..].first_chunk().copied().unwrap_or_default();
            kept |= u64::from(self.pieces.may_start(bytes)) << place;
        }
        Bits(kept)
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

    fn collect(
        search: impl FnOnce(&mut dyn FnMut(usize, usize) -> ControlFlow<()>) -> ControlFlow<()>,
    ) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let _ = search(&mut |index, at| {
            found.push((index, at));
            ControlFlow::Continue(())
        });
        found.sort_unstable();
        found
    }

    /// A prefilter without vectors, and one for each kind of vectors of this machine.
    fn prefilters(keywords: &[&[u8]]) -> Vec<Prefilter> {
        let kinds = std::iter::once(None).chain(Vectors::all().map(Some));
        kinds.map(|vectors| Prefilter::with(vectors, keywords.iter().copied())).collect()
    }

    /// The hits, which must be the same with all prefilters.
    fn hits_of(prefilters: &[Prefilter], text: &[u8]) -> Vec<(usize, usize)> {
        let expected = collect(|mut hit| prefilters[0].without_vectors(text, &mut hit));
        for prefilter in prefilters {
            let found = collect(|hit| prefilter.for_each_hit(text, hit));
            assert_eq!(found, expected, "{}", text.escape_ascii());
        }
        expected
    }

    fn hits(keywords: &[&str], text: &str) -> Vec<(usize, usize)> {
        let keywords: Vec<&[u8]> = keywords.iter().map(|keyword| keyword.as_bytes()).collect();
        hits_of(&prefilters(&keywords), text.as_bytes())
    }

    #[test]
    fn all_occurrences_are_found_in_random_texts_with_all_vectors() {
        let keywords: [&[u8]; 8] = [
            b"hf_",
            b"hf_oauth",
            b"HF_TOKEN",
            b"client_secret",
            b"secret",
            "\u{43a}\u{43b}\u{44e}\u{447}".as_bytes(),
            b":\x00\xff",
            b"aGZf",
        ];
        let prefilters = prefilters(&keywords);
        let mut random = fastrand::Rng::with_seed(20);
        let mut count = 0;
        for length in (0..120).chain([1023, 1024, 1087, 1088, 3000]) {
            let mut text = Vec::new();
            while text.len() < length {
                match random.u8(0..4) {
                    0 => text.extend(random.choice(keywords).unwrap_or_default()),
                    1 => text.push(random.u8(..)),
                    // A keyword with a byte changed, often only in its highest bit.
                    2 => {
                        let start = text.len();
                        text.extend(random.choice(keywords).unwrap_or_default());
                        let at = random.usize(start..text.len());
                        text[at] ^= random.choice([1, 16, 32, 128]).unwrap_or_default();
                    }
                    _ => text.extend(b" token = "),
                }
            }
            text.truncate(length);
            let mut expected = Vec::new();
            for (index, keyword) in keywords.iter().enumerate() {
                let starts = (0..text.len()).filter(|at| text[*at..].starts_with(keyword));
                expected.extend(starts.map(|at| (index, at)));
            }
            assert_eq!(hits_of(&prefilters, &text), expected, "{}", text.escape_ascii());
            count += expected.len();
        }
        assert!(count > 500, "{count}");
    }

    #[test]
    fn keywords_that_overlap_or_begin_alike_are_all_found() {
        assert_eq!(hits(&["hf_", "hf_oauth", "_oau"], "x hf_oauth_"), [(0, 2), (1, 2), (2, 4)]);
        assert_eq!(hits(&["aaa"], "aaaaa"), [(0, 0), (0, 1), (0, 2)]);
    }

    #[test]
    fn as_many_keywords_as_there_are_rules_are_found_in_any_text() {
        let keywords: Vec<String> = (0..500).map(|n| format!("{:03}key{n}", n % 200)).collect();
        let names: Vec<&[u8]> = keywords.iter().map(String::as_bytes).collect();
        let prefilters = prefilters(&names);
        for (number, keyword) in keywords.iter().enumerate() {
            let text = format!("{}{keyword}", "-".repeat(number));
            let found = hits_of(&prefilters, text.as_bytes());
            assert!(found.contains(&(number, number)), "{keyword}: {found:?}");
        }
    }

    #[test]
    fn long_and_short_keywords_are_found_at_every_place_of_a_text() {
        let keywords = ["client_secret", "secret", "AKIA", "r8_", "MISTRAL_API_KEY"];
        let prefilters = prefilters(&keywords.map(str::as_bytes));
        for (number, keyword) in keywords.iter().enumerate() {
            for before in 0..70 {
                let text = format!("{}{keyword}", " ".repeat(before));
                assert!(
                    hits_of(&prefilters, text.as_bytes()).contains(&(number, before)),
                    "{keyword} {before}"
                );
                let inside = format!("{text}{}", ".".repeat(70));
                assert!(
                    hits_of(&prefilters, inside.as_bytes()).contains(&(number, before)),
                    "{keyword} {before}"
                );
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
