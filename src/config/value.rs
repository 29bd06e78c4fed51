//! Parses and checks values of settings.

use super::{error::did_you_mean, key::Items};
use crate::model::SkipReason;

/// Parses a size in bytes: `4096`, `512K`, `10M`, `2G`, optionally with `B` or `iB` after the
/// letter. The letters are powers of 1024.
///
/// # Errors
/// Returns the expected form as a message.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let expected = || "expected a number of bytes, or one with K, M or G, such as 10M".to_string();
    let upper = text.trim().to_ascii_uppercase();
    let plain = upper.trim_end_matches("IB").trim_end_matches('B');
    let (digits, power) = match plain.chars().last() {
        Some('K') => (&plain[..plain.len() - 1], 1),
        Some('M') => (&plain[..plain.len() - 1], 2),
        Some('G') => (&plain[..plain.len() - 1], 3),
        _ => (plain, 0),
    };
    let number: u64 = digits.trim().parse().map_err(|_| expected())?;
    number.checked_mul(1024u64.pow(power)).ok_or_else(expected)
}

/// Parses a non-negative integer.
pub(super) fn parse_number(text: &str) -> Result<u64, String> {
    text.trim().parse().map_err(|_| "expected a non-negative integer".into())
}

/// Parses `true` or `false`, in the spellings common in environment variables.
pub(super) fn parse_flag(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err("expected true or false".into()),
    }
}

/// One of `words`, case-insensitive.
pub fn parse_word(text: &str, words: &[&'static str]) -> Result<String, Wrong> {
    match words.iter().find(|word| word.eq_ignore_ascii_case(text)) {
        Some(word) => Ok((*word).to_string()),
        None => Err(Wrong::not_one_of(text, words)),
    }
}

/// An invalid value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The mistake, and the expected value.
    pub message: String,
    /// The remedy.
    pub help: Option<String>,
}

impl Wrong {
    /// A word that is not in the list.
    pub fn not_one_of(text: &str, words: &[&str]) -> Self {
        let message = format!("expected one of {}", words.join(", "));
        Self { message, help: did_you_mean(text, words) }
    }
}

impl From<String> for Wrong {
    fn from(message: String) -> Self {
        Self { message, help: None }
    }
}

/// Minimum length of a stop word. Shorter ones occur in many random secrets: of those with 34
/// letters, one in 15,000 contains four given letters in any case, one in 400,000 five.
const SHORTEST_STOP_WORD: usize = 5;

/// Checks an item of a list.
///
/// # Errors
/// Returns an error for an item that is invalid, or would match nearly everything.
pub(super) fn check_item(text: &str, items: Items) -> Result<(), Wrong> {
    let message = match items {
        _ if text.is_empty() => "an empty string matches nothing, or everything".to_string(),
        Items::Digests if !is_digest(text) => {
            "expected the 64 hexadecimal digits of a SHA-256".into()
        }
        Items::Words if text.chars().count() < SHORTEST_STOP_WORD => {
            format!(
                "`{text}` is too short: random secrets contain such words; {SHORTEST_STOP_WORD} letters or more are safe"
            )
        }
        Items::Patterns => match whole(text) {
            Ok(pattern) if pattern.is_match(b"") => {
                format!("`{text}` matches an empty secret, and so allows too much")
            }
            Ok(_) => return Ok(()),
            Err(error) => error,
        },
        Items::Reasons => match text.parse::<SkipReason>() {
            Ok(_) => return Ok(()),
            Err(expected) => {
                let help = did_you_mean(text, &SkipReason::allowable());
                return Err(Wrong { message: expected, help });
            }
        },
        Items::Paths => match crate::rule::Globs::of_paths([text]).check() {
            Ok(()) => return Ok(()),
            Err(error) => format!("bad glob {error}"),
        },
        _ => return Ok(()),
    };
    Err(message.into())
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn whole(pattern: &str) -> Result<regex::bytes::Regex, String> {
    crate::suppress::allowlist::whole_secret(pattern)
        .map_err(|error| format!("`{pattern}` is not a regular expression: {}", last_line(&error)))
}

fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(parse_size("4096"), Ok(4096));
        assert_eq!(parse_size("10M"), Ok(10 << 20));
        assert_eq!(parse_size("2GiB"), Ok(2 << 30));
        assert!(parse_size("ten").is_err() && parse_size("").is_err());
        assert!(parse_size("99999999999G").is_err());
    }

    #[test]
    fn what_would_allow_nearly_everything_is_refused() {
        for (text, items) in [
            (".*", Items::Patterns),
            ("", Items::Values),
            ("the", Items::Words),
            ("abc", Items::Digests),
            ("[a", Items::Paths),
            ("(a", Items::Patterns),
        ] {
            assert!(check_item(text, items).is_err(), "{text} {items:?}");
        }
        assert_eq!(check_item("test-[a-z]+", Items::Patterns), Ok(()));
    }
}
