//! One pass over the raw bytes that says which rules are worth running.

#[cfg(target_arch = "x86_64")]
use super::avx2;
use super::{
    pieces::Pieces,
    sampled::{BLOCK, Sampled},
};
use std::ops::ControlFlow;

/// Finds every place where one of many keywords stands.
///
/// Long keywords are looked for at every fourth place only ([`Sampled`]), short ones by
/// SIMD ([`Pieces`]), so that the cost hardly depends on how many keywords there are.
#[derive(Debug)]
pub struct Prefilter {
    sampled: Sampled,
    pieces: Pieces,
}

impl Prefilter {
    /// A prefilter for `keywords`, which it names by their place in the list.
    ///
    /// A keyword shorter than three bytes is never found; rule files refuse such.
    pub fn new<'a>(keywords: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let numbered = keywords.into_iter().enumerate();
        let (long, short): (Vec<_>, Vec<_>) =
            numbered.partition(|(_, keyword)| keyword.len() >= Sampled::MIN_KEYWORD);
        Self { sampled: Sampled::new(&long), pieces: Pieces::new(&short) }
    }

    /// Calls `hit` with the number of a keyword and where it stands, for each place,
    /// until it breaks. The places of one keyword come in order.
    pub fn for_each_hit(
        &self,
        text: &[u8],
        mut hit: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        #[cfg(target_arch = "x86_64")]
        if let Some(vectors) = avx2::vectors() {
            return avx2::run(
                vectors,
                #[inline(always)]
                |vectors| self.with_vectors(vectors, text, &mut hit),
            );
        }
        self.without_vectors(text, &mut hit)
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn with_vectors(
        &self,
        vectors: pulp::x86::V3,
        text: &[u8],
        hit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let registers = avx2::Registers::new(&self.pieces.nibbles);
        let mut start = 0;
        let mut rest = [0; avx2::WINDOW];
        while start < text.len() {
            let window = text[start..].first_chunk().unwrap_or_else(|| {
                rest = [0; avx2::WINDOW];
                let left = &text[start..];
                rest[..left.len()].copy_from_slice(left);
                &rest
            });
            let block = window.first_chunk().unwrap_or(&[0; BLOCK]);
            let sampled = self.sampled.places(block);
            let mut pieces = registers.places(vectors, window);
            if sampled != 0 {
                self.sampled.compare(text, start, sampled, hit)?;
            }
            while pieces != 0 {
                self.pieces.compare(text, start + pieces.trailing_zeros() as usize, hit)?;
                pieces &= pieces - 1;
            }
            start += BLOCK;
        }
        ControlFlow::Continue(())
    }

    fn without_vectors(
        &self,
        text: &[u8],
        hit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        for (number, block) in blocks.iter().enumerate() {
            let places = self.sampled.places(block);
            if places != 0 {
                self.sampled.compare(text, number * BLOCK, places, hit)?;
            }
        }
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        self.sampled.compare(text, text.len() - rest.len(), self.sampled.places(&last), hit)?;
        self.pieces.for_each_hit(text, hit)
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
        // Rule files refuse such keywords; they would be in every file.
        assert_eq!(hits(&["", "hf"], "hf_"), []);
    }
}
