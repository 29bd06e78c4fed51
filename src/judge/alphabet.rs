//! The alphabet of a text, and the scores of random texts in each alphabet.
//!
//! One score for all texts is not enough: pairs of the letters `a` to `f` are common in words, so a
//! model of words classifies a third of all hexadecimal keys as words.

use super::{entropy::shannon_entropy, trigrams::trigram, words::are_words};
use std::ops::Range;

/// The alphabet of a text, by the characters that it uses. Punctuation is not counted, since it
/// joins pieces of any alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// Decimal digits only.
    Digits,
    /// Digits, and letters from `a` to `f` in one case.
    Hexadecimal,
    /// Letters of one case.
    Letters,
    /// Letters of one case, and digits: base32, base36.
    LettersAndDigits,
    /// Letters of both cases.
    MixedLetters,
    /// Letters of both cases, and digits: base62, base64.
    Mixed,
}

/// The scores of random texts of an alphabet, measured on 60,000 texts of every length from 16 to
/// 64 characters.
struct Model {
    /// The fraction of the alphabet's characters that are digits.
    digits: f64,
    /// `true` if the alphabet has letters of both cases.
    is_mixed: bool,
    /// The mean score per character.
    mean: f64,
    /// The standard deviation of the score of one character.
    deviation: f64,
}

/// A text counts as written by a person if its score is this number of standard deviations above
/// the mean. One random text in 100,000 reaches it.
const REACH: f64 = 4.3;
/// Minimum score of a written text of any length.
const LEAST_WRITTEN: f64 = -0.5;

/// Maximum number of digits before or after joined words: a year has four.
const MOST_DIGITS: usize = 4;

/// Kinds of characters, as bits.
const LOWER: u8 = 1;
const UPPER: u8 = 2;
const DIGIT: u8 = 4;
const BEYOND_F: u8 = 8;

/// The kinds of each byte. A branch for each byte of random text would be mispredicted.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        let beyond_f = byte.is_ascii_alphabetic() && !byte.is_ascii_hexdigit();
        kinds[byte as usize] = match byte {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            _ => 0,
        } | if beyond_f { BEYOND_F } else { 0 };
        byte += 1;
    }
    kinds
};

impl Alphabet {
    /// The smallest alphabet with all letters and digits of `text`. `None` if there are none.
    pub fn of(text: &[u8]) -> Option<Self> {
        let kinds = text.iter().fold(0, |kinds, byte| kinds | KINDS[usize::from(*byte)]);
        let has = |kind: u8| kinds & kind != 0;
        Some(match (has(LOWER), has(UPPER), has(DIGIT)) {
            (false, false, false) => return None,
            (false, false, true) => Self::Digits,
            (true, true, false) => Self::MixedLetters,
            (true, true, true) => Self::Mixed,
            (_, _, true) if !has(BEYOND_F) => Self::Hexadecimal,
            (_, _, true) => Self::LettersAndDigits,
            (_, _, false) => Self::Letters,
        })
    }

    /// `true` unless it has letters of both cases.
    pub fn is_one_case(self) -> bool {
        !matches!(self, Self::MixedLetters | Self::Mixed)
    }

    /// The scores of random texts in it; `None` if the order of characters carries no information.
    fn model(self) -> Option<Model> {
        let model =
            |digits, is_mixed, mean, deviation| Some(Model { digits, is_mixed, mean, deviation });
        match self {
            Self::Digits | Self::Hexadecimal => None,
            Self::Letters => model(0.0, false, -1.9, 2.34),
            Self::LettersAndDigits => model(10.0 / 36.0, false, -1.25, 1.94),
            Self::MixedLetters => model(0.0, true, -1.92, 2.22),
            Self::Mixed => model(10.0 / 62.0, true, -1.49, 2.1),
        }
    }

    /// The entropy, in bits per character, that all but about one in a million random texts of
    /// `length` characters exceed.
    fn least_entropy(self, length: usize) -> f64 {
        let column = match self {
            Self::Digits => 0,
            Self::Hexadecimal => 1,
            Self::Letters => 2,
            Self::LettersAndDigits => 3,
            Self::MixedLetters | Self::Mixed => 4,
        };
        let row = LEAST_ENTROPY.iter().rev().find(|(least, _)| *least <= length);
        row.map_or(0.0, |(_, bits)| bits[column])
    }
}

