//! Strings of JSON that contain texts, which may be JSON themselves.

use crate::model::{Span, SpanMap};

/// `true` if a text begins and ends like a list or an object of JSON.
pub fn may_be_json(text: &[u8]) -> bool {
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    let close = match first {
        Some(b'{') => b'}',
        Some(b'[') => b']',
        _ => return false,
    };
    text.iter().rfind(|byte| !byte.is_ascii_whitespace()) == Some(&close)
}

/// `true` if a string in it may have an escape.
pub fn has_escape(text: &[u8]) -> bool {
    memchr::memchr(b'\\', text).is_some()
}

/// The span between the quotes of each string of `text`, in order.
pub fn strings(text: &[u8]) -> Vec<Span> {
    let mut strings = Vec::new();
    for_each_string(text, &mut |span, _| strings.push(span));
    strings
}

/// `true` if `span` is in no string of a JSON text, but in a value without quotes; the span is then
/// widened to the whole value.
pub fn widen_bare(text: &[u8], strings: &[Span], span: &mut Span) -> bool {
    let after = strings.partition_point(|string| string.end < span.start);
    if strings.get(after).is_some_and(|string| string.start <= span.end) || span.is_empty() {
        return false;
    }
    let is_value = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    let before = text[..span.start].iter().rev().take_while(|byte| is_value(byte)).count();
    let behind = text[span.end..].iter().take_while(|byte| is_value(byte)).count();
    *span = Span::new(span.start - before, span.end + behind);
    true
}

fn for_each_string(text: &[u8], found: &mut dyn FnMut(Span, bool)) {
    let mut at = 0;
    while let Some(quote) = memchr::memchr(b'"', &text[at..]) {
        let start = at + quote + 1;
        let (end, has_escape) = end_of_string(text, start);
        found(Span::new(start, end), has_escape);
        at = (end + 1).min(text.len());
    }
}

/// Calls `found` with the span between the quotes of every string of `text` that has an escape. In
/// a text that is not JSON, every quoted part counts as a string.
pub fn for_each_escaped_string(text: &[u8], found: &mut dyn FnMut(Span)) {
    for_each_string(text, &mut |span, has_escape| {
        if has_escape {
            found(span);
        }
    });
}

/// The offset of the closing quote of the string that begins at `start`, or of the end of the text,
/// and `true` if an escape precedes it.
pub fn end_of_string(text: &[u8], start: usize) -> (usize, bool) {
    let (mut at, mut has_escape) = (start, false);
    while let Some(next) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        at += next;
        if text[at] == b'"' {
            return (at, has_escape);
        }
        has_escape = true;
        at += 2;
    }
    (text.len(), has_escape)
}

/// The text of the string whose content is `span` of `text`, without its escapes.
pub fn unescaped(text: &[u8], span: Span) -> Vec<u8> {
    let mut out = Vec::with_capacity(span.len());
    for_each_piece(text, span, &mut |bytes, _| out.extend_from_slice(bytes));
    out
}

/// Maps the bytes of [`unescaped`] to those of `text`; an escape maps as a whole.
pub fn unescaped_map(text: &[u8], span: Span) -> SpanMap {
    let mut map = SpanMap::default();
    for_each_piece(text, span, &mut |bytes, source| map.push(bytes.len(), source));
    map
}

/// Calls `found` with each piece of the string's text and its source: an escape, or the bytes
/// between two.
fn for_each_piece(text: &[u8], span: Span, found: &mut impl FnMut(&[u8], Span)) {
    let mut at = span.start;
    while at < span.end {
        let plain = memchr::memchr(b'\\', &text[at..span.end]).map_or(span.end, |next| at + next);
        found(&text[at..plain], Span::new(at, plain));
        if plain == span.end {
            return;
        }
        let escaped = &text[plain..span.end];
        at = match escaped.get(1).and_then(|byte| short_escape(*byte)) {
            Some(byte) => {
                found(&[byte], Span::new(plain, plain + 2));
                plain + 2
            }
            None => {
                let (length, character) = long_escape(escaped);
                let mut buffer = [0; 4];
                found(
                    character.encode_utf8(&mut buffer).as_bytes(),
                    Span::new(plain, plain + length),
                );
                plain + length
            }
        };
    }
}

