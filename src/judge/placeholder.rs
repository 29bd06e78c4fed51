//! Whether a text stands in for a secret.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Fewer distinct characters than this are not drawn at random: of 200,000 random
/// bodies of 34 letters the least had 16.
const MIN_DISTINCT: usize = 7;
/// As many equal characters in a row are not drawn at random: once in 13 million bodies.
const MAX_REPEAT: usize = 6;
/// As long a walk along the alphabet or a keyboard is not drawn at random.
const MAX_SEQUENCE: usize = 8;
/// Patterns that repeat with a period up to this are not drawn at random.
const MAX_PERIOD: usize = 8;

/// Characters people walk along when they need any text.
const SEQUENCES: [&[u8]; 4] = [
    b"abcdefghijklmnopqrstuvwxyz",
    b"01234567890",
    b"qwertyuiopasdfghjklzxcvbnm",
    b"0123456789abcdef",
];

/// Words of people who ask for the reader's own secret. They lower the confidence in a
/// body that looks random and never dismiss it: a real token can hold four such letters.
const HINT_WORDS: [&str; 14] = [
    "your",
    "token",
    "here",
    "example",
    "fake",
    "dummy",
    "placeholder",
    "redacted",
    "secret",
    "test",
    "sample",
    "replace",
    "insert",
    "mock",
];

/// Whether the random part of a secret is a stand-in by its form: few characters, one
/// repeated, a walk along the alphabet or a keyboard, a short pattern again and again.
pub fn is_stand_in(body: &[u8]) -> bool {
    distinct(body) < MIN_DISTINCT.min(body.len())
        || longest_repeat(body) >= MAX_REPEAT
        || longest_sequence(body) >= MAX_SEQUENCE
        || is_periodic(body)
}

/// Whether a word stands in the body by which people mark what is not a real secret.
pub fn has_hint_word(body: &[u8]) -> bool {
    static HINTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let words = AhoCorasick::builder().ascii_case_insensitive(true).build(HINT_WORDS);
        words.expect("a few constant words")
    });
    HINTS.is_match(body)
}

fn distinct(body: &[u8]) -> usize {
    let mut seen = [false; 256];
    body.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    seen.iter().filter(|seen| **seen).count()
}

fn longest_repeat(body: &[u8]) -> usize {
    body.chunk_by(|a, b| a == b).map(<[u8]>::len).max().unwrap_or(0)
}

/// The longest part that walks along one sequence in one direction, in any case.
fn longest_sequence(body: &[u8]) -> usize {
    let places = |sequence: &[u8]| -> Vec<Option<usize>> {
        let place = |byte: &u8| memchr::memchr(byte.to_ascii_lowercase(), sequence);
        body.iter().map(place).collect()
    };
    let longest = |places: &[Option<usize>], step: fn(usize) -> Option<usize>| {
        let follows = |a: &Option<usize>, b: &Option<usize>| b.is_some() && a.and_then(step) == *b;
        places.chunk_by(follows).map(<[_]>::len).max().unwrap_or(0)
    };
    SEQUENCES
        .iter()
        .map(|sequence| places(sequence))
        .map(|places| {
            longest(&places, |at| Some(at + 1)).max(longest(&places, |at| at.checked_sub(1)))
        })
        .max()
        .unwrap_or(0)
}

/// Whether a short piece fills the body over and over, in any case.
fn is_periodic(body: &[u8]) -> bool {
    let lower = body.to_ascii_lowercase();
    (1..=MAX_PERIOD.min(body.len() / 3))
        .any(|period| lower.iter().zip(&lower[period..]).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_known_by_their_form() {
        for body in [
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "XxXxXxXxXxXxXxXxXxXxXxXxXxXxXxXxXx",
            "abcdefghijklmnopqrstuvwxyzABCDEFGH",
            "FakeFakeFakeFakeFakeFakeFakeFakeFa",
            "QWERTYUIOPasdfghjklZXCVBNMqwertyui",
            "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH",
            "12345678901234567890",
        ] {
            assert!(is_stand_in(body.as_bytes()), "{body}");
        }
    }

    #[test]
    fn a_word_is_a_hint_in_any_case() {
        assert!(has_hint_word(b"QxYOURzw"));
        assert!(!has_hint_word(b"QxYOzw"));
    }
}
