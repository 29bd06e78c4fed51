//! NEON looks up 16 bytes at a time in tables of 32 and 64 entries.

use super::{
    classes::{Classes, ROW, ROWS},
    window::{BLOCK, ClassOf, TURNS, WINDOW, for_each_vector, for_each_window},
};
use crate::detect::prefilter::grain::{CLASS_OF, PIECE};
use archmage::prelude::*;
use std::array::from_fn;

/// Bytes of a vector.
const LANES: usize = 16;

/// Marks the candidates of some blocks. Returns one bit for each block that has one.
#[arcane(import_intrinsics)]
pub fn scan(
    _token: NeonToken,
    classes: &Classes,
    text: &[u8],
    places: &mut [u64],
    class_of: &mut ClassOf,
) -> u32 {
    // All classes first: each is read again at every position in a piece.
    let (lower, upper) = CLASS_OF.as_chunks().0.split_at(ROWS / 2);
    let table_of = |rows: &[[u8; ROW]]| {
        let [first, second, third, fourth] = from_fn(|row| vld1q_u8(&rows[row]));
        uint8x16x4_t(first, second, third, fourth)
    };
    let (lower, upper) = (table_of(lower), table_of(upper));
    for_each_vector::<LANES>(text, places.len(), class_of, |bytes, class_of| {
        let bytes = vandq_u8(vld1q_u8(bytes), vdupq_n_u8(0x7f));
        // A lookup past the end of a table results in zero.
        let of_lower = vqtbl4q_u8(lower, bytes);
        let of_upper = vqtbl4q_u8(upper, veorq_u8(bytes, vdupq_n_u8(0x40)));
        vst1q_u8(class_of, vorrq_u8(of_lower, of_upper));
    });
    let table_of = |[lower, upper]: &[[u8; ROW]; 2]| uint8x16x2_t(vld1q_u8(lower), vld1q_u8(upper));
    let table: [[uint8x16x2_t; PIECE]; TURNS] =
        from_fn(|turn| from_fn(|place| table_of(&classes.of[turn][place])));
    let bit_of_lane = vld1q_u8(&from_fn(|lane| 1 << (lane % 8)));
    let bits_of = |window: &[u8; WINDOW], start: usize| {
        let class_of: [uint8x16_t; PIECE] = from_fn(|place| {
            let classes: &[u8; LANES] =
                window[start + place..].first_chunk().expect("a window has them");
            vld1q_u8(classes)
        });
        let mut some = vdupq_n_u8(0);
        for tables in &table {
            let mut buckets = vdupq_n_u8(!0);
            for (table, class_of) in tables.iter().zip(class_of) {
                buckets = vandq_u8(buckets, vqtbl2q_u8(*table, class_of));
            }
            some = vorrq_u8(some, buckets);
        }
        vandq_u8(vtstq_u8(some, some), bit_of_lane)
    };
    for_each_window(class_of, places, |window| {
        // Pairwise sums gather the bits of eight lanes in one.
        let quarters: [uint8x16_t; BLOCK / LANES] =
            from_fn(|quarter| bits_of(window, LANES * quarter));
        let [one, two, three, four] = quarters;
        let all = vpaddq_u8(vpaddq_u8(one, two), vpaddq_u8(three, four));
        vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(all, all)))
    })
}
