//! Pieces that were shared out to buckets beforehand: those of the built-in rules.
//!
//! To choose and share them out takes a quarter of a start, and always ends the same.

#[cfg(test)]
mod sharing;

use super::buckets::{BUCKETS, Grain, PIECE};
use std::sync::LazyLock;

/// A line for each piece, in order: its bucket for each [`Grain`], and its bytes as Rust
/// writes them. The tests write it, and share the pieces out by real texts if they are shown
/// some.
const BUILT_IN: &str = include_str!("known.txt");

/// Some pieces with their buckets.
#[derive(Debug, Default)]
pub struct Known {
    /// In order.
    pieces: Vec<(Vec<u8>, [usize; 2])>,
    /// The number of each.
    numbers: Vec<u64>,
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
        Self::of(text.lines().filter_map(line).collect())
    }

    fn of(mut pieces: Vec<(Vec<u8>, [usize; 2])>) -> Self {
        pieces.sort_unstable();
        let numbers = pieces.iter().map(|(piece, _)| number(piece)).collect();
        Self { pieces, numbers }
    }

    /// Whether the piece of this [`number`] is one of them.
    pub fn has(&self, number: u64) -> bool {
        self.numbers.binary_search(&number).is_ok()
    }

    /// The bucket of a piece for vectors that see so much.
    pub fn bucket(&self, piece: &[u8], grain: Grain) -> Option<usize> {
        let place = self.numbers.binary_search(&number(piece)).ok()?;
        Some(self.pieces[place].1[grain as usize])
    }
}

/// A piece as a number, of the same order: every few bytes of every keyword are asked about.
pub fn number(piece: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let len = piece.len().min(PIECE);
    bytes[..len].copy_from_slice(&piece[..len]);
    bytes[PIECE] = len as u8;
    u64::from_be_bytes(bytes)
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
    use super::{
        sharing::{Sample, Sharing},
        *,
    };
    use crate::{
        detect::{
            Engine,
            buckets::{Bucket, shared_out},
            pieces::Pieces,
        },
        rule::{RuleSet, Selection, built_in},
        suppress::MARKS,
    };
    use std::{collections::BTreeMap, env, io::Write, path::Path};

    const GRAINS: [Grain; 2] = [Grain::Bytes, Grain::Halves];

    /// The pieces with their buckets as the file writes them.
    fn written(known: &Known) -> String {
        let line = |(piece, [bytes, halves]): &(Vec<u8>, [usize; 2])| {
            format!("{bytes} {halves} {}\n", piece.escape_ascii())
        };
        known.pieces.iter().map(line).collect()
    }

    /// The pieces of all keywords: those that are known in their buckets, the others where
    /// they cost the least.
    fn of_all(keywords: &[&[u8]], known: &Known) -> Known {
        let all = Pieces::new(keywords.iter().copied().enumerate(), known).all;
        let buckets = GRAINS.map(|grain| shared_out(&all, known, grain));
        let bucket_of = |piece: &[u8], grain: Grain| {
            known.bucket(piece, grain).or_else(|| {
                buckets[grain as usize].iter().position(|bucket: &Bucket| bucket.covers(piece))
            })
        };
        let with_buckets = |piece: Vec<u8>| {
            let of = GRAINS.map(|grain| bucket_of(&piece, grain).expect("each has a bucket"));
            (piece, of)
        };
        let pieces: BTreeMap<_, _> = all.into_iter().map(with_buckets).collect();
        Known::of(pieces.into_iter().collect())
    }

    /// The same, shared out anew by what stands in the files of `folder`.
    /// Improved from where the model of [`shared_out`] leads to: from what is there already it
    /// ends where only many moves together would be better.
    fn by_sample(keywords: &[&[u8]], known: &Known, folder: &Path) -> Known {
        let sample = Sample::of(folder);
        let improved = |pieces: Vec<Vec<u8>>, grain: Grain, keywords: &[&[u8]]| {
            let buckets = shared_out(&pieces, &Known::default(), grain);
            let bucket_of = |piece: &[u8]| buckets.iter().position(|one| one.covers(piece));
            let with_bucket = |piece: Vec<u8>| bucket_of(&piece).map(|bucket| (piece, bucket));
            let pieces = pieces.into_iter().filter_map(with_bucket).collect();
            let mut sharing =
                Sharing { sample: &sample, grain, keywords: keywords.to_vec(), pieces };
            let rate = sharing.improve();
            let _ = writeln!(std::io::stderr(), "{grain:?}: {rate:.0} of a million places");
            BTreeMap::from_iter(sharing.pieces)
        };
        let pieces = known.pieces.iter().map(|(piece, _)| piece.clone()).collect();
        let bytes = improved(pieces, Grain::Bytes, keywords);
        let halves = improved(bytes.keys().cloned().collect(), Grain::Halves, &[]);
        let both = bytes.into_iter().map(|(piece, bucket)| {
            let of = [bucket, halves[&piece]];
            (piece, of)
        });
        // Some may be needed no longer.
        of_all(keywords, &Known::of(both.collect()))
    }

    #[test]
    fn what_is_known_of_the_built_in_rules_is_fresh() {
        let rules = built_in(None).expect("the built-in rules are valid");
        let rules = RuleSet::new(rules, &Selection::default()).expect("no rule is there twice");
        let engine = Engine::with_marks(rules, 0, MARKS);
        let keywords: Vec<&[u8]> = engine.keyring().keyword_texts().collect();
        let mut known = of_all(&keywords, Known::built_in());
        if env::var_os("HFSCAN_BLESS").is_some() {
            if let Some(folder) = env::var_os("HFSCAN_SAMPLE") {
                known = by_sample(&keywords, &known, Path::new(&folder));
            }
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/detect/known.txt");
            std::fs::write(path, written(&known)).expect("src/ can be written");
            return;
        }
        assert!(
            written(&known) == BUILT_IN,
            "src/detect/known.txt is stale: HFSCAN_BLESS=1 cargo test known writes it anew"
        );
    }

    #[test]
    fn pieces_are_read_as_they_are_written() {
        let text = "0 3 \\t\\x00\\\\ x\n15 2 abc\n";
        let known = Known::read(&format!("{text}16 0 abd\nabe\n"));
        assert_eq!(known.pieces, [(b"\t\0\\ x".to_vec(), [0, 3]), (b"abc".to_vec(), [15, 2])]);
        assert_eq!(written(&known), text);
        assert_eq!(known.bucket(b"abc", Grain::Halves), Some(2));
        assert!(known.has(number(b"abc")) && !known.has(number(b"abd")));
        assert!(number(b"ab") < number(b"ab\0") && number(b"ab\0") < number(b"abc"));
    }
}
