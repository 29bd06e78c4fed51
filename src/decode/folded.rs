//! String literals that a program joins, decoded to the resulting text.
//!
//! No language is parsed: the pieces are quoted, with an operator, a comma or nothing between them.
//! Language readers fold all other forms.

use super::decoder::{Decoder, View, alike_until, run_of};
use crate::model::{Span, SpanMap};

/// Joined string literals.
#[derive(Debug)]
pub struct Folded;

impl Decoder for Folded {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        let mut anchors = vec![keyword.to_vec()];
        // The prefix itself may be split: `"hf" + "_abc" + …`.
        if keyword == b"hf_" {
            anchors.extend([b"hf\"".to_vec(), b"hf'".to_vec()]);
        }
        anchors
    }

    fn decode(&self, text: &[u8], at: usize, _: &[u8]) -> Vec<View> {
        fold_at(text, at).into_iter().collect()
    }

    fn barren_until(&self, text: &[u8], at: usize) -> usize {
        alike_until(text, at, WHOLE, is_secret_byte)
    }
}

/// Number of source bytes kept before the first piece, as context of the secret.
const LEFT_CONTEXT: usize = 32;
/// Maximum length in bytes of a folded text.
const MAX_FOLDED: usize = 16 << 10;
/// Maximum length in bytes of a piece; longer literals are data.
const MAX_PIECE: usize = 512;
/// The length of a whole token. A literal that contains one needs no folding.
const WHOLE: usize = "hf_".len() + 34;
/// Maximum length in bytes of a gap between two pieces: an operator, a line end and some
/// indentation.
const MAX_GAP: usize = 160;

/// The text joined from the literal at `at` and the following ones; `None` unless at least two are
/// joined.
pub fn fold_at(text: &[u8], at: usize) -> Option<(Vec<u8>, SpanMap)> {
    // Few literals are joined, so nothing is copied before a second one is found.
    let mut run = piece(text, at)?;
    if run >= WHOLE {
        return None;
    }
    let mut next = next_piece(text, at + run)?;
    let left = at.saturating_sub(LEFT_CONTEXT);
    let (mut folded, mut map) = (text[left..at].to_vec(), SpanMap::default());
    map.push(at - left, Span::new(left, at));
    let mut at = at;
    loop {
        folded.extend_from_slice(&text[at..at + run]);
        map.push(run, Span::new(at, at + run));
        if folded.len() >= MAX_FOLDED || next == text.len() {
            return Some((folded, map));
        }
        at = next;
        run = piece(text, at)?;
        next = next_piece(text, at + run).unwrap_or(text.len());
    }
}

/// The length of the piece of a secret at `at`; `None` if it is too long.
fn piece(text: &[u8], at: usize) -> Option<usize> {
    Some(run_of(&text[at..], MAX_PIECE, is_secret_byte)).filter(|run| *run < MAX_PIECE)
}

/// The start of the literal that is joined to the one that ends at `end`.
fn next_piece(text: &[u8], end: usize) -> Option<usize> {
    let rest = &text[end..text.len().min(end + MAX_GAP)];
    let mut at = quote(rest)?;
    let mut operators = 0;
    while let Some(byte) = rest.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b'(' => at += 1,
            b'\\' if matches!(rest.get(at + 1), Some(b'\n' | b'\r')) => at += 1,
            b'+' | b',' | b'&' | b'.' | b'~' | b'|' if operators < 2 => {
                operators += 1;
                at += 1;
            }
            // The prefixes of Python's literals, and Lisp-like `b"`.
            b'f' | b'r' | b'b' | b'u' | b'R' | b'B' if quote(&rest[at + 1..]).is_some() => at += 1,
            // Two quotation marks with nothing after them end a nested literal.
            _ => {
                let next = end + at + quote(&rest[at..])?;
                return text.get(next).is_some_and(|byte| is_secret_byte(*byte)).then_some(next);
            }
        }
    }
    None
}

/// The length of the quotation mark, escaped or not, at the start of `text`.
fn quote(text: &[u8]) -> Option<usize> {
    match text {
        [b'"' | b'\'' | b'`', ..] => Some(1),
        [b'\\', b'"' | b'\'', ..] => Some(2),
        _ => None,
    }
}

/// `true` if a secret may contain the byte.
#[inline]
fn is_secret_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Option<String> {
        let at = text.find("hf_")?;
        let (bytes, map) = fold_at(text.as_bytes(), at)?;
        let start = memchr::memmem::find(&bytes, b"hf_")?;
        let whole = map.to_source(Span::new(start, bytes.len()));
        assert_eq!(whole.start, at);
        Some(String::from_utf8_lossy(&bytes[start..]).into_owned())
    }

    #[test]
    fn joined_literals_are_one_text() {
        for text in [
            r#"t = "hf_" + "abc" + "def""#,
            r#"t = "hf_" "abc" 'def'"#,
            "t = (\"hf_\"\n     \"abc\"\n     f\"def\")",
            "t = \"hf_\" \\\n    \"abcdef\"",
            r#"local t = "hf_" .. "abcdef""#,
            r#"$t = 'hf_' . 'abcdef';"#,
            r#"t = "hf_" & "abc" & "def""#,
            r#""".join(["hf_", "abc", "def"])"#,
            r#""source": ["t = \"hf_\" + \"abcdef\""]"#,
        ] {
            assert_eq!(folded(text).as_deref(), Some("hf_abcdef"), "{text}");
        }
    }

    #[test]
    fn a_literal_that_is_joined_to_nothing_is_not_folded() {
        for text in [
            r#"t = "hf_abcdef""#,
            r#"t = "hf_" + name"#,
            "hf_hub_download(x)",
            "hf_",
            r#"v("\"hf_abcdef\"")"#,
            r#":t="'hf_abcdef'""#,
        ] {
            assert_eq!(folded(text), None, "{text}");
        }
    }
}
