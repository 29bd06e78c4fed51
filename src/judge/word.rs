//! A quick check for values that a name can mark as a secret, before a language is read.

use super::{
    entropy::shannon_entropy,
    value::{
        MAX_SECRET, MIN_SECRET, NO_SECRET_SIGNS, check_named_secret, is_random, marks_a_stand_in,
    },
};
use bstr::ByteSlice;
use memchr::memmem::Finder;
use std::{borrow::Cow, sync::LazyLock};

/// Minimum number of hexadecimal digits that encode a text of [`MIN_SECRET`] bytes.
const MIN_HEX: usize = 2 * MIN_SECRET;

/// Maximum number of words after one keyword that look random and are judged. The value of a name
/// is one of the next few words, and a text may consist of names and such words.
const MOST_JUDGED: usize = 6;

/// `true` if a word of `text`, as the file writes it, may become a value that
/// [`check_named_secret`] accepts, or a part of one. `None` if the text was not checked completely:
/// the check ends after [`MOST_JUDGED`] words that look random but are not secrets.
///
/// It is called before a language is read.
pub fn may_hold_named_secret(text: &[u8]) -> Option<bool> {
    static AMPERSAND: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("&amp;"));
    let mut is_judged = true;
    let mut holds = |text: &[u8]| {
        let mut left = MOST_JUDGED;
        let holds = words(text)
            .any(|(word, kinds)| left > 0 && may_be_named_secret(word, kinds, &mut left));
        is_judged &= left > 0;
        holds
    };
    let holds = holds(text)
        || joined(text).is_some_and(|text| holds(&text))
        || AMPERSAND.find(text).is_some() && holds(&text.replace(b"&amp;", b"&"));
    (holds || is_judged).then_some(holds)
}

/// The rest of the first word of `text`, which may begin inside the word.
pub fn first_word(text: &[u8]) -> &[u8] {
    let len = text.iter().position(|byte| !is_in_word(byte));
    &text[..len.unwrap_or(text.len())]
}

/// `true` if a word with bytes of these kinds, or a value bound in it, may be a secret. `left` is
/// the number of words that may still be judged.
fn may_be_named_secret(word: &[u8], kinds: u8, left: &mut usize) -> bool {
    if kinds & (ESCAPE | BINDS | ENDS) == 0 {
        return is_named_secret(word, left);
    }
    // An escape represents a character of the value, as in `\/`.
    let mut word = Cow::Borrowed(word);
    if kinds & ESCAPE != 0 {
        word.to_mut().retain(|byte| *byte != b'\\');
    }
    // A name may directly precede the value; `=` may also be the padding at its end.
    let binds = |byte: &u8| kind(*byte) & BINDS != 0;
    let first = word.iter().position(binds).map_or(0, |at| at + 1);
    let end = word.iter().rposition(|byte| *byte != b'=').map_or(0, |at| at + 1);
    let last = word[..end].iter().rposition(binds).map_or(0, |at| at + 1);
    let mut starts = [0, first, last];
    starts.sort_unstable();
    let mut before = None;
    starts.into_iter().any(|start| {
        let value = &word[start..];
        // The rest of a command line and the end of a call are not part of the value.
        let cut = value.iter().position(|byte| kind(*byte) & ENDS != 0).unwrap_or(value.len());
        before.replace(start) != Some(start)
            && (is_named_secret(value, left)
                || cut < value.len() && is_named_secret(&value[..cut], left))
    })
}

fn is_named_secret(value: &[u8], left: &mut usize) -> bool {
    let value = value.strip_prefix(b"django-insecure-").unwrap_or(value);
    if !(MIN_SECRET..=MAX_SECRET).contains(&value.len()) {
        return false;
    }
    let is_judged = *left > 0 && is_random(value);
    *left -= usize::from(is_judged);
    // The faster checks come first.
    (is_judged && !marks_a_stand_in(value) || is_base64_of_text(value))
        && check_named_secret(&String::from_utf8_lossy(value)).is_ok()
        || is_hex_of_text(value)
}

/// `true` if it may be base64 of a printable text. A long one has too few distinct characters to
/// look random itself.
fn is_base64_of_text(value: &[u8]) -> bool {
    // The first character of a group has the upper six bits of a printable byte.
    value.len() >= 4 * MIN_SECRET
        && value.len().is_multiple_of(4)
        && value.chunks(4).all(|group| matches!(group[0], b'I'..=b'Z' | b'a'..=b'f'))
}

/// `true` if it may be hexadecimal of a text, which is hardly random.
fn is_hex_of_text(value: &[u8]) -> bool {
    value.len() >= MIN_HEX
        && value.iter().all(u8::is_ascii_hexdigit)
        && shannon_entropy(value) >= 2.0
}

