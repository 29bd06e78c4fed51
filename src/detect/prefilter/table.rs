//! The pieces of the built-in keywords, divided among buckets when hfscan is built, since that
//! would take a quarter of the start-up time.
//!
//! `rules/build.rs` writes the table. It copies the pieces in `hint.txt`, which were chosen by how
//! often real texts match them, and adds the pieces of further keywords of the rule files. Keywords
//! made at run time join the buckets at run time.

use super::packed::Packed;

static BUILT_IN: Packed = Packed::of_table(include!(concat!(env!("OUT_DIR"), "/pieces.rs")));

/// The packed pieces of the built-in keywords.
pub fn built_in() -> &'static Packed {
    &BUILT_IN
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            buckets::{Bucket, divided},
            grain::Grain,
            pieces::Pieces,
            sample::{Sample, Sharing},
        },
        *,
    };
    use crate::{
        detect::Engine,
        rule::{RuleSet, Selection, built_in as built_in_rules},
        suppress::MARKS,
    };
    use std::{collections::BTreeMap, env, io::Write, path::Path};

    const GRAINS: [Grain; 2] = [Grain::Bytes, Grain::Halves];

    fn engine() -> Engine {
        let rules = built_in_rules(None).expect("the built-in rules are valid");
        let rules = RuleSet::new(rules, &Selection::default()).expect("no rule is there twice");
        Engine::with_marks(rules, 0, MARKS)
    }

    #[test]
    fn most_pieces_of_the_built_in_keywords_are_packed() {
        let engine = engine();
        let pieces = Pieces::new(engine.keyring().keyword_texts().enumerate(), built_in()).all;
        let packed =
            pieces.iter().filter(|piece| built_in().bucket(piece, Grain::Bytes).is_some()).count();
        // Otherwise all of them are divided anew at each start.
        assert!(packed * 4 > pieces.len() * 3, "{packed} of {}", pieces.len());
    }

    /// The pieces of all keywords: packed ones in their buckets, the others where they cost least.
    fn of_all(keywords: &[&[u8]], packed: &Packed) -> Packed {
        let all = Pieces::new(keywords.iter().copied().enumerate(), packed).all;
        let buckets = GRAINS.map(|grain| divided(&all, packed, grain));
        let bucket_of = |piece: &[u8], grain: Grain| {
            packed.bucket(piece, grain).or_else(|| {
                buckets[grain as usize].iter().position(|bucket: &Bucket| bucket.covers(piece))
            })
        };
        Packed::of(all.into_iter().map(|piece| {
            let of = GRAINS.map(|grain| bucket_of(&piece, grain).expect("each has a bucket"));
            (piece, of)
        }))
    }

    /// The same, divided anew by the files of `folder`. It starts from the result of [`divided`],
    /// since from the packed pieces it would end in a local optimum.
    fn by_sample(keywords: &[&[u8]], packed: &Packed, folder: &Path) -> Packed {
        let sample = Sample::of(folder);
        let improved = |pieces: Vec<Vec<u8>>, grain: Grain, keywords: &[&[u8]]| {
            let buckets = divided(&pieces, &Packed::default(), grain);
            let bucket_of = |piece: &[u8]| buckets.iter().position(|one| one.covers(piece));
            let with_bucket = |piece: Vec<u8>| bucket_of(&piece).map(|bucket| (piece, bucket));
            let pieces = pieces.into_iter().filter_map(with_bucket).collect();
            let mut sharing =
                Sharing { sample: &sample, grain, keywords: keywords.to_vec(), pieces };
            let rate = sharing.improve();
            let _ = writeln!(std::io::stderr(), "{grain:?}: {rate:.0} of a million offsets");
            BTreeMap::from_iter(sharing.pieces)
        };
        let bytes = improved(packed.pieces().collect(), Grain::Bytes, keywords);
        let halves = improved(bytes.keys().cloned().collect(), Grain::Halves, &[]);
        let both = bytes.into_iter().map(|(piece, bucket)| {
            let of = [bucket, halves[&piece]];
            (piece, of)
        });
        // Some pieces may no longer be needed.
        of_all(keywords, &Packed::of(both))
    }

    #[test]
    #[ignore = "writes hint.txt by the files in the folder that HFSCAN_SAMPLE names"]
    fn the_hint_is_written_by_a_sample() {
        let folder = env::var_os("HFSCAN_SAMPLE").expect("HFSCAN_SAMPLE names a folder");
        let engine = engine();
        let keywords: Vec<&[u8]> = engine.keyring().keyword_texts().collect();
        let packed = by_sample(&keywords, &of_all(&keywords, built_in()), Path::new(&folder));
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/detect/prefilter/hint.txt");
        std::fs::write(path, packed.lines()).expect("src/ can be written");
    }
}
