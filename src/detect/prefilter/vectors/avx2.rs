//! AVX2 looks up 32 bytes at a time in tables of 16 entries.

use super::{
    classes::{Classes, ROW, ROWS},
    window::{BLOCK, ClassOf, TURNS, WINDOW, for_each_vector, for_each_window},
};
use crate::detect::prefilter::grain::{CLASS_OF, PIECE};
use archmage::prelude::*;
use std::array::from_fn;

/// Bytes of a vector.
const LANES: usize = 32;
/// A lookup of an index with this bit results in zero; the lower four bits are the entry.
const NONE: i8 = i8::MIN;

/// Marks the candidates of some blocks. Returns one bit for each block that has one.
#[arcane(import_intrinsics)]
pub fn scan(
    _token: X64V3Token,
    classes: &Classes,
    text: &[u8],
    places: &mut [u64],
    class_of: &mut ClassOf,
) -> u32 {
    // Each half of a register has a table of its own.
    let twice = |row: &[u8; ROW]| _mm256_broadcastsi128_si256(_mm_loadu_si128(row));
    // All classes first, as the index of the lookup of the lower ones: each is read again at every
    // position in a piece.
    let index_of = CLASS_OF.map(|class| (class % 16) | ((class & 16) << 3));
    let index_of: [__m256i; ROWS] = from_fn(|row| twice(&index_of.as_chunks().0[row]));
    for_each_vector::<LANES>(text, places.len(), class_of, |bytes, class_of| {
        let bytes = _mm256_loadu_si256(bytes);
        let bytes = _mm256_andnot_si256(_mm256_set1_epi8(NONE), bytes);
        // A blend selects by the highest bit.
        let bit_4 = _mm256_slli_epi16::<3>(bytes);
        let bit_5 = _mm256_slli_epi16::<2>(bytes);
        let bit_6 = _mm256_slli_epi16::<1>(bytes);
        let index_of = index_of.map(|row| _mm256_shuffle_epi8(row, bytes));
        let [of_0, of_2, of_4, of_6] =
            from_fn(|row| _mm256_blendv_epi8(index_of[2 * row], index_of[2 * row + 1], bit_4));
        let (lower, upper) =
            (_mm256_blendv_epi8(of_0, of_2, bit_5), _mm256_blendv_epi8(of_4, of_6, bit_5));
        _mm256_storeu_si256(class_of, _mm256_blendv_epi8(lower, upper, bit_6));
    });
    let table: [[[__m256i; 2]; PIECE]; TURNS] =
        from_fn(|turn| from_fn(|place| from_fn(|row| twice(&classes.of[turn][place][row]))));
    let half_of = |window: &[u8; WINDOW], start: usize| {
        let indexes: [[__m256i; 2]; PIECE] = from_fn(|place| {
            let lower: &[u8; LANES] =
                window[start + place..].first_chunk().expect("a window has them");
            let lower = _mm256_loadu_si256(lower);
            [lower, _mm256_xor_si256(lower, _mm256_set1_epi8(NONE))]
        });
        let mut some = _mm256_setzero_si256();
        for tables in &table {
            let mut buckets = _mm256_set1_epi8(!0);
            for ([lower, upper], [index, other]) in tables.iter().zip(indexes) {
                let of_lower = _mm256_shuffle_epi8(*lower, index);
                let of_upper = _mm256_shuffle_epi8(*upper, other);
                buckets = _mm256_and_si256(buckets, _mm256_or_si256(of_lower, of_upper));
            }
            some = _mm256_or_si256(some, buckets);
        }
        let none = _mm256_movemask_epi8(_mm256_cmpeq_epi8(some, _mm256_setzero_si256()));
        u64::from(!none.cast_unsigned())
    };
    for_each_window(class_of, places, |window| {
        half_of(window, 0) | half_of(window, BLOCK / 2) << (BLOCK / 2)
    })
}
