//! AVX2 looks up 32 bytes at a time.

use super::{
    halves::Halves,
    window::{BLOCK, TURNS, WINDOW, for_each_window},
};
use crate::detect::prefilter::grain::{PIECE, UPPER};
use archmage::prelude::*;
use std::array::from_fn;

/// Marks the candidates of some blocks. Returns one bit for each block that has one.
#[arcane(import_intrinsics)]
pub fn scan(_token: X64V3Token, halves: &Halves, text: &[u8], places: &mut [u64]) -> u32 {
    // Each half of a register has a table of its own.
    let twice = |row: &[u8; 16]| _mm256_broadcastsi128_si256(_mm_loadu_si128(row));
    let table: [[[__m256i; 2]; PIECE]; TURNS] =
        from_fn(|turn| from_fn(|place| from_fn(|half| twice(&halves.of[turn][place][half]))));
    let low_half = _mm256_set1_epi8(15);
    let half_of = |window: &[u8; WINDOW], start: usize| {
        let mut some = _mm256_setzero_si256();
        let halves: [[__m256i; 2]; PIECE] = from_fn(|place| {
            let bytes: &[u8; 32] =
                window[start + place..].first_chunk().expect("a window has them");
            let bytes = _mm256_loadu_si256(bytes);
            let upper = _mm256_srli_epi16::<UPPER>(bytes);
            [_mm256_and_si256(bytes, low_half), _mm256_and_si256(upper, low_half)]
        });
        for tables in &table {
            let mut buckets = _mm256_set1_epi8(!0);
            for ([lows, highs], [lower, upper]) in tables.iter().zip(halves) {
                let of_lower = _mm256_shuffle_epi8(*lows, lower);
                let of_upper = _mm256_shuffle_epi8(*highs, upper);
                buckets = _mm256_and_si256(buckets, _mm256_and_si256(of_lower, of_upper));
            }
            some = _mm256_or_si256(some, buckets);
        }
        let none = _mm256_movemask_epi8(_mm256_cmpeq_epi8(some, _mm256_setzero_si256()));
        u64::from(!none.cast_unsigned())
    };
    for_each_window(text, places, |window| {
        half_of(window, 0) | half_of(window, BLOCK / 2) << (BLOCK / 2)
    })
}
