//! Text whose characters are written as numbers: hex, arrays of codes, UTF-16 and UTF-32.

use super::decoder::{Decoder, View, push};

/// Pairs of hexadecimal digits, with or without separators.
#[derive(Debug)]
pub struct Hex;

/// Character codes in decimal: `[104, 102, 95, …]`.
#[derive(Debug)]
pub struct Codes;

/// UTF-16 and UTF-32 of either byte order within other bytes.
#[derive(Debug)]
pub struct Wide;

/// Maximum number of characters decoded before an anchor.
const MAX_LEFT: usize = 64;
const MAX_RIGHT: usize = 16 << 10;

/// Separators of two numbers.
const BETWEEN: [&str; 8] = ["", " ", ", ", ",", ":", "-", ", 0x", ",0x"];

impl Decoder for Hex {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        let Some([first, second, third]) = keyword.first_chunk::<3>() else { return Vec::new() };
        let mut anchors = Vec::new();
        for between in BETWEEN {
            for anchor in [
                format!("{first:02x}{between}{second:02x}{between}{third:02x}"),
                format!("{first:02X}{between}{second:02X}{between}{third:02X}"),
            ] {
                anchors.push(anchor.into_bytes());
            }
        }
        anchors.dedup();
        anchors
    }

    fn decode(&self, text: &[u8], at: usize, anchor: &[u8]) -> Vec<View> {
        let between = &anchor[2..(anchor.len() / 2 - 1).max(2)];
        vec![decode_pairs(text, at, between)]
    }
}

/// Decodes the pairs of digits around `at` that `between` separates.
pub(super) fn decode_pairs(text: &[u8], at: usize, between: &[u8]) -> View {
    let step = 2 + between.len();
    let pair = |at: usize| -> Option<u8> {
        let digits = text.get(at..at + 2)?;
        let digits = std::str::from_utf8(digits).ok()?;
        u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
    };
    let is_between = |at: usize| text.get(at..at + between.len()) == Some(between);
    let mut start = at;
    for _ in 0..MAX_LEFT {
        match start.checked_sub(step) {
            Some(before) if pair(before).is_some() && is_between(before + 2) => start = before,
            _ => break,
        }
    }
    let mut view = View::default();
    while let Some(byte) = pair(start).filter(|_| view.0.len() < MAX_LEFT + MAX_RIGHT) {
        push(&mut view, &[byte], start..start + 2);
        if !is_between(start + 2) {
            break;
        }
        start += step;
    }
    view
}

impl Decoder for Codes {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        let Some([first, second, third]) = keyword.first_chunk::<3>() else { return Vec::new() };
        [", ", ",", " "]
            .map(|between| {
                format!("{first}{between}{second}{between}{third}{between}").into_bytes()
            })
            .into()
    }

    fn decode(&self, text: &[u8], at: usize, _: &[u8]) -> Vec<View> {
        let mut view = View::default();
        let mut at = at;
        while view.0.len() < MAX_RIGHT {
            let digits = text[at..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
            let number = std::str::from_utf8(&text[at..at + digits]).unwrap_or_default().parse();
            let Ok(byte) = number else { break };
            push(&mut view, &[byte], at..at + digits);
            let rest = &text[at + digits..];
            // A line of an array may end between two numbers.
            let between = rest
                .iter()
                .take(32)
                .take_while(|b| matches!(b, b',' | b' ' | b'\n' | b'\r' | b'\t'));
            match between.count() {
                0 => break,
                gap => at += digits + gap,
            }
        }
        vec![view]
    }
}

impl Decoder for Wide {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        let Some([first, second, third]) = keyword.first_chunk::<3>() else { return Vec::new() };
        vec![vec![*first, 0, *second, 0, *third], vec![*first, 0, 0, 0, *second, 0, 0, 0, *third]]
    }

    fn decode(&self, text: &[u8], at: usize, anchor: &[u8]) -> Vec<View> {
        // Zeros before and after a character are treated alike here.
        let step = (anchor.len() - 1) / 2;
        let is_gap = |at: usize| {
            text.get(at..at + step - 1).is_some_and(|gap| gap.iter().all(|byte| *byte == 0))
        };
        let is_character = |at: usize| text.get(at).is_some_and(|byte| *byte != 0);
        let mut start = at;
        for _ in 0..MAX_LEFT {
            match start.checked_sub(step) {
                Some(before) if is_character(before) && is_gap(before + 1) => start = before,
                _ => break,
            }
        }
        let mut view = View::default();
        while is_character(start) && view.0.len() < MAX_LEFT + MAX_RIGHT {
            let end = text.len().min(start + step);
            push(&mut view, &text[start..=start], start..end);
            if !is_gap(start + 1) {
                break;
            }
            start += step;
        }
        vec![view]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    fn source(decoder: &dyn Decoder, text: &[u8]) -> Option<Vec<u8>> {
        for anchor in decoder.anchors(b"hf_") {
            for at in memchr::memmem::find_iter(text, &anchor) {
                for (bytes, map) in decoder.decode(text, at, &anchor) {
                    if let Some(start) = memchr::memmem::find(&bytes, b"hf_abc") {
                        return Some(map.to_source(Span::new(start, start + 6)).slice(text).into());
                    }
                }
            }
        }
        None
    }

    #[test]
    fn hex_is_decoded_with_anything_between_its_pairs() {
        for hex in [
            "68665f616263",
            "68665F616263",
            "68 66 5f 61 62 63",
            "68:66:5f:61:62:63",
            "68, 0x66, 0x5f, 0x61, 0x62, 0x63",
        ] {
            let text = format!("x = '{hex}' y");
            let found = source(&Hex, text.as_bytes());
            assert_eq!(found.as_deref(), Some(hex.as_bytes()), "{hex}");
        }
    }

    #[test]
    fn character_codes_are_decoded() {
        let found = source(&Codes, b"String.fromCharCode(104, 102, 95, 97,\n  98, 99)");
        assert_eq!(found.as_deref(), Some(&b"104, 102, 95, 97,\n  98, 99"[..]));
    }

    #[test]
    fn wide_characters_are_decoded_wherever_they_begin() {
        for (low, high) in [(1, 0), (3, 0), (0, 1), (0, 3)] {
            let mut text = b"\x01\x02\x03 ".to_vec();
            for byte in b"hf_abc" {
                text.extend(std::iter::repeat_n(0, high));
                text.push(*byte);
                text.extend(std::iter::repeat_n(0, low));
            }
            text.extend_from_slice(b"\x01\x02\x03\x04");
            assert!(source(&Wide, &text).is_some(), "{low} {high}");
        }
    }

    #[test]
    fn an_anchor_at_the_very_end_is_no_trouble() {
        for decoder in [&Hex as &dyn Decoder, &Codes, &Wide] {
            for anchor in decoder.anchors(b"hf_") {
                for cut in 0..=anchor.len() {
                    decoder.decode(&anchor, 0, &anchor);
                    decoder.decode(&anchor[..cut], 0, &anchor);
                }
            }
        }
    }
}
