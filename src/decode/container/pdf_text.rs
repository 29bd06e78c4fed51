//! The text in the streams of a PDF.

use super::{format::ContainerError, limits::Budget};
use std::io::BufRead;

/// Maximum number of bytes of a stream that are held in memory.
const MAX_ASCII85: usize = 16 << 20;

/// The texts that a page draws: a line for each `Tj` and `TJ`, with pieces joined if only letter
/// spacing separates them. Empty if the page draws none.
///
/// Character codes are read as ASCII. Fonts with a custom encoding, as many word processors embed,
/// give no text.
pub fn drawn(page: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    if memchr::memmem::find(page, b"Tj").or_else(|| memchr::memmem::find(page, b"TJ")).is_none() {
        return text;
    }
    let (mut at, mut in_array) = (0, false);
    while let Some(byte) = page.get(at) {
        match byte {
            b'(' => {
                at = literal(page, at + 1, &mut text);
                if !in_array {
                    text.push(b'\n');
                }
                continue;
            }
            b'[' => in_array = true,
            b']' => {
                in_array = false;
                text.push(b'\n');
            }
            _ => {}
        }
        at += 1;
    }
    text
}

/// Appends the literal string that begins at `at`. Returns the offset after it.
fn literal(page: &[u8], mut at: usize, text: &mut Vec<u8>) -> usize {
    let mut depth = 1_usize;
    while let Some(byte) = page.get(at) {
        at += 1;
        match byte {
            b'\\' => at = escaped(page, at, text),
            b'(' => {
                depth += 1;
                text.push(b'(');
            }
            b')' if depth == 1 => break,
            b')' => {
                depth -= 1;
                text.push(b')');
            }
            byte => text.push(*byte),
        }
    }
    at
}

/// Appends the character of the escape at `at`, after its backslash. Returns the offset after it.
fn escaped(page: &[u8], at: usize, text: &mut Vec<u8>) -> usize {
    let Some(byte) = page.get(at) else { return at };
    match byte {
        b'0'..=b'7' => {
            let digits = page[at..].iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
            let (mut value, mut count) = (0_u32, 0);
            for digit in digits {
                value = value * 8 + u32::from(digit - b'0');
                count += 1;
            }
            // The standard ignores the high bit of a value beyond a byte.
            text.push((value & 0xff) as u8);
            return at + count;
        }
        b'n' => text.push(b'\n'),
        b'r' => text.push(b'\r'),
        b't' => text.push(b'\t'),
        b'\n' | b'\r' => {}
        other => text.push(*other),
    }
    at + 1
}

/// The bytes that Ascii85 text encodes, up to its end mark.
///
/// # Errors
/// Returns an error if `packed` cannot be read, or if there are too many bytes.
pub fn ascii85(packed: &mut impl BufRead, budget: &Budget) -> Result<Vec<u8>, ContainerError> {
    let (mut bytes, mut group, mut filled) = (Vec::new(), 0_u64, 0);
    'all: loop {
        let block = packed.fill_buf()?;
        if block.is_empty() || bytes.len() > MAX_ASCII85 {
            break;
        }
        budget.expand(block.len() as u64)?;
        for (at, byte) in block.iter().enumerate() {
            match byte {
                b'!'..=b'u' => {
                    group = group * 85 + u64::from(byte - b'!');
                    filled += 1;
                    if filled == 5 {
                        bytes.extend_from_slice(&low_bytes(group));
                        (group, filled) = (0, 0);
                    }
                }
                b'z' if filled == 0 => bytes.extend_from_slice(&[0; 4]),
                byte if byte.is_ascii_whitespace() => {}
                _ => {
                    packed.consume(at);
                    break 'all;
                }
            }
        }
        let count = block.len();
        packed.consume(count);
    }
    if filled > 1 {
        let whole = (filled..5).fold(group, |group, _| group * 85 + 84);
        bytes.extend_from_slice(&low_bytes(whole)[..filled - 1]);
    }
    Ok(bytes)
}

/// The four low bytes in big-endian order. A group of Ascii85 may encode slightly more.
fn low_bytes(group: u64) -> [u8; 4] {
    ((group & 0xffff_ffff) as u32).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::container::Limits;

    #[test]
    fn pieces_of_an_array_are_one_line_and_escapes_are_read() {
        let page = br"BT [(ab)-20(c\)d)] TJ (e\(f\101) Tj ET";
        assert_eq!(drawn(page), b"abc)d\ne(fA\n");
        assert_eq!(drawn(b"0 0 (not drawn)"), b"");
        assert_eq!(drawn(br"(never ends \7 Tj"), b"never ends \x07 Tj\n");
    }

    #[test]
    fn ascii85_ends_at_its_mark() {
        let decoded =
            |text: &[u8]| ascii85(&mut &*text, &Budget::new(Limits::default(), 0)).expect("memory");
        assert_eq!(decoded(b"87cUR\nD]i,\"Ebo80~>rest"), b"Hello World!");
        assert_eq!(decoded(b"z87cURDZ~>"), b"\0\0\0\0Hello");
        assert_eq!(decoded(b"uuuuu").len(), 4);
    }
}
