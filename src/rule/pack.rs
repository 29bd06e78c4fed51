//! The packed form of rule files: each value as a tag and bytes, which can be read quickly and with
//! little code.

use std::ops::Range;

/// `false`.
pub const FALSE: u8 = 0;
/// `true`.
pub const TRUE: u8 = 1;
/// An `i64`; all numbers are little-endian.
pub const INTEGER: u8 = 2;
/// An `f64`.
pub const FLOAT: u8 = 3;
/// A length in bytes, as `u32`, and UTF-8.
pub const TEXT: u8 = 4;
/// A length, as `u32`, and the items.
pub const ARRAY: u8 = 5;
/// A length, as `u32`, and for each entry its key and its value.
pub const TABLE: u8 = 6;
/// The byte range of the next value in the rule file: start and end, as `u64`.
pub const PLACE: u8 = 7;

/// Writes values in sequence.
#[derive(Debug, Default)]
pub struct Packer {
    /// The bytes written so far.
    pub bytes: Vec<u8>,
}

impl Packer {
    /// Writes the byte range of the next value.
    pub fn place(&mut self, at: Range<usize>) {
        self.bytes.push(PLACE);
        for offset in [at.start, at.end] {
            self.bytes.extend((offset as u64).to_le_bytes());
        }
    }

    /// A boolean.
    pub fn boolean(&mut self, value: bool) {
        self.bytes.push(if value { TRUE } else { FALSE });
    }

    /// An integer.
    pub fn integer(&mut self, value: i64) {
        self.bytes.push(INTEGER);
        self.bytes.extend(value.to_le_bytes());
    }

    /// A number.
    pub fn float(&mut self, value: f64) {
        self.bytes.push(FLOAT);
        self.bytes.extend(value.to_le_bytes());
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.start(TEXT, text.len());
        self.bytes.extend(text.as_bytes());
    }

    /// The start of an array of `length` items, which follow.
    pub fn array(&mut self, length: usize) {
        self.start(ARRAY, length);
    }

    /// The start of a table of `length` entries, whose keys and values follow.
    pub fn table(&mut self, length: usize) {
        self.start(TABLE, length);
    }

    fn start(&mut self, tag: u8, length: usize) {
        self.bytes.push(tag);
        // A longer value cannot be read back.
        self.bytes.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    }
}