/// The words of a text that are long enough for a secret and have a digit, letters of both cases,
/// or only letters, each with the kinds of its bytes. Other words are never random.
fn words(text: &[u8]) -> impl Iterator<Item = (&[u8], u8)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        // Searches backwards from the minimum length of a word: most words are shorter, and the
        // bytes before the last separator are skipped.
        while let Some(word) = text.get(start..start + MIN_SECRET) {
            if let Some(at) = word.iter().rposition(|byte| !is_in_word(byte)) {
                start += at + 1;
                continue;
            }
            let mut kinds = word.iter().fold(0, |kinds, byte| kinds | kind(*byte));
            let rest = &text[start..];
            let behind = rest[MIN_SECRET..].iter().take_while(|byte| is_in_word(byte));
            let len = MIN_SECRET + behind.inspect(|byte| kinds |= kind(**byte)).count();
            start += len;
            if kinds & DIGIT != 0 || kinds & LETTERS == LETTERS || kinds & SIGN == 0 {
                return Some((&rest[..len], kinds));
            }
        }
        None
    })
}

/// The text without the separators between the pieces of one value: `"a1" + "b2"`, `"a1" "b2"`,
/// `concat("a1", "b2")`, `"a1"b2` in a shell. `None` if there are no such separators.
///
/// Pieces without a digit are rarely part of a secret, and occur in every list.
fn joined(text: &[u8]) -> Option<Vec<u8>> {
    if !has_digit_anywhere(text) {
        return None;
    }
    let has_digit = |word: &mut dyn Iterator<Item = &u8>| {
        word.take(MAX_SECRET).take_while(|byte| is_in_word(byte)).any(u8::is_ascii_digit)
    };
    let mut pieces: Option<Vec<u8>> = None;
    let mut taken = 0;
    for at in memchr::memchr3_iter(b'"', b'\'', b'`', text) {
        let (before, behind) = (&text[..at], &text[at + 1..]);
        let ends_piece = |byte: &u8| is_in_word(byte) && kind(*byte) & BINDS == 0;
        if at < taken || !before.last().is_some_and(ends_piece) {
            continue;
        }
        let next =
            next_piece(behind).or_else(|| behind.first().is_some_and(is_in_word).then_some(behind));
        let Some(next) = next else { continue };
        if has_digit(&mut before.iter().rev()) || has_digit(&mut next.iter()) {
            pieces.get_or_insert_default().extend_from_slice(&text[taken..at]);
            taken = text.len() - next.len();
        }
    }
    let mut pieces = pieces?;
    pieces.extend_from_slice(&text[taken..]);
    Some(pieces)
}

/// `true` if the text has a digit. Tests many bytes at once.
fn has_digit_anywhere(text: &[u8]) -> bool {
    text.chunks(64).any(|chunk| chunk.iter().fold(false, |has, byte| has | byte.is_ascii_digit()))
}

/// The text after the next opening quote, if only an operator that joins two pieces precedes it.
fn next_piece(behind: &[u8]) -> Option<&[u8]> {
    let mut rest = behind.trim_ascii_start();
    if let [b'+' | b'.' | b'&' | b',', behind @ ..] = rest {
        rest = behind.trim_ascii_start();
    }
    if let [b'\\', behind @ ..] = rest {
        rest = behind.trim_ascii_start();
    }
    match rest {
        [b'"' | b'\'' | b'`', next @ ..] => Some(next),
        _ => None,
    }
}

/// The kinds of a byte in a word, as bits.
const IN_WORD: u8 = 1;
const SMALL: u8 = 2;
const CAPITAL: u8 = 4;
const DIGIT: u8 = 8;
const LETTERS: u8 = SMALL | CAPITAL;
/// A character that may separate a name from its value.
const BINDS: u8 = 16;
/// A character before which a value may end, where a command line continues or a call ends.
const ENDS: u8 = 32;
const ESCAPE: u8 = 64;
/// Neither a letter nor a digit, nor one of the above.
const SIGN: u8 = 128;

/// `true` if a secret may contain this byte, or an escape may begin with it.
#[inline]
fn is_in_word(byte: &u8) -> bool {
    kind(*byte) != 0
}

