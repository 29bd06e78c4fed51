//! Text encodings.

use crate::model::{Span, SpanMap};

/// The text encoding of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// ASCII or an extension of it, such as UTF-8 or Latin-1, which is scanned as it is.
    Ascii,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
}

/// Detects the encoding from the first bytes of a document, and returns it with the length of its
/// byte order mark.
///
/// UTF-16 is detected by its byte order mark, or without one by ASCII in every other byte of the
/// first 64 (PowerShell writes a mark, `iconv` does not).
pub fn detect(head: &[u8]) -> (Encoding, usize) {
    match head {
        [0xef, 0xbb, 0xbf, ..] => (Encoding::Ascii, 3),
        // The byte order mark of UTF-32 starts with that of UTF-16.
        [0xff, 0xfe, 0, 0, ..] => (Encoding::Ascii, 0),
        [0xff, 0xfe, ..] => (Encoding::Utf16Le, 2),
        [0xfe, 0xff, ..] => (Encoding::Utf16Be, 2),
        _ => (without_mark(head), 0),
    }
}

fn without_mark(head: &[u8]) -> Encoding {
    let head = &head[..head.len().min(64)];
    if head.len() < 8 {
        return Encoding::Ascii;
    }
    let is_text = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let all = |first: fn(u8) -> bool, second: &dyn Fn(u8) -> bool| {
        head.chunks_exact(2).all(|unit| first(unit[0]) && second(unit[1]))
    };
    if head.chunks_exact(2).all(|unit| is_text(unit[0]) && unit[1] == 0) {
        Encoding::Utf16Le
    } else if all(|byte| byte == 0, &is_text) {
        Encoding::Utf16Be
    } else {
        Encoding::Ascii
    }
}

/// Converts UTF-16 to UTF-8, with a map to the original bytes. Invalid units become U+FFFD; a last
/// odd byte is dropped.
pub fn utf16_to_utf8(bytes: &[u8], encoding: Encoding) -> (Vec<u8>, SpanMap) {
    let read = if encoding == Encoding::Utf16Be { u16::from_be_bytes } else { u16::from_le_bytes };
    let units = bytes.chunks_exact(2).map(|unit| read([unit[0], unit[1]]));
    let mut text = Vec::with_capacity(bytes.len() / 2);
    let mut map = SpanMap::default();
    let mut at = 0;
    for decoded in char::decode_utf16(units) {
        let length = decoded.as_ref().map_or(2, |character| character.len_utf16() * 2);
        let character = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
        let mut buffer = [0; 4];
        let encoded = character.encode_utf8(&mut buffer).as_bytes();
        text.extend_from_slice(encoded);
        map.push(encoded.len(), Span::new(at, at + length));
        at += length;
    }
    (text, map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_tell_the_encoding() {
        assert_eq!(detect(b"\xef\xbb\xbfa"), (Encoding::Ascii, 3));
        assert_eq!(detect(b"\xff\xfea\0"), (Encoding::Utf16Le, 2));
        assert_eq!(detect(b"\xfe\xff\0a"), (Encoding::Utf16Be, 2));
        assert_eq!(detect(b"\xff\xfe\0\0a\0\0\0"), (Encoding::Ascii, 0));
        assert_eq!(detect(b""), (Encoding::Ascii, 0));
        assert_eq!(detect(b"caf\xe9"), (Encoding::Ascii, 0));
    }

    #[test]
    fn utf_16_without_a_mark_is_told_by_its_zeros() {
        assert_eq!(detect(b"t\0o\0k\0e\0n\0=\0"), (Encoding::Utf16Le, 0));
        assert_eq!(detect(b"\0t\0o\0k\0e\0n\0="), (Encoding::Utf16Be, 0));
        assert_eq!(detect(b"\0\0\0\0\0\0\0\0\0\0"), (Encoding::Ascii, 0));
    }

    #[test]
    fn decoded_bytes_lead_back_to_their_units() {
        let text = "aé😀b";
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (decoded, map) = utf16_to_utf8(&bytes, Encoding::Utf16Le);
        assert_eq!(decoded, text.as_bytes());
        let at = text.find('😀').expect("it is there");
        assert_eq!(map.to_source(Span::new(at, at + 4)), Span::new(4, 8));
        assert_eq!(map.to_source(Span::new(text.len() - 1, text.len())), Span::new(8, 10));
    }

    #[test]
    fn half_a_pair_is_one_replacement() {
        let (decoded, map) = utf16_to_utf8(b"\x00\xd8a\0", Encoding::Utf16Le);
        assert_eq!(decoded, "\u{fffd}a".as_bytes());
        assert_eq!(map.to_source(Span::new(3, 4)), Span::new(2, 4));
    }
}
