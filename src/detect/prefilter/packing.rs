//! Packs pieces: for the build script and the tests.

use super::{
    buckets::{Bucket, values_of},
    grain::{BUCKETS, Grain, PIECE},
    packed::{Packed, pack},
};
use std::fmt::Write as _;

impl Packed {
    /// Packs these pieces with their buckets.
    pub fn of(pieces: impl IntoIterator<Item = (Vec<u8>, usize)>) -> Self {
        let packed = |(piece, bucket): (Vec<u8>, usize)| {
            (pack(&piece), u8::try_from(bucket).unwrap_or(u8::MAX))
        };
        let mut pieces: Vec<_> = pieces.into_iter().map(packed).collect();
        pieces.sort_unstable();
        Self { pieces: pieces.into() }
    }

    /// Parses the output of [`lines`](Self::lines). Invalid lines are dropped, which only costs
    /// speed.
    pub fn read(text: &str) -> Self {
        let line = |line: &str| {
            let (bucket, piece) = line.split_once(' ')?;
            Some((unescaped(piece)?, bucket.parse().ok().filter(|bucket| *bucket < BUCKETS)?))
        };
        Self::of(text.lines().filter_map(line))
    }

    /// One line per piece: its bucket, and its bytes with ASCII escapes.
    pub fn lines(&self) -> String {
        self.pieces.iter().fold(String::new(), |mut lines, (packed, bucket)| {
            let piece = unpack(*packed);
            let _ = writeln!(lines, "{bucket} {}", piece.escape_ascii());
            lines
        })
    }

    /// The table as a Rust expression, for [`of_table`](Self::of_table).
    pub fn table(&self) -> String {
        format!("&{:?}", self.pieces)
    }

    /// The pieces.
    pub fn pieces(&self) -> impl Iterator<Item = Vec<u8>> {
        self.pieces.iter().map(|(packed, _)| unpack(*packed))
    }
}

impl Grain {
    /// All precisions.
    pub const ALL: [Self; 2] = [Self::Bytes, Self::Classes];

    /// The file in this folder with pieces for this precision, divided by how often real texts
    /// match them. It may be stale: missing pieces are added, and unused ones are ignored.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Bytes => "hint-bytes.txt",
            Self::Classes => "hint-classes.txt",
        }
    }
}

impl Bucket {
    /// `true` if the bucket contains the piece, or matches it anyway.
    pub fn covers(&self, piece: &[u8]) -> bool {
        self.bytes.iter().zip(values_of(piece)).all(|(all, values)| all & values == values)
    }
}

/// The piece that [`pack`] turned into this number.
fn unpack(packed: u64) -> Vec<u8> {
    let bytes = packed.to_be_bytes();
    bytes[..usize::from(bytes[PIECE]).min(PIECE)].to_vec()
}

/// The bytes of a text with its ASCII escapes resolved.
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
    use super::*;

    #[test]
    fn pieces_are_read_as_they_are_written() {
        let text = "0 \\t\\x00\\\\ x\n15 abc\n";
        let packed = Packed::read(&format!("{text}16 abd\nabe\n"));
        assert_eq!(packed.pieces().collect::<Vec<_>>(), [b"\t\0\\ x".to_vec(), b"abc".to_vec()]);
        assert_eq!(packed.lines(), text);
        let one = Packed::of([(b"abc".to_vec(), 1)]);
        assert_eq!(one.table(), format!("&[({}, 1)]", pack(b"abc")));
        assert_eq!(packed.bucket(b"abc"), Some(15));
        assert!(packed.has(pack(b"abc")) && !packed.has(pack(b"abd")));
        assert!(pack(b"ab") < pack(b"ab\0") && pack(b"ab\0") < pack(b"abc"));
    }
}
