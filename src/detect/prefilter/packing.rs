//! Packs pieces: for the build script and the tests.

use super::{
    buckets::{Bucket, values_of},
    grain::{BUCKETS, PIECE},
    packed::{Packed, pack},
};
use std::fmt::Write as _;

impl Packed {
    /// These pieces.
    pub fn of(pieces: impl IntoIterator<Item = (Vec<u8>, [usize; 2])>) -> Self {
        let packed = |(piece, buckets): (Vec<u8>, [usize; 2])| {
            (pack(&piece), buckets.map(|bucket| u8::try_from(bucket).unwrap_or(u8::MAX)))
        };
        let mut pieces: Vec<_> = pieces.into_iter().map(packed).collect();
        pieces.sort_unstable();
        Self { pieces: pieces.into() }
    }

    /// Reads the lines of [`lines`](Self::lines). Lines that cannot be read are dropped, which only
    /// costs speed.
    pub fn read(text: &str) -> Self {
        let line = |line: &str| {
            let (bytes, rest) = line.split_once(' ')?;
            let (halves, piece) = rest.split_once(' ')?;
            let bucket = |text: &str| text.parse().ok().filter(|bucket| *bucket < BUCKETS);
            Some((unescaped(piece)?, [bucket(bytes)?, bucket(halves)?]))
        };
        Self::of(text.lines().filter_map(line))
    }

    /// One line per piece: its bucket for each grain, and its bytes with ASCII escapes.
    pub fn lines(&self) -> String {
        self.pieces.iter().fold(String::new(), |mut lines, (packed, [bytes, halves])| {
            let piece = unpack(*packed);
            let _ = writeln!(lines, "{bytes} {halves} {}", piece.escape_ascii());
            lines
        })
    }

    /// The table as an expression of Rust, for [`of_table`](Self::of_table).
    pub fn table(&self) -> String {
        format!("&{:?}", self.pieces)
    }

    /// The pieces.
    pub fn pieces(&self) -> impl Iterator<Item = Vec<u8>> {
        self.pieces.iter().map(|(packed, _)| unpack(*packed))
    }
}

impl Bucket {
    /// `true` if the bucket contains the piece, or matches it anyway.
    pub fn covers(&self, piece: &[u8]) -> bool {
        self.bytes.iter().zip(values_of(piece)).all(|(all, values)| all & values == values)
    }
}

/// The piece of a number made by [`pack`].
fn unpack(packed: u64) -> Vec<u8> {
    let bytes = packed.to_be_bytes();
    bytes[..usize::from(bytes[PIECE]).min(PIECE)].to_vec()
}

/// The bytes of a text with ASCII escapes.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, left)) = rest.split_first() {
        rest = left;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let (kind, left) = rest.split_first()?;
        rest = left;
        bytes.push(match kind {
            b't' => b'\t',
            b'n' => b'\n',
            b'r' => b'\r',
            b'x' => {
                let (digits, left) = rest.split_at_checked(2)?;
                rest = left;
                u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?
            }
            other => *other,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{super::grain::Grain, *};

    #[test]
    fn pieces_are_read_as_they_are_written() {
        let text = "0 3 \\t\\x00\\\\ x\n15 2 abc\n";
        let packed = Packed::read(&format!("{text}16 0 abd\nabe\n"));
        assert_eq!(packed.pieces().collect::<Vec<_>>(), [b"\t\0\\ x".to_vec(), b"abc".to_vec()]);
        assert_eq!(packed.lines(), text);
        let one = Packed::of([(b"abc".to_vec(), [1, 2])]);
        assert_eq!(one.table(), format!("&[({}, [1, 2])]", pack(b"abc")));
        assert_eq!(packed.bucket(b"abc", Grain::Halves), Some(2));
        assert!(packed.has(pack(b"abc")) && !packed.has(pack(b"abd")));
        assert!(pack(b"ab") < pack(b"ab\0") && pack(b"ab\0") < pack(b"abc"));
    }
}
