//! The pieces of the built-in keywords, divided among buckets at build time, since doing so at
//! start-up would take a quarter of it.
//!
//! `rules/build.rs` writes the tables. It copies the pieces in [the hints](Grain::hint), which were
//! chosen by how often real texts match them, and adds the pieces of further keywords of the rule
//! files. Keywords made at run time join the buckets at run time.

use super::{grain::Grain, packed::Packed};

static FOR_BYTES: Packed = Packed::of_table(include!(concat!(env!("OUT_DIR"), "/hint-bytes.rs")));
static FOR_CLASSES: Packed =
    Packed::of_table(include!(concat!(env!("OUT_DIR"), "/hint-classes.rs")));

/// The packed pieces of the built-in keywords for vectors of this precision.
pub fn built_in(grain: Grain) -> &'static Packed {
    match grain {
        Grain::Bytes => &FOR_BYTES,
        Grain::Classes => &FOR_CLASSES,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            buckets::{Bucket, divided},
            grain::CLASS_OF,
            partition::{Partition, table},
            pieces::Pieces,
            sample::{Sample, Sharing},
            search::Prefilter,
        },
        *,
    };
    use crate::{
        detect::Engine,
        rule::{RuleSet, Selection, built_in as built_in_rules},
        suppress::MARKS,
    };
    use std::{env, io::Write, ops::ControlFlow, path::Path, time::Instant};

    fn engine() -> Engine {
        let rules = built_in_rules(None).expect("the built-in rules are valid");
        let rules = RuleSet::new(rules, &Selection::default()).expect("no rule is there twice");
        Engine::with_marks(rules, 0, MARKS)
    }

    #[test]
    fn most_pieces_of_the_built_in_keywords_are_packed() {
        let engine = engine();
        for grain in Grain::ALL {
            let packed = built_in(grain);
            let pieces = Pieces::new(engine.keyring().keyword_texts().enumerate(), packed).all;
            let known = pieces.iter().filter(|piece| packed.bucket(piece).is_some()).count();
            // Otherwise every start divides all of them again.
            assert!(known * 4 > pieces.len() * 3, "{grain:?}: {known} of {}", pieces.len());
        }
    }

    /// The pieces of all keywords: packed ones in their buckets, the others where they cost least.
    fn of_all(keywords: &[&[u8]], packed: &Packed, grain: Grain) -> Packed {
        let all = Pieces::new(keywords.iter().copied().enumerate(), packed).all;
        let buckets = divided(&all, packed, grain);
        Packed::of(all.into_iter().map(|piece| {
            let joined = || buckets.iter().position(|bucket: &Bucket| bucket.covers(&piece));
            let bucket = packed.bucket(&piece).or_else(joined).expect("each has a bucket");
            (piece, bucket)
        }))
    }

    /// The same pieces, divided again by a sample: from their buckets and from the result of
    /// [`divided`], since either may end in a local optimum. The better result is returned.
    fn by_sample(keywords: &[&[u8]], packed: &Packed, grain: Grain, sample: &Sample) -> Packed {
        let pieces = Vec::from_iter(packed.pieces());
        let buckets = divided(&pieces, &Packed::default(), grain);
        let improved = |bucket_of: &dyn Fn(&[u8]) -> Option<usize>| {
            let with_bucket = |piece: &Vec<u8>| Some((piece.clone(), bucket_of(piece)?));
            let pieces = pieces.iter().filter_map(with_bucket).collect();
            let mut sharing = Sharing { sample, grain, keywords: keywords.to_vec(), pieces };
            (sharing.improve(), sharing.pieces)
        };
        let results = [
            improved(&|piece| packed.bucket(piece)),
            improved(&|piece| buckets.iter().position(|one| one.covers(piece))),
        ];
        let best = results.into_iter().min_by(|one, other| one.0.total_cmp(&other.0));
        let (rate, pieces) = best.expect("there are two");
        let _ = writeln!(std::io::stderr(), "{grain:?}: {rate:.0} of a million offsets");
        // Some pieces may no longer be needed.
        of_all(keywords, &Packed::of(pieces), grain)
    }

    #[test]
    #[ignore = "measures the pass over the file that HFSCAN_SAMPLE names"]
    fn the_pass_over_a_text_is_measured() {
        let file = env::var_os("HFSCAN_SAMPLE").expect("HFSCAN_SAMPLE names a file");
        let text = std::fs::read(file).expect("the file can be read");
        let engine = engine();
        let prefilter = Prefilter::new(engine.keyring().keyword_texts());
        let mut hits = 0;
        let start = Instant::now();
        // Chunks of the size of a typical file.
        for part in text.chunks(16 << 10) {
            let _ = prefilter.for_each_hit(part, |_, _| {
                hits += 1;
                ControlFlow::Continue(())
            });
        }
        let rate = text.len() as f64 / start.elapsed().as_secs_f64() / 1e9;
        let _ = writeln!(std::io::stderr(), "{hits} hits, {rate:.2} GB/s");
    }

    #[test]
    #[ignore = "writes the hints by the files in the folder that HFSCAN_SAMPLE names"]
    fn the_hints_are_written_by_a_sample() {
        let folder = env::var_os("HFSCAN_SAMPLE").expect("HFSCAN_SAMPLE names a folder");
        let sample = Sample::of(Path::new(&folder));
        let engine = engine();
        let keywords: Vec<&[u8]> = engine.keyring().keyword_texts().collect();
        let hints = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/detect/prefilter");
        for grain in Grain::ALL {
            let packed = of_all(&keywords, built_in(grain), grain);
            let packed = by_sample(&keywords, &packed, grain, &sample);
            std::fs::write(hints.join(grain.hint()), packed.lines()).expect("src/ can be written");
            if grain == Grain::Classes {
                let pieces = packed.pieces().filter_map(|piece| {
                    let bucket = packed.bucket(&piece)?;
                    Some((piece, bucket))
                });
                let pieces = Vec::from_iter(pieces);
                // The next run divides the pieces by these classes.
                let of = Partition::new(CLASS_OF, &pieces, &sample).improve();
                std::fs::write(hints.join("classes.in"), table(&of)).expect("src/ can be written");
            }
        }
    }
}