/// The text of a JSON string's content, without its escapes.
#[cfg(feature = "redact")]
pub fn json_unescaped(inside: &[u8]) -> Vec<u8> {
    unescaped(inside, Span::new(0, inside.len()))
}

/// The text of the JSON string whose content is `inside` of `text`, without its escapes, and a map
/// to the source bytes.
#[cfg(feature = "data")]
pub fn json_string(text: &[u8], inside: Span) -> (Vec<u8>, SpanMap) {
    (unescaped(text, inside), unescaped_map(text, inside))
}

/// The character of an escape of two bytes, whose second one is `byte`; `None` if it may be longer.
fn short_escape(byte: u8) -> Option<u8> {
    match byte {
        b'n' => Some(b'\n'),
        b't' => Some(b'\t'),
        b'r' => Some(b'\r'),
        b'b' => Some(8),
        b'f' => Some(0xc),
        b'u' => None,
        // `\"`, `\\`, `\/`; any other escape is not JSON and is read literally.
        _ => byte.is_ascii().then_some(byte),
    }
}

/// The length of the escape at the start of `text`, which is no [short](short_escape) one, and its
/// character.
fn long_escape(text: &[u8]) -> (usize, char) {
    let character = |code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    match unit(text) {
        Some(high @ 0xd800..0xdc00) => match unit(text.get(6..).unwrap_or_default()) {
            Some(low @ 0xdc00..0xe000) => {
                (12, character(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)))
            }
            _ => (6, character(high)),
        },
        Some(code) => (6, character(code)),
        None if text.get(1) == Some(&b'u') => (2, 'u'),
        None => (1, '\\'),
    }
}

/// The UTF-16 unit of `\uXXXX` at the start of `text`.
fn unit(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for_each_escaped_string(text.as_bytes(), &mut |span| {
            found.push(String::from_utf8_lossy(&unescaped(text.as_bytes(), span)).into_owned());
        });
        found
    }

    #[test]
    fn strings_with_escapes_are_what_json_says_they_are() {
        let values =
            ["a\nb", "\"q\" \\ /", "\u{1f600} \u{e9}\t", "{\"a\": \"b\\n\"}", "\u{8}\u{c}\r"];
        for value in values {
            let text = serde_json::json!({ "key": value, "plain": "none" }).to_string();
            assert_eq!(strings(&text), [value].map(str::to_string).as_slice(), "{text}");
        }
        assert_eq!(strings(r#"["\ud83d\ude00\u0041\ud800x"]"#), ["\u{1f600}A\u{fffd}x"]);
        assert!(strings(r#"{"a": "b"}"#).is_empty());
    }

    #[test]
    fn an_escape_maps_as_a_whole() {
        let text = br#"["\u0068f_"]"#;
        for_each_escaped_string(text, &mut |span| {
            assert_eq!(unescaped(text, span), b"hf_");
            let map = unescaped_map(text, span);
            assert_eq!(map.to_source(Span::new(0, 3)), Span::new(2, 10));
            assert_eq!(map.to_source(Span::new(1, 3)), Span::new(8, 10));
        });
    }

    #[test]
    fn what_is_cut_off_or_no_json_does_not_panic() {
        for text in ["\"\\", "[\"\\u12", "\"\\u00zz\"", "\"\\\u{e9}\"", "\"", "\\"] {
            for_each_escaped_string(text.as_bytes(), &mut |span| {
                let len = unescaped(text.as_bytes(), span).len();
                let whole = unescaped_map(text.as_bytes(), span).to_source(Span::new(0, len));
                assert!(whole.end <= text.len(), "{text}");
            });
        }
    }

    #[test]
    fn json_is_told_by_its_ends() {
        assert!(may_be_json(b" {\"a\": 1}\n") && may_be_json(b"[]"));
        assert!(!may_be_json(b"[INST] hello") && !may_be_json(b"") && !may_be_json(b"{"));
    }
}