/// The kinds of this byte; 0 if no secret contains it.
#[inline]
fn kind(byte: u8) -> u8 {
    const KINDS: [u8; 256] = {
        let mut kinds = [0; 256];
        let mut byte = b'!';
        while byte <= b'~' {
            kinds[byte as usize] = match byte {
                b'a'..=b'z' => IN_WORD | SMALL,
                b'A'..=b'Z' => IN_WORD | CAPITAL,
                b'0'..=b'9' => IN_WORD | DIGIT,
                b'=' | b':' | b'(' => IN_WORD | BINDS,
                b'&' | b')' | b'#' => IN_WORD | ENDS,
                _ => IN_WORD | SIGN,
            };
            byte += 1;
        }
        let mut place = 0;
        while place < NO_SECRET_SIGNS.len() {
            kinds[NO_SECRET_SIGNS[place] as usize] = 0;
            place += 1;
        }
        kinds[b'\\' as usize] = IN_WORD | ESCAPE;
        kinds
    };
    KINDS[usize::from(byte)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::STANDARD};

    #[test]
    fn only_words_as_long_as_a_secret_are_looked_at() {
        let all =
            |text: &'static str| words(text.as_bytes()).map(|(word, _)| word).collect::<Vec<_>>();
        assert_eq!(all("0123456789abcdef"), [b"0123456789abcdef"]);
        assert_eq!(
            all("a 0123456789abcdef \"0123456789abcdefg\","),
            [&b"0123456789abcdef"[..], b"0123456789abcdefg"]
        );
        assert!(all("0123456789abcde 0123456789abcde").is_empty() && all("").is_empty());
    }

    #[test]
    fn a_word_behind_a_name_may_be_a_secret_however_it_is_written() {
        for text in [
            r#"password = "aB3dE5gH7jK9mN1pQ4""#,
            "password: aB3dE5gH7jK9mN1pQ4 # for now",
            "DB_PASSWORD=aB3dE5gH7jK9mN1pQ4",
            r#"{\"api_key\": \"aB3+E5gH\/jK9mN1pQ4\"}"#,
            "login(password='aB3dE=5gH7:jK9mN1pQ4')",
            "-aB3dE5gH7jK9mN1pQ4}",
            "=aB3dE5gH7jK9mN1pQ4&&./run-test.sh",
            r#"KEY = "django-insecure-8*xhw58^0^d6)^1%8dz$o!%jobc*^g##(x&&s9e49(td6fo)!j""#,
            // In several pieces.
            r#"api_key = "aB3dE5gH" + "7jK9mN1pQ4""#,
            "api_key = ('aB3dE5gH'\n    '7jK9mN1pQ4')",
            r#"concat("aB3dE5gH", "7jK9mN1pQ4")"#,
            r#""aB3dE5"+"gH7jK9"+'mN1pQ4'""#,
            r#"API_KEY="aB3dE5gH"7jK9mN1pQ4"#,
            "$password = \"aB3dE5gH`$7jK9mN1pQ4\"",
            r#"password="aB3dE5gH&amp;7jK9mN1pQ4""#,
            r#"bytes.fromhex("3530656a39786b7132766d383177747063").decode()"#,
        ] {
            assert_eq!(may_hold_named_secret(text.as_bytes()), Some(true), "{text}");
        }
        for text in [
            "",
            "password = get_password_of_the_user(connection.settings)",
            "secret_key_sha256 = \"sha512-aB3dE5gH7jK9mN1pQ4\"",
            "password = \"correct-horse-battery-staple\"",
            "password = \"\", \"correct\" + 'horse' '''battery''' \"\"\"staple\"\"\"",
            "token: aB3dE5gH7jK9",
        ] {
            assert_eq!(may_hold_named_secret(text.as_bytes()), Some(false), "{text}");
        }
    }

    #[test]
    fn base64_of_a_long_hexadecimal_key_may_be_a_secret() {
        for length in [64, 128] {
            let digit = |n: usize| b"0123456789abcdef"[(n * n * 7 + n / 3) % 16];
            let key = STANDARD.encode((0..length).map(digit).collect::<Vec<u8>>());
            assert_eq!(may_hold_named_secret(key.as_bytes()), Some(true), "{length}");
        }
        let words = STANDARD.encode("the words of a long text that nobody would take for a key");
        assert_eq!(may_hold_named_secret(words.as_bytes()), Some(false));
    }

    #[test]
    fn of_many_words_that_look_random_only_some_are_judged() {
        let text =
            |count| format!("{} 'aB3dE5gH7jK9mN1pQ4'", "test-aB3dE5gH7jK9mN1p ".repeat(count));
        assert_eq!(may_hold_named_secret(text(MOST_JUDGED - 1).as_bytes()), Some(true));
        assert_eq!(may_hold_named_secret(text(MOST_JUDGED).as_bytes()), None);
    }

    #[test]
    fn what_is_taken_for_a_secret_may_be_one_wherever_it_stands() {
        let mut random = fastrand::Rng::with_seed(11);
        let signs =
            b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_-.!@#$%^&*()~?:";
        let mut taken = 0;
        for _ in 0..20_000 {
            let len = random.usize(MIN_SECRET..60);
            let value: String =
                (0..len).map(|_| char::from(*random.choice(signs).expect("some"))).collect();
            if check_named_secret(&value).is_err() {
                continue;
            }
            taken += 1;
            for text in [
                format!("= \"{value}\""),
                format!(": {value}\n"),
                format!("KEY={value}"),
                format!("\": \"{value}\","),
                format!(" = '''{value}'''"),
            ] {
                assert_eq!(may_hold_named_secret(text.as_bytes()), Some(true), "{text}");
            }
        }
        assert!(taken > 10_000, "{taken}");
    }
}
