//! Decodes string literals.

use super::{literal::Escapes, token::StringToken};
use crate::model::{Span, SpanMap};

/// Differences between a language's escapes and the usual ones.
#[derive(Debug, Clone, Copy, Default)]
pub struct EscapeHabits {
    /// `\065` is decimal, not octal.
    pub decimal: bool,
    /// An unknown escape keeps its backslash.
    pub keeps_unknown: bool,
}

/// A text assembled from literals, with a map to their bytes.
#[derive(Default)]
pub struct Decoded {
    /// The text so far.
    pub text: String,
    /// Maps each byte of the text to the source; `None` unless requested.
    pub map: Option<SpanMap>,
}

impl Decoded {
    /// Appends the content of a literal of `source`, with its escapes resolved.
    pub fn push(&mut self, source: &[u8], literal: &StringToken, habits: EscapeHabits) {
        let span = literal.content;
        match literal.escapes {
            Escapes::None | Escapes::Shielding => self.push_plain(source, span),
            Escapes::Doubled => self.push_doubled(source, span, literal.quote),
            Escapes::Backslash | Escapes::QuoteOnly => {
                self.push_escaped(source, span, literal.escapes, habits);
            }
        }
    }

    /// Appends bytes unchanged; invalid UTF-8 becomes U+FFFD.
    pub fn push_plain(&mut self, source: &[u8], span: Span) {
        let mut at = span.start;
        for chunk in span.slice(source).utf8_chunks() {
            let valid = chunk.valid();
            self.add(valid, Span::new(at, at + valid.len()));
            at += valid.len();
            if !chunk.invalid().is_empty() {
                self.add("\u{fffd}", Span::new(at, at + chunk.invalid().len()));
                at += chunk.invalid().len();
            }
        }
    }

    fn add(&mut self, text: &str, span: Span) {
        self.text.push_str(text);
        if let Some(map) = &mut self.map {
            map.push(text.len(), span);
        }
    }

    fn push_doubled(&mut self, source: &[u8], span: Span, quote: u8) {
        let mut at = span.start;
        while let Some(found) = memchr::memchr(quote, Span::new(at, span.end).slice(source)) {
            // Copies up to and including the first of the two quotes; the second is dropped.
            self.push_plain(source, Span::new(at, at + found + 1));
            at = (at + found + 2).min(span.end);
        }
        self.push_plain(source, Span::new(at, span.end));
    }

    fn push_escaped(&mut self, source: &[u8], span: Span, escapes: Escapes, habits: EscapeHabits) {
        let mut at = span.start;
        while let Some(found) = memchr::memchr(b'\\', Span::new(at, span.end).slice(source)) {
            let start = at + found;
            self.push_plain(source, Span::new(at, start));
            let rest = Span::new(start + 1, span.end).slice(source);
            let resolved = match escapes {
                Escapes::QuoteOnly => match rest.first() {
                    Some(b'\\' | b'\'') => Escape::Character(char::from(rest[0]), 1),
                    _ => Escape::Unknown,
                },
                _ => resolve(rest, habits),
            };
            at = match resolved {
                Escape::Character(character, length) => {
                    let end = start + 1 + length;
                    self.add(character.encode_utf8(&mut [0; 4]), Span::new(start, end));
                    end
                }
                Escape::Nothing(length) => start + 1 + length,
                Escape::Unknown if habits.keeps_unknown || escapes == Escapes::QuoteOnly => {
                    self.push_plain(source, Span::new(start, start + 1));
                    start + 1
                }
                Escape::Unknown => start + 1,
            };
        }
        self.push_plain(source, Span::new(at, span.end));
    }
}

/// The meaning of a backslash and the bytes after it.
enum Escape {
    /// A character, and the number of bytes after the backslash that belong to it.
    Character(char, usize),
    /// Nothing: a line continuation.
    Nothing(usize),
    /// Unknown.
    Unknown,
}

fn resolve(rest: &[u8], habits: EscapeHabits) -> Escape {
    let Some(first) = rest.first() else { return Escape::Unknown };
    let character = match first {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'v' => '\u{b}',
        b'e' => '\u{1b}',
        b'\\' | b'\'' | b'"' | b'`' | b'$' | b'{' | b'}' | b'/' | b'#' => char::from(*first),
        b'\n' => return Escape::Nothing(1),
        b'\r' if rest.get(1) == Some(&b'\n') => return Escape::Nothing(2),
        b'x' => return numbered(&rest[1..], 1, 2, 16),
        b'u' => return utf16(rest),
        b'U' => return numbered(&rest[1..], 1, 8, 16),
        b'0'..=b'9' if habits.decimal => return numbered(rest, 0, 3, 10),
        b'0'..=b'7' => return numbered(rest, 0, 3, 8),
        _ => return Escape::Unknown,
    };
    Escape::Character(character, 1)
}

/// A code point of at most `most` digits, or of digits in braces, after `before` bytes of the
/// escape.
fn numbered(digits: &[u8], before: usize, most: usize, radix: u32) -> Escape {
    let is_braced = digits.first() == Some(&b'{');
    let digits = if is_braced { &digits[1..] } else { digits };
    let most = if is_braced { 8 } else { most };
    let length =
        digits.iter().take(most).take_while(|byte| char::from(**byte).is_digit(radix)).count();
    if length == 0 || is_braced && digits.get(length) != Some(&b'}') {
        return Escape::Unknown;
    }
    let value = digits[..length]
        .iter()
        .filter_map(|byte| char::from(*byte).to_digit(radix))
        .fold(0u32, |value, digit| value.wrapping_mul(radix).wrapping_add(digit));
    let character = char::from_u32(value).unwrap_or('\u{fffd}');
    Escape::Character(character, before + length + 2 * usize::from(is_braced))
}

/// `u0041`, `u{41}`, and the two halves `ud83dude00` of one character.
fn utf16(rest: &[u8]) -> Escape {
    let half = |bytes: &[u8]| {
        let digits = bytes.get(..4).and_then(|digits| std::str::from_utf8(digits).ok())?;
        u32::from_str_radix(digits, 16).ok()
    };
    let (Some(high @ 0xd800..0xdc00), Some(b"\\u")) = (half(&rest[1..]), rest.get(5..7)) else {
        return numbered(&rest[1..], 1, 4, 16);
    };
    match half(&rest[7..]) {
        Some(low @ 0xdc00..0xe000) => {
            let value = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            Escape::Character(char::from_u32(value).unwrap_or('\u{fffd}'), 11)
        }
        _ => numbered(&rest[1..], 1, 4, 16),
    }
}
