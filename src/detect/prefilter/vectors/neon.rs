//! NEON looks up 16 bytes at a time.

use super::{
    halves::Halves,
    window::{BLOCK, TURNS, WINDOW, for_each_window},
};
use crate::detect::prefilter::grain::{PIECE, UPPER};
use archmage::prelude::*;
use std::array::from_fn;

/// Bytes of a vector.
const LANES: usize = 16;

/// Marks the candidates of some blocks. Returns one bit for each block that has one.
#[arcane(import_intrinsics)]
pub fn scan(_token: NeonToken, halves: &Halves, text: &[u8], places: &mut [u64]) -> u32 {
    let table: [[[uint8x16_t; 2]; PIECE]; TURNS] =
        from_fn(|turn| from_fn(|place| from_fn(|half| vld1q_u8(&halves.of[turn][place][half]))));
    let low_half = vdupq_n_u8(15);
    let bit_of_lane = vld1q_u8(&from_fn(|lane| 1 << (lane % 8)));
    let bits_of = |window: &[u8; WINDOW], start: usize| {
        let mut some = vdupq_n_u8(0);
        let halves: [[uint8x16_t; 2]; PIECE] = from_fn(|place| {
            let bytes: &[u8; LANES] =
                window[start + place..].first_chunk().expect("a window has them");
            let bytes = vld1q_u8(bytes);
            [vandq_u8(bytes, low_half), vandq_u8(vshrq_n_u8::<UPPER>(bytes), low_half)]
        });
        for tables in &table {
            let mut buckets = vdupq_n_u8(!0);
            for ([lows, highs], [lower, upper]) in tables.iter().zip(halves) {
                let both = vandq_u8(vqtbl1q_u8(*lows, lower), vqtbl1q_u8(*highs, upper));
                buckets = vandq_u8(buckets, both);
            }
            some = vorrq_u8(some, buckets);
        }
        vandq_u8(vtstq_u8(some, some), bit_of_lane)
    };
    for_each_window(text, places, |window| {
        // Pairwise sums gather the bits of eight lanes in one.
        let quarters: [uint8x16_t; BLOCK / LANES] =
            from_fn(|quarter| bits_of(window, LANES * quarter));
        let [one, two, three, four] = quarters;
        let all = vpaddq_u8(vpaddq_u8(one, two), vpaddq_u8(three, four));
        vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(all, all)))
    })
}