/// The minimum entropy of texts drawn from 10, 16, 26, 36 and 62 characters, by minimum length: the
/// third lowest of a million draws, minus 0.1 bit.
const LEAST_ENTROPY: [(usize, [f64; 5]); 11] = [
    (12, [1.2, 1.5, 1.8, 1.9, 2.1]),
    (16, [1.55, 1.9, 2.25, 2.4, 2.6]),
    (20, [1.8, 2.15, 2.55, 2.8, 3.0]),
    (24, [2.0, 2.45, 2.8, 2.95, 3.3]),
    (28, [2.15, 2.55, 3.0, 3.2, 3.5]),
    (32, [2.3, 2.7, 3.1, 3.35, 3.7]),
    (40, [2.45, 2.95, 3.4, 3.65, 4.0]),
    (48, [2.6, 3.1, 3.55, 3.85, 4.2]),
    (64, [2.75, 3.3, 3.8, 4.1, 4.5]),
    (96, [2.9, 3.5, 4.1, 4.4, 4.9]),
    (128, [3.0, 3.6, 4.2, 4.55, 5.1]),
];

/// `true` if a text without separators looks drawn from its alphabet.
pub fn is_drawn(text: &[u8]) -> bool {
    // The slowest check comes last.
    is_spread(text) && !is_capitalised(text) && !reads_as_written(text) && !is_joined(text)
}

/// `true` for one capital and then small letters: a word of some language, such as a translated
/// label. One of 65,000 texts of 16 letters drawn from both cases has this form.
fn is_capitalised(text: &[u8]) -> bool {
    matches!(text, [first, rest @ ..]
        if first.is_ascii_uppercase() && rest.iter().all(u8::is_ascii_lowercase))
}

/// `true` for words of one case joined without separators, with an optional number before or after
/// them: `thisismysecretkey1`.
fn is_joined(text: &[u8]) -> bool {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let start = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(0);
    let end = text.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |at| at + 1);
    let inside = text.get(start..end).unwrap_or_default();
    digits <= MOST_DIGITS
        && matches!(Alphabet::of(inside), Some(Alphabet::Letters))
        && are_words(inside)
}

/// `true` if the characters of `text` are distributed as in a random draw from its alphabet.
pub fn is_spread(text: &[u8]) -> bool {
    let Some(alphabet) = Alphabet::of(text) else { return false };
    shannon_entropy(text) >= alphabet.least_entropy(text.len())
}

/// `true` if `text` reads as if a person wrote it, by the scores of its alphabet. About one random
/// text in 100,000 does.
pub fn reads_as_written(text: &[u8]) -> bool {
    let Some(model) = Alphabet::of(text).and_then(Alphabet::model) else { return false };
    let (sum, count) = log_ratio(text, &model);
    let limit = model.mean + REACH * model.deviation / f64::from(count.max(1)).sqrt();
    count > 0 && sum / f64::from(count) > limit.max(LEAST_WRITTEN)
}

/// The longest run of letters and digits in a text.
pub fn longest_run(text: &[u8]) -> Range<usize> {
    let (mut longest, mut start) = (0..0, 0);
    for run in text.split(|byte| !byte.is_ascii_alphanumeric()) {
        if run.len() > longest.len() {
            longest = start..start + run.len();
        }
        start += run.len() + 1;
    }
    longest
}

/// Probability of a digit after a letter, in names with digits.
const DIGIT_AFTER_LETTER: f64 = 0.08;
/// Probability of a digit after a digit, in names with digits.
const DIGIT_AFTER_DIGIT: f64 = 0.5;
/// Probability of a capital after a small letter, in names of both cases.
const CAPITAL_AFTER_SMALL: f64 = 0.08;
/// Probability of a capital after a capital, in names of both cases.
const CAPITAL_AFTER_CAPITAL: f64 = 0.3;

/// The kind of the previous character, on which the next one depends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Digit,
    Small,
    Capital,
}

