//! Converts byte offsets to lines and columns, in files of any size.

use crate::{
    decode::encoding::{Encoding, utf16_to_utf8},
    model::LineColumn,
    source::ReadAt,
};
use std::io;

/// Number of bytes read at once.
const BLOCK: usize = 256 << 10;

/// The line and column of each of `offsets`, which are sorted, in `content`.
///
/// The content is read once, and only up to the last offset.
///
/// # Errors
/// Returns an error if the content cannot be read.
pub fn line_columns(
    content: &dyn ReadAt,
    encoding: Encoding,
    offsets: &[usize],
) -> io::Result<Vec<LineColumn>> {
    let mut counter = LineCounter::new();
    let mut buffer = vec![0; BLOCK.min(offsets.last().copied().unwrap_or(0))];
    let mut at = 0;
    let mut places = Vec::with_capacity(offsets.len());
    for offset in offsets {
        while at < *offset {
            let wanted = (*offset - at).min(buffer.len());
            let count = content.fill_at(at as u64, &mut buffer[..wanted])?;
            if count == 0 {
                break;
            }
            counter.advance_encoded(&buffer[..count], encoding);
            at += count;
        }
        places.push(counter.place());
    }
    Ok(places)
}

/// The start of a piece in the document or member that contains it.
#[derive(Debug, Clone, Copy)]
pub struct Offset {
    /// The number of bytes before it.
    pub bytes: usize,
    /// The line and column of its first character.
    pub place: LineColumn,
}

impl Default for Offset {
    fn default() -> Self {
        Self { bytes: 0, place: LineColumn::START }
    }
}

impl Offset {
    /// The line and column in the whole document of `place` in the piece.
    pub fn shift(&self, place: LineColumn) -> LineColumn {
        let before = if place.line == 1 { self.place.column - 1 } else { 0 };
        let bytes_before = if place.line == 1 { self.place.byte_column - 1 } else { 0 };
        LineColumn {
            line: place.line + self.place.line - 1,
            column: place.column + before,
            byte_column: place.byte_column + bytes_before,
        }
    }
}

/// Counts lines and columns of a text that is read piece by piece.
#[derive(Debug)]
pub struct LineCounter {
    line: usize,
    /// Number of characters of the line so far.
    characters: usize,
    /// Number of bytes of the line so far.
    bytes: usize,
    /// The first bytes of a character that the last piece cut.
    rest: Vec<u8>,
}

impl LineCounter {
    /// A counter at the first character of a text.
    pub fn new() -> Self {
        Self { line: 1, characters: 0, bytes: 0, rest: Vec::new() }
    }

    /// Advances over a piece of the text in its encoding.
    pub fn advance_encoded(&mut self, piece: &[u8], encoding: Encoding) {
        match encoding {
            Encoding::Ascii => self.advance(piece),
            _ => self.advance(&utf16_to_utf8(piece, encoding).0),
        }
    }

    fn advance(&mut self, piece: &[u8]) {
        let lines = memchr::memchr_iter(b'\n', piece).count();
        let tail = match memchr::memrchr(b'\n', piece) {
            Some(end) => {
                self.line += lines;
                self.characters = 0;
                self.bytes = 0;
                self.rest.clear();
                &piece[end + 1..]
            }
            None => piece,
        };
        self.bytes += tail.len();
        if self.rest.is_empty() {
            self.count(tail);
        } else {
            let mut joined = std::mem::take(&mut self.rest);
            joined.extend_from_slice(tail);
            self.count(&joined);
        }
    }

    /// Counts the characters of a part of a line. A byte order mark at its start does not count.
    fn count(&mut self, part: &[u8]) {
        const MARK: char = '\u{feff}';
        // A fast path: a file is read up to its last finding, and nearly all of it is ASCII.
        if part.is_ascii() {
            self.characters += part.len();
            return;
        }
        let mut left = part.len();
        for chunk in part.utf8_chunks() {
            let valid = chunk.valid();
            self.characters += valid.chars().count();
            if self.line == 1
                && self.characters > 0
                && left == part.len()
                && valid.starts_with(MARK)
            {
                self.characters -= 1;
            }
            left -= valid.len() + chunk.invalid().len();
            // A character that the piece may have cut is kept for the next piece.
            if left == 0 && is_cut_character(chunk.invalid()) {
                self.rest = chunk.invalid().to_vec();
            } else {
                self.characters += chunk.invalid().len();
            }
        }
    }

    /// The current position.
    pub fn place(&self) -> LineColumn {
        LineColumn {
            line: self.line,
            column: self.characters + self.rest.len() + 1,
            byte_column: self.bytes + 1,
        }
    }
}

/// `true` if the bytes begin a character whose end is missing.
fn is_cut_character(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes)
        .is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &[u8], offsets: &[usize]) -> Vec<(usize, usize)> {
        line_columns(&text, Encoding::Ascii, offsets)
            .expect("memory can be read")
            .into_iter()
            .map(|place| (place.line, place.column))
            .collect()
    }

    #[test]
    fn lines_and_columns_count_from_one_in_code_points() {
        assert_eq!(
            places("aé\nb😀c".as_bytes(), &[0, 1, 3, 4, 5, 9]),
            [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_column_and_a_carriage_return_is_one() {
        assert_eq!(places(b"\xef\xbb\xbfab\r\nc", &[3, 4, 7]), [(1, 1), (1, 2), (2, 1)]);
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_a_column_each() {
        assert_eq!(places(b"caf\xe9 \xa9x", &[6, 7]), [(1, 7), (1, 8)]);
    }

    #[test]
    fn a_character_cut_by_a_block_counts_once() {
        let text = format!("{}é{}x", "a".repeat(BLOCK - 1), "b".repeat(10));
        assert_eq!(places(text.as_bytes(), &[text.len() - 1]), [(1, BLOCK + 11)]);
    }

    #[test]
    fn utf_16_counts_characters_not_bytes() {
        let text: Vec<u8> = "é\nxy".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let places = line_columns(&text.as_slice(), Encoding::Utf16Le, &[2, 4, 6]).expect("memory");
        let places: Vec<_> =
            places.iter().map(|place| (place.line, place.column, place.byte_column)).collect();
        assert_eq!(places, [(1, 2, 3), (2, 1, 1), (2, 2, 2)]);
    }

    #[test]
    fn a_byte_column_counts_the_bytes_of_utf_8() {
        let text = "\u{feff}é\nb😀c".as_bytes();
        let places = line_columns(&text, Encoding::Ascii, &[5, 7, 11]).expect("memory");
        let columns: Vec<_> = places.iter().map(|place| place.byte_column).collect();
        assert_eq!(columns, [6, 2, 6]);
    }
}
