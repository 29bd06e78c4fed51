//! One pass over the raw bytes that says which rules are worth running.

use super::{pieces::Pieces, sampled::Sampled};

/// Finds every place where one of many keywords stands.
///
/// Long keywords are looked for at every third place only ([`Sampled`]), short ones by
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

    /// Calls `hit` with the number of a keyword and where it stands, for each place.
    pub fn for_each_hit(&self, text: &[u8], mut hit: impl FnMut(usize, usize)) {
        self.sampled.for_each_hit(text, &mut hit);
        self.pieces.for_each_hit(text, &mut hit);
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
    }
}