/// The log-likelihood ratio, in bits, of `text` as written by a person to `text` as a random draw
/// from its alphabet, and the number of characters that count. Letters depend on the two before
/// them in their word, digits and capitals on the one before.
fn log_ratio(text: &[u8], model: &Model) -> (f64, u32) {
    let of_digit = |share: f64| (share / model.digits).log2();
    let of_letter = |share: f64| ((1.0 - share) / (1.0 - model.digits)).log2();
    let of_case = |share: f64| (share / 0.5).log2();
    let digit_after_digit = of_digit(DIGIT_AFTER_DIGIT);
    let digit_after_letter = of_digit(DIGIT_AFTER_LETTER);
    let letter_after_digit = of_letter(DIGIT_AFTER_DIGIT);
    let letter_after_letter = of_letter(DIGIT_AFTER_LETTER);
    let capital_after_small = of_case(CAPITAL_AFTER_SMALL);
    let small_after_small = of_case(1.0 - CAPITAL_AFTER_SMALL);
    let capital_after_capital = of_case(CAPITAL_AFTER_CAPITAL);
    let small_after_capital = of_case(1.0 - CAPITAL_AFTER_CAPITAL);
    let has_digits = model.digits > 0.0;
    let (mut sum, mut count) = (0.0, 0);
    let (mut before, mut word) = (Before::Nothing, (0, 0));
    for byte in text {
        if byte.is_ascii_digit() {
            sum += match before {
                Before::Nothing => 0.0,
                Before::Digit => digit_after_digit,
                Before::Small | Before::Capital => digit_after_letter,
            };
            count += u32::from(before != Before::Nothing);
            (before, word) = (Before::Digit, (0, 0));
        } else if byte.is_ascii_alphabetic() {
            let is_capital = byte.is_ascii_uppercase();
            if model.is_mixed {
                sum += match (before, is_capital) {
                    (Before::Small, true) => capital_after_small,
                    (Before::Small, false) => small_after_small,
                    (Before::Capital, true) => capital_after_capital,
                    (Before::Capital, false) => small_after_capital,
                    (Before::Nothing | Before::Digit, _) => 0.0,
                };
                // A word begins: `getToken`.
                if before == Before::Small && is_capital {
                    word = (0, 0);
                }
            }
            sum += match before {
                Before::Small | Before::Capital if has_digits => letter_after_letter,
                Before::Digit => letter_after_digit,
                _ => 0.0,
            };
            let letter = usize::from(byte.to_ascii_lowercase() - b'a');
            sum += trigram(word, letter);
            count += 1;
            word = (word.1, letter + 1);
            before = if is_capital { Before::Capital } else { Before::Small };
        } else {
            (before, word) = (Before::Nothing, (0, 0));
        }
    }
    (sum, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_alphabet_is_told_by_the_characters_in_use() {
        for (text, alphabet) in [
            ("0123", Some(Alphabet::Digits)),
            ("12ab", Some(Alphabet::Hexadecimal)),
            ("12AB", Some(Alphabet::Hexadecimal)),
            ("12aB", Some(Alphabet::Mixed)),
            ("12xy", Some(Alphabet::LettersAndDigits)),
            ("WXYZ", Some(Alphabet::Letters)),
            ("wxYZ", Some(Alphabet::MixedLetters)),
            ("--", None),
        ] {
            assert_eq!(Alphabet::of(text.as_bytes()), alphabet, "{text}");
        }
    }

    #[test]
    fn names_and_words_read_as_written_in_every_case() {
        for text in [
            "getUserAccessToken",
            "correcthorsebattery",
            "CONFIGURATIONERROR",
            "KeyStorePasswordProvider2",
            "authentication2factor",
            "max_position_embeddings",
            "BertForSequenceClassification",
            "Documents/Reports/Quarterly",
        ] {
            assert!(reads_as_written(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn hexadecimal_never_reads_as_written() {
        assert!(!reads_as_written(b"deadbeef0badcafe"));
        assert!(!is_spread(b"00000000000000000000000000001001"));
    }

    #[test]
    fn the_longest_run_is_found_wherever_it_stands() {
        for (text, run) in [("ab-cde_f", 3..6), ("", 0..0), ("--", 0..0), ("abc", 0..3)] {
            assert_eq!(longest_run(text.as_bytes()), run, "{text}");
        }
    }
}
