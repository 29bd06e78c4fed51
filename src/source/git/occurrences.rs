//! Searches for many texts in one pass.

use aho_corasick::{AhoCorasick, MatchKind};

/// Maximum number of matches per byte of a text, after which all remaining needles count as
/// present: needles that contain each other match many times at each offset.
const MAX_MATCHES_PER_BYTE: usize = 8;

/// Maximum number of needles of one pass; more would take more memory than the text.
const MAX_TOGETHER: usize = 10_000;

/// For each of `needles`, `true` if it occurs in `text`.
pub fn present(needles: &[&[u8]], text: &[u8]) -> Vec<bool> {
    if let [needle] = needles {
        return vec![memchr::memmem::find(text, needle).is_some()];
    }
    needles.chunks(MAX_TOGETHER).flat_map(|needles| together(needles, text)).collect()
}

fn together(needles: &[&[u8]], text: &[u8]) -> Vec<bool> {
    let searched = AhoCorasick::builder().match_kind(MatchKind::Standard).build(needles);
    let Ok(searched) = searched else { return vec![true; needles.len()] };
    let mut found = vec![false; needles.len()];
    let mut left = text.len().saturating_mul(MAX_MATCHES_PER_BYTE).saturating_add(needles.len());
    for matched in searched.find_overlapping_iter(text) {
        found[matched.pattern().as_usize()] = true;
        left -= 1;
        if left == 0 {
            return vec![true; needles.len()];
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_found_wherever_it_stands_also_within_another() {
        let needles: [&[u8]; 4] = [b"abc", b"b", b"cd", b"x"];
        assert_eq!(present(&needles, b"-abcd-"), [true, true, true, false]);
        assert_eq!(present(&needles[..1], b"-ab-"), [false]);
        assert!(present(&[], b"-ab-").is_empty());
    }
}
