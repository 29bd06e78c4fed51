//! Placeholders for secrets.

use super::alphabet::Alphabet;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Length from which a sequence along the alphabet or a keyboard is not random.
const MAX_SEQUENCE: usize = 8;
/// Maximum period in bytes of repeated patterns that are recognised.
const MAX_PERIOD: usize = 8;

/// Sequences that people type as dummy text.
const SEQUENCES: [&[u8]; 4] = [
    b"abcdefghijklmnopqrstuvwxyz",
    b"01234567890",
    b"qwertyuiopasdfghjklzxcvbnm",
    b"0123456789abcdef",
];

/// The place of a character that is not in a sequence, next to no other place.
const NOWHERE: i8 = -8;

/// The place of each character in each of the sequences, in both cases; the first if there are
/// several.
static PLACES: [[i8; 256]; SEQUENCES.len()] = {
    let mut places = [[NOWHERE; 256]; SEQUENCES.len()];
    let mut one = 0;
    while one < SEQUENCES.len() {
        let mut at = SEQUENCES[one].len();
        while at > 0 {
            at -= 1;
            let character = SEQUENCES[one][at];
            places[one][character as usize] = at as i8;
            places[one][character.to_ascii_uppercase() as usize] = at as i8;
        }
        one += 1;
    }
    places
};

/// Words that mark a placeholder for the reader's own secret. They lower the confidence in a body
/// that looks random but never dismiss it, since a real token can contain four such letters.
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

/// Hint words that providers use in the prefixes of their keys.
const KINDS_OF_SECRET: [&str; 2] = ["token", "secret"];

/// Minimum number of letters of a word that counts anywhere. A shorter word must be delimited,
/// because one in a few thousand random keys contains a word of four or five letters.
const LONG_WORD: usize = 6;

/// `true` if the random part of a secret is a placeholder by its form: few distinct characters, one
/// repeated, a sequence along the alphabet or a keyboard, a short pattern repeated.
pub fn is_stand_in(body: &[u8]) -> bool {
    let alphabet = Alphabet::of(body);
    distinct(body) < least_distinct(alphabet, body.len())
        || longest_repeat(body) >= most_repeated(alphabet, body.len())
        || has_sequence(body)
        || is_periodic(body)
}

/// `true` if the body contains a hint word.
pub fn has_hint_word(body: &[u8]) -> bool {
    hints().is_match(body)
}

/// `true` if the value contains a hint word that is not part of a longer word.
pub fn has_marking_word(value: &[u8]) -> bool {
    marking_words(value).next().is_some()
}

/// `true` if the value contains such a word that does not only name a kind of secret.
pub fn has_faking_word(value: &[u8]) -> bool {
    marking_words(value).any(|word| !KINDS_OF_SECRET.contains(&word))
}

fn hints() -> &'static AhoCorasick {
    static HINTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let words = AhoCorasick::builder().ascii_case_insensitive(true).build(HINT_WORDS);
        words.expect("a few constant words")
    });
    &HINTS
}

/// The hint words in `value` that are long or delimited: punctuation or an end of the value on one
/// side, and no letter of the same word on the other, as in `test1`, `my-Token` and `yourApiKey`.
fn marking_words(value: &[u8]) -> impl Iterator<Item = &'static str> {
    hints().find_iter(value).filter_map(|found| {
        let (start, end) = (found.start(), found.end());
        let before = start.checked_sub(1).map(|at| value[at]);
        let after = value.get(end).copied();
        let is_edge = |byte: Option<u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let begins = is_edge(before)
            || before.is_some_and(|before| !before.is_ascii_uppercase())
                && value[start].is_ascii_uppercase()
            || before.is_some_and(|before| before.is_ascii_digit());
        let ends = is_edge(after)
            || after.is_some_and(|after| !after.is_ascii_lowercase())
                && value[end - 1].is_ascii_lowercase()
            || after.is_some_and(|after| after.is_ascii_digit());
        let stands_alone = begins && ends && (is_edge(before) || is_edge(after));
        let word = HINT_WORDS[found.pattern().as_usize()];
        (word.len() >= LONG_WORD || stands_alone).then_some(word)
    })
}

/// Minimum number of distinct characters of a random text in this alphabet: fewer than three in a
/// million have fewer.
fn least_distinct(alphabet: Option<Alphabet>, length: usize) -> usize {
    let least = match alphabet {
        Some(Alphabet::Digits) if length < 20 => 4,
        Some(Alphabet::Digits) => 5,
        Some(Alphabet::Hexadecimal) if length < 20 => 5,
        Some(Alphabet::Hexadecimal) if length < 24 => 6,
        Some(Alphabet::Letters) if length < 18 => 6,
        _ => 7,
    };
    least.min(length)
}

/// Number of equal consecutive characters from which a text is not random.
fn most_repeated(alphabet: Option<Alphabet>, length: usize) -> usize {
    match alphabet {
        Some(Alphabet::Digits) if length > 15 => 9,
        Some(Alphabet::Hexadecimal | Alphabet::Letters) if length > 15 => 7,
        // Long keys consist of several parts, one of them often in hexadecimal.
        _ if length > 80 => 7,
        _ => 6,
    }
}

fn distinct(body: &[u8]) -> usize {
    let mut seen = [false; 256];
    body.iter().filter(|byte| !std::mem::replace(&mut seen[usize::from(**byte)], true)).count()
}

fn longest_repeat(body: &[u8]) -> usize {
    body.chunk_by(|a, b| a == b).map(<[u8]>::len).max().unwrap_or(0)
}

/// `true` if a part of at least [`MAX_SEQUENCE`] bytes runs along one sequence in one direction,
/// case-insensitive.
pub fn has_sequence(body: &[u8]) -> bool {
    // Such a part has a step at every seventh place, so most places need no look.
    let steps = (0..body.len().saturating_sub(1)).step_by(MAX_SEQUENCE - 1);
    steps.into_iter().any(|at| {
        PLACES.iter().any(|places| {
            let place = |at: usize| places[usize::from(body[at])];
            [1, -1].into_iter().any(|direction| {
                let is_step = |at: usize| {
                    let (from, to) = (place(at), place(at + 1));
                    from != NOWHERE && to == from + direction
                };
                let before = (0..at).rev().take_while(|at| is_step(*at)).count();
                let after = (at..body.len() - 1).take_while(|at| is_step(*at)).count();
                after > 0 && before + after + 1 >= MAX_SEQUENCE
            })
        })
    })
}

/// `true` if a short pattern fills the body repeatedly, case-insensitive.
fn is_periodic(body: &[u8]) -> bool {
    (1..=MAX_PERIOD.min(body.len() / 3))
        .any(|period| body.iter().zip(&body[period..]).all(|(a, b)| a.eq_ignore_ascii_case(b)))
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
    fn a_sequence_is_known_at_any_place_and_in_either_direction() {
        for start in 0..20 {
            let before = "+".repeat(start);
            for sequence in ["abcdefgh", "HGFEDCBA", "stuvwxyz", "12345678", "76543210", "qwertyui"]
            {
                assert!(
                    has_sequence(format!("{before}{sequence}").as_bytes()),
                    "{before}{sequence}"
                );
                let short = format!("{before}{}+", &sequence[1..]);
                assert!(!has_sequence(short.as_bytes()), "{short}");
            }
        }
        assert!(!has_sequence(b"") && !has_sequence(b"a"));
    }

    #[test]
    fn a_word_is_a_hint_in_any_case() {
        assert!(has_hint_word(b"QxYOURzw"));
        assert!(!has_hint_word(b"QxYOzw"));
    }
}
