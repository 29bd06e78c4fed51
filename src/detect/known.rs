//! Pieces that were shared out to buckets beforehand: those of the built-in rules.
//!
//! To choose and share them out takes a quarter of a start, and always ends the same.

use super::buckets::{BUCKETS, Grain};
use std::sync::LazyLock;

/// A line for each piece, in order: its bucket for each [`Grain`], and its bytes as Rust
/// writes them. The tests write it anew.
const BUILT_IN: &str = include_str!("known.txt");

/// Some pieces with their buckets.
#[derive(Debug, Default)]
pub struct Known {
    pieces: Vec<(Vec<u8>, [usize; 2])>,
}

impl Known {
    /// Those of the built-in rules.
    pub fn built_in() -> &'static Self {
        static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::read(BUILT_IN));
        &KNOWN
    }

    /// Those in `text`; lines that cannot be read are left out, and cost time and nothing else.
    fn read(text: &str) -> Self {
        let line = |line: &str| {
            let (bytes, rest) = line.split_once(' ')?;
            let (halves, piece) = rest.split_once(' ')?;
            let bucket = |text: &str| text.parse().ok().filter(|bucket| *bucket < BUCKETS);
            Some((unescaped(piece)?, [bucket(bytes)?, bucket(halves)?]))
        };
        Self { pieces: text.lines().filter_map(line).collect() }
    }

    /// Whether this is one of the pieces.
    pub fn has(&self, piece: &[u8]) -> bool {
        self.place(piece).is_some()
    }

    /// The bucket of a piece for vectors that see so much.
    pub fn bucket(&self, piece: &[u8], grain: Grain) -> Option<usize> {
        self.place(piece).map(|place| self.pieces[place].1[grain as usize])
    }

    fn place(&self, piece: &[u8]) -> Option<usize> {
        self.pieces.binary_search_by(|(other, _)| other.as_slice().cmp(piece)).ok()
    }
}

/// The bytes that `escape_ascii` wrote.
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
    use crate::{
        detect::{Engine, buckets, pieces::Pieces},
        rule::{RuleSet, Selection, built_in},
        suppress::MARKS,
    };
    use std::collections::BTreeMap;

    /// The pieces of all built-in rules, shared out anew.
    fn anew() -> String {
        let rules = built_in(None).expect("the built-in rules are valid");
        let rules = RuleSet::new(rules, &Selection::default()).expect("no rule is there twice");
        let engine = Engine::with_marks(rules, 0, MARKS);
        let pieces = Pieces::new(engine.keyword_texts().enumerate(), &Known::default()).all;
        let mut of: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
        for grain in [Grain::Bytes, Grain::Halves] {
            let buckets = buckets::joined(&pieces, grain);
            for piece in &pieces {
                let bucket = buckets.iter().position(|bucket| bucket.covers(piece));
                of.entry(piece).or_default().push(bucket.expect("each piece has a bucket"));
            }
        }
        let line = |(piece, of): (&&[u8], &Vec<usize>)| {
            format!("{} {} {}\n", of[0], of[1], piece.escape_ascii())
        };
        of.iter().map(line).collect()
    }

    #[test]
    fn what_is_known_of_the_built_in_rules_is_fresh() {
        let anew = anew();
        if std::env::var_os("HFSCAN_BLESS").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/detect/known.txt");
            std::fs::write(path, anew).expect("src/ can be written");
            return;
        }
        assert!(
            anew == BUILT_IN,
            "src/detect/known.txt is stale: HFSCAN_BLESS=1 cargo test known writes it anew"
        );
    }

    #[test]
    fn pieces_are_read_as_they_are_written() {
        let known = Known::read("0 3 \\t\\x00\\\\ x\n15 2 abc\n16 0 abd\nabe\n");
        assert_eq!(known.pieces, [(b"\t\0\\ x".to_vec(), [0, 3]), (b"abc".to_vec(), [15, 2])]);
        assert_eq!(known.bucket(b"abc", Grain::Halves), Some(2));
        assert!(known.has(b"abc") && !known.has(b"abd"));
    }
}
