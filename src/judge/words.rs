//! Detects texts of one case that are words joined without separators: `thisismysecretkey`.
//!
//! Scored letter by letter, such a text is not much likelier than a random draw, since a new word
//! may begin anywhere. Scored as a sequence of words, it is.

use super::trigrams::letter_score;
use std::{collections::HashMap, sync::LazyLock};

/// Common words, the most common first, as listed by `tests/tools/train_words.py`.
static WORDS: &str = include_str!("words.txt");

/// Parts of the word list: the end index of each part, and the fraction of words in a text that
/// come from it.
const PARTS: [(usize, f64); 3] = [(500, 0.45), (2000, 0.3), (6000, 0.25)];
/// Lengths of the words in the list.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=14;

/// Probability that a word follows a word; otherwise letters outside the list follow.
const WORD_AFTER_WORD: f64 = 0.75;
/// Probability that a word follows such letters.
const WORD_AFTER_LETTER: f64 = 0.3;
/// Fraction of such letters that are random; the others follow each other as in words.
const DRAWN: f64 = 0.3;

/// Minimum gain, in bits, of words over a random draw for a text to count as written. Of 30,000
/// draws each of 16, 18, 20 and 24 letters, one reached it.
const LEAST_BITS: f64 = 8.0;

/// The cost of each word in bits: minus log2 of its probability.
static BITS: LazyLock<HashMap<&'static [u8], f64>> = LazyLock::new(|| {
    let mut start = 0;
    let mut bits = HashMap::with_capacity(PARTS[PARTS.len() - 1].0);
    let mut words = WORDS.lines();
    for (end, share) in PARTS {
        let each = -(share / (end - start) as f64).log2();
        bits.extend(words.by_ref().take(end - start).map(|word| (word.as_bytes(), each)));
        start = end;
    }
    bits
});

/// `true` if `letters`, all of one case, are words joined without separators.
pub fn are_words(letters: &[u8]) -> bool {
    let lower = letters.to_ascii_lowercase();
    lower.iter().all(u8::is_ascii_lowercase) && gain(&lower) > LEAST_BITS
}

/// The log-likelihood ratio, in bits, of the best division of `text` into words and other letters
/// to a random draw.
fn gain(text: &[u8]) -> f64 {
    let bits = &*BITS;
    let of = f64::log2;
    // The highest gain up to each offset if a word ends there, and if another letter does.
    let mut words = vec![f64::NEG_INFINITY; text.len() + 1];
    let mut letters = words.clone();
    words[0] = 0.0;
    for at in 0..text.len() {
        let before = |back: usize| at.checked_sub(back).map(|place| text[place]);
        let inside = letter_score(before(2), before(1), text[at]);
        let first = letter_score(None, None, text[at]);
        let mixed = |score: f64| of(DRAWN + (1.0 - DRAWN) * score.exp2());
        letters[at + 1] = (letters[at] + of(1.0 - WORD_AFTER_LETTER) + mixed(inside))
            .max(words[at] + of(1.0 - WORD_AFTER_WORD) + mixed(first.max(inside)));
        let start = (words[at] + of(WORD_AFTER_WORD)).max(letters[at] + of(WORD_AFTER_LETTER));
        for length in LENGTHS.take_while(|length| at + length <= text.len()) {
            if let Some(bits) = bits.get(&text[at..at + length]) {
                let score = start + length as f64 * of(26.0) - bits;
                words[at + length] = words[at + length].max(score);
            }
        }
    }
    words[text.len()].max(letters[text.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_words_are_known_in_either_case() {
        for text in [
            "thisismysecretkey",
            "correcthorsebattery",
            "USERPASSWORDHASH",
            "mysupersecretpassword",
            "kubernetesservice",
            "basketballplayers",
        ] {
            assert!(are_words(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_draw_is_words_once_in_10_000_times_at_most() {
        let mut random = fastrand::Rng::with_seed(4);
        for length in [16, 20, 24, 32, 64] {
            let draws = (0..4_000).filter(|_| {
                let text: Vec<u8> = (0..length).map(|_| random.u8(b'a'..=b'z')).collect();
                are_words(&text)
            });
            assert!(draws.count() <= 1, "{length} letters");
        }
    }

    #[test]
    fn a_word_among_drawn_letters_does_not_make_them_words() {
        assert!(!are_words(b"xkqzvpasswordwjfqzhx"));
        assert!(!are_words(b"a1b2"));
    }
}
