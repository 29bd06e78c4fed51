//! Distinguishes a complete match from a piece of a longer text.

use super::alphabet::{is_drawn, longest_run};
use crate::model::Span;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// Number of bytes before a match in which an escape may begin: `\u{10ffff}`, or a colour code with
/// several numbers.
const ESCAPE_WINDOW: usize = 32;

/// Maximum length of a run of base64url characters beside a token; a longer one is encoded data.
/// The longest legitimate neighbours are run ids and hashes without a separator in a database row,
/// 32 to 64 characters.
const MAX_GLUED: usize = 64;

/// Minimum length of a run of letters and digits beside a token that is tested for randomness.
const MIN_RANDOM: usize = 12;

/// Number of bytes on either side of a match that are searched for a call of it.
const CALL_REACH: usize = 4 << 10;

/// The end of an escape whose last character is a letter or a digit, which would otherwise seem to
/// belong to the following text.
static ESCAPE_END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u)(?:",
        // `\n`, `\t`, … and the same escaped again inside another string.
        r"\\[abefnrtv0]",
        r"|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\[0-3][0-7]{2}",
        // `%3D`, `%253D`; quoted-printable's `=3D`.
        r"|%(?:25)?[0-9A-Fa-f]{2}|=3D",
        // A terminal colour code (ECMA-48), raw or as an escape.
        r"|(?:\x1b|\^\[|\\(?:u001[bB]|x1[bB]|033|e|E))\[[0-9;:?]*[A-Za-z]",
        r")$"
    ))
    .expect("a constant expression")
});

/// The text on both sides of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edges {
    /// No characters that could belong to the match.
    Clean,
    /// A letter or digit is directly next to it.
    Glued,
    /// It is a piece of a long run of encoded data.
    InsideBlob,
}

/// The text on both sides of the token at `span`.
///
/// A letter or digit before it counts as part of it unless it ends an escape (`\n`, `%3D`, a colour
/// code); `_` before it does not count (`KEY_hf_…`). After it, a letter, a digit or `_` counts,
/// since a longer name may begin like a token.
pub fn edges(text: &[u8], span: Span) -> Edges {
    let (before, after) = (&text[..span.start.min(text.len())], &text[span.end.min(text.len())..]);
    let ends_escape = || ESCAPE_END.is_match(&before[before.len().saturating_sub(ESCAPE_WINDOW)..]);
    let left_open = before.last().is_some_and(u8::is_ascii_alphanumeric) && !ends_escape();
    let right_open =
        after.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    if !left_open && !right_open {
        return if is_in_random_text(before, after) { Edges::InsideBlob } else { Edges::Clean };
    }
    let left = before.iter().rev().take(MAX_GLUED + 1).take_while(|byte| is_base64url(**byte));
    let right = after.iter().take(MAX_GLUED + 1).take_while(|byte| is_base64url(**byte));
    if left.count() > MAX_GLUED || right.count() > MAX_GLUED {
        Edges::InsideBlob
    } else {
        Edges::Glued
    }
}

/// `true` if random base64url text continues on both sides beyond a `-` or `_`, as in the cursor of
/// a list of results.
fn is_in_random_text(before: &[u8], after: &[u8]) -> bool {
    const NEAR: usize = 32;
    let is_separator = |byte: Option<&u8>| matches!(byte, Some(b'-' | b'_'));
    if !is_separator(before.last()) || !is_separator(after.first()) {
        return false;
    }
    let left = before.iter().rev().take(NEAR).take_while(|byte| is_base64url(**byte)).count();
    let right = after.iter().take(NEAR).take_while(|byte| is_base64url(**byte)).count();
    let goes_on = |text: &[u8]| {
        let run = &text[longest_run(text)];
        run.len() >= MIN_RANDOM && is_drawn(run)
    };
    goes_on(&before[before.len() - left..]) && goes_on(&after[..right])
}

/// `true` if the match is an identifier that is called or declared nearby: minifiers generate such
/// names. Surrounding code on the same line distinguishes it from a token.
pub fn is_called(text: &[u8], span: Span) -> bool {
    let secret = span.slice(text);
    let from = span.start.saturating_sub(CALL_REACH);
    let near = &text[from..text.len().min(span.end + CALL_REACH)];
    memchr::memmem::find_iter(near, secret).any(|at| {
        let (before, after) = (&near[..at], &near[at + secret.len()..]);
        let ends = |words: &[&[u8]]| words.iter().any(|word| before.ends_with(word));
        ends(&[b"function ", b"function* ", b"class "])
            || after.first() == Some(&b'=') && ends(&[b"var ", b"let ", b"const "])
            || after.first() == Some(&b'(') && is_code_before(before) && is_call(after)
    })
}

/// `true` if an identifier may begin after this text: not in quotes, and not after a word.
fn is_code_before(before: &[u8]) -> bool {
    before.last().is_none_or(|byte| b"(){}[];,=!?:&|+.>".contains(byte))
        || before.ends_with(b"return ")
}

