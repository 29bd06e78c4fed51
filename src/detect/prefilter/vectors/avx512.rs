//! AVX-512 with VBMI looks up 64 bytes at a time in tables of 64 or 128 entries.

use super::window::{BLOCK, ClassOf, TURNS, for_each_vector, for_each_window};
use crate::detect::prefilter::{
    buckets::Buckets,
    commonness::per_mille,
    grain::{PIECE, VALUES},
};
use archmage::prelude::*;
use std::array::from_fn;

/// [`Buckets`] for classes of bytes, few enough for one table of a vector.
#[derive(Debug)]
pub struct ManyClasses {
    /// The class of each value of a byte.
    of: [u8; VALUES],
    /// For each class, the buckets that have a piece with a byte of it.
    table: [[[u8; CLASSES]; PIECE]; TURNS],
}

/// Maximum number of classes.
const CLASSES: usize = 64;

impl ManyClasses {
    /// The tables of some buckets. Values that no bucket distinguishes share a class. If there are
    /// too many classes, a rare value joins the most similar one, and both then match the buckets
    /// of either.
    pub fn new(buckets: &Buckets) -> Self {
        let mut values: [u8; VALUES] = from_fn(|value| value as u8);
        values.sort_by(|one, other| per_mille(*other).total_cmp(&per_mille(*one)));
        // For each class its buckets, and its frequency per thousand bytes.
        let mut known: Vec<([u16; PIECE], f32)> = Vec::new();
        let mut of = [0; VALUES];
        for value in values {
            let row: [u16; PIECE] = from_fn(|place| buckets.of(place, value));
            let same = known.iter().position(|(other, _)| *other == row);
            let class = same.unwrap_or_else(|| {
                if known.len() < CLASSES {
                    known.push((row, 0.0));
                    return known.len() - 1;
                }
                // The cost: buckets that each value would additionally match, weighted by its
                // frequency.
                let cost = |(other, chance): &([u16; PIECE], f32)| {
                    let more = |one: &[u16; PIECE], than: &[u16; PIECE]| {
                        let bits =
                            one.iter().zip(than).map(|(one, than)| (one & !than).count_ones());
                        bits.sum::<u32>() as f32
                    };
                    more(&row, other) * chance + more(other, &row) * per_mille(value)
                };
                let costs = known.iter().map(cost).enumerate();
                costs.min_by(|one, other| one.1.total_cmp(&other.1)).map_or(0, |(class, _)| class)
            });
            of[usize::from(value)] = class as u8;
            let (buckets, chance) = &mut known[class];
            *chance += per_mille(value);
            buckets.iter_mut().zip(row).for_each(|(buckets, row)| *buckets |= row);
        }
        let byte = |class, place, turn| {
            known
                .get(class)
                .map_or(0, |(row, _): &([u16; PIECE], f32)| (row[place] >> (8 * turn)) as u8)
        };
        let table = from_fn(|turn| from_fn(|place| from_fn(|class| byte(class, place, turn))));
        Self { of, table }
    }
}

/// Marks the candidates of some blocks. Returns one bit for each block that has one.
#[arcane(import_intrinsics)]
pub fn scan(
    _token: X64V4xToken,
    classes: &ManyClasses,
    text: &[u8],
    places: &mut [u64],
    class_of: &mut ClassOf,
) -> u32 {
    // All classes first: each is read again at every position in a piece.
    let (low, high) = classes.of.split_at(VALUES / 2);
    let low = _mm512_loadu_si512(low.first_chunk::<BLOCK>().expect("half of the values"));
    let high = _mm512_loadu_si512(high.first_chunk::<BLOCK>().expect("half of the values"));
    for_each_vector::<BLOCK>(text, places.len(), class_of, |bytes, class_of| {
        let bytes = _mm512_loadu_si512(bytes);
        _mm512_storeu_si512(class_of, _mm512_permutex2var_epi8(low, bytes, high));
    });
    let table: [[__m512i; PIECE]; TURNS] =
        from_fn(|turn| from_fn(|place| _mm512_loadu_si512(&classes.table[turn][place])));
    for_each_window(class_of, places, |window| {
        let class_of: [__m512i; PIECE] = from_fn(|place| {
            let class_of: &[u8; BLOCK] = window[place..].first_chunk().expect("a window has them");
            _mm512_loadu_si512(class_of)
        });
        let mut some = _mm512_setzero_si512();
        for table in &table {
            let mut buckets = _mm512_set1_epi8(!0);
            for (table, class_of) in table.iter().zip(class_of) {
                buckets = _mm512_and_si512(buckets, _mm512_permutexvar_epi8(class_of, *table));
            }
            some = _mm512_or_si512(some, buckets);
        }
        _mm512_test_epi8_mask(some, some)
    })
}
