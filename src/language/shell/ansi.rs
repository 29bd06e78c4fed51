//! The escapes of `$'…'`.

/// The character of the escape at the start of `text`, and the length of the escape.
///
/// `text` starts with a backslash. An unknown escape is literal. Source: Bash reference manual,
/// "ANSI-C Quoting".
pub(super) fn escape(text: &[u8]) -> (Vec<u8>, usize) {
    let Some(letter) = text.get(1) else { return (vec![b'\\'], 1) };
    let plain = |byte: u8| (vec![byte], 2);
    match letter {
        b'a' => plain(7),
        b'b' => plain(8),
        b'e' | b'E' => plain(27),
        b'f' => plain(12),
        b'n' => plain(b'\n'),
        b'r' => plain(b'\r'),
        b't' => plain(b'\t'),
        b'v' => plain(11),
        b'\\' | b'\'' | b'"' | b'?' => plain(*letter),
        b'x' => number(text, 2, 2, 16, false),
        b'u' => number(text, 2, 4, 16, true),
        b'U' => number(text, 2, 8, 16, true),
        b'0'..=b'7' => number(text, 1, 3, 8, false),
        b'c' if text.len() > 2 => (vec![text[2] & 0x1f], 3),
        _ => (vec![b'\\', *letter], 2),
    }
}

/// The byte or, with `is_character`, the character whose number starts at `start` and has at most
/// `max_digits` digits.
fn number(
    text: &[u8],
    start: usize,
    max_digits: usize,
    radix: u32,
    is_character: bool,
) -> (Vec<u8>, usize) {
    let digits = text[start..]
        .iter()
        .take(max_digits)
        .map_while(|byte| char::from(*byte).to_digit(radix))
        .collect::<Vec<_>>();
    if digits.is_empty() {
        return (text[..start].to_vec(), start);
    }
    let value = digits.iter().fold(0u32, |value, digit| value.wrapping_mul(radix) | digit);
    let length = start + digits.len();
    if is_character {
        let character = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
        (character.to_string().into_bytes(), length)
    } else {
        (vec![value.to_le_bytes()[0]], length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_stands_for_its_byte_or_character() {
        for (text, bytes, length) in [
            (r"\n", &b"\n"[..], 2),
            (r"\x68f", b"h", 4),
            (r"\150f", b"h", 4),
            (r"\u0068", b"h", 6),
            (r"\U0001F600", "\u{1f600}".as_bytes(), 10),
            (r"\q", br"\q", 2),
            (r"\xzz", br"\x", 2),
            (r"\", br"\", 1),
            (r"\cA", b"\x01", 3),
        ] {
            assert_eq!(escape(text.as_bytes()), (bytes.to_vec(), length), "{text}");
        }
    }
}