/// `true` if parentheses close on the line before a token that can follow a call.
fn is_call(after: &[u8]) -> bool {
    const LONGEST: usize = 256;
    let close = after.iter().take(LONGEST).take_while(|byte| **byte != b'\n');
    let mut depth = 0_usize;
    for (at, byte) in close.enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth > 1 => depth -= 1,
            b')' => {
                let next = after.get(at + 1);
                return next.is_some_and(|next| b"(){}[];,.?:&|+=".contains(next));
            }
            _ => {}
        }
    }
    false
}

/// `true` if the bytes before `start` encode the length `length`, as pickle, protobuf and similar
/// formats write it before a string.
pub fn has_length_prefix(text: &[u8], start: usize, length: usize) -> bool {
    let Ok(length) = u8::try_from(length) else { return false };
    let before = &text[..start.min(text.len())];
    // Little-endian in 1, 2, 4 or 8 bytes, or one big-endian byte pair (JVM, MessagePack).
    before.ends_with(&[length])
        || before.ends_with(&[length, 0])
        || before.ends_with(&[length, 0, 0, 0])
        || before.ends_with(&[length, 0, 0, 0, 0, 0, 0, 0])
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges_of(before: &str, after: &str) -> Edges {
        let text = format!("{before}hf_TOKEN{after}");
        edges(text.as_bytes(), Span::new(before.len(), before.len() + 8))
    }

    #[test]
    fn an_escape_before_a_token_does_not_belong_to_it() {
        for before in [
            "\\n",
            "\\t",
            "\\\\n",
            "\\x0a",
            "\\u000a",
            "\\u{a}",
            "\\012",
            "%3D",
            "%253D",
            "token=3D",
            "\u{1b}[32m",
            "\\u001b[1;32m",
            "\\x1b[0m",
            "\\033[32m",
            "\\e[0m",
            "^[[32m",
            "KEY_",
            "",
        ] {
            assert_eq!(edges_of(before, ""), Edges::Clean, "{before:?}");
        }
    }

    #[test]
    fn a_letter_or_digit_beside_a_token_makes_it_part_of_a_word() {
        for (before, after) in [("a", ""), ("7", ""), ("", "a"), ("", "7"), ("", "_x"), ("50m", "")]
        {
            assert_eq!(edges_of(before, after), Edges::Glued, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_long_run_of_encoded_characters_is_a_blob() {
        assert_eq!(edges_of(&"x".repeat(65), ""), Edges::InsideBlob);
        assert_eq!(edges_of("", &"a".repeat(65)), Edges::InsideBlob);
        assert_eq!(edges_of("", &"a".repeat(64)), Edges::Glued);
    }

    #[test]
    fn a_token_between_random_texts_is_a_piece_of_them() {
        let edges = |before: &str, after: &str| edges_of(before, after);
        assert_eq!(edges("eyJr8Zq1XvB3nQw-", "-k9LmP2rT7yWc4"), Edges::InsideBlob);
        assert_eq!(edges("s9Dk2mVq81ZxLw_", "_x"), Edges::Glued);
        assert_eq!(edges("s9Dk2mVq81ZxLw-", "-final"), Edges::Clean);
        assert_eq!(edges("backup-of-the-checkpoint-", "-from-the-other-run"), Edges::Clean);
        assert_eq!(edges("s9Dk2mVq81ZxLw ", " k9LmP2rT7yWc4"), Edges::Clean);
    }

    #[test]
    fn a_name_that_is_called_or_declared_is_known() {
        let called = |before: &str, after: &str| {
            let text = format!("{before}hf_TOKEN{after}");
            is_called(text.as_bytes(), Span::new(before.len(), before.len() + 8))
        };
        for (before, after) in [
            ("function ", "(a){return a}"),
            ("var a=", "(b);"),
            ("x.", "(1,2).y"),
            ("if(!", "(a)){"),
            ("var c=", ";c(hf_TOKEN(1),2)"),
            ("class ", " {}"),
            ("var ", "=function(){}"),
        ] {
            assert!(called(before, after), "{before} {after}");
        }
        for (before, after) in [
            ("token: ", " (mine)"),
            ("\"", "\")"),
            ("my token is ", "(read only)."),
            ("(", ")"),
            ("TOKEN=", "(old)"),
            ("login(", ");"),
        ] {
            assert!(!called(before, after), "{before} {after}");
        }
    }

    #[test]
    fn lengths_before_a_string_are_known_in_every_width() {
        for prefix in [&b"\x8c%"[..], b"X%\0\0\0", b"\x12%", b"%\0\0\0\0\0\0\0", b"\0%"] {
            assert!(has_length_prefix(&[prefix, b"hf_"].concat(), prefix.len(), 37), "{prefix:?}");
        }
        assert!(!has_length_prefix(b"ab", 2, 37));
        assert!(!has_length_prefix(b"", 0, 37));
    }
}
