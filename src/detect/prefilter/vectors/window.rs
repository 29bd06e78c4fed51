//! The windows of a text that vectors examine in turn.

use crate::detect::prefilter::grain::{BUCKETS, PIECE};

/// Bytes examined per step; the result has one bit per byte.
pub const BLOCK: usize = 64;
/// Blocks examined per call. More would enlarge the buffer, which small texts never fill.
pub const BLOCKS: usize = 16;
/// Bytes read for a block: a piece may start at its last byte.
pub const WINDOW: usize = BLOCK + PIECE - 1;
/// A vector has one byte per byte of the text, with one bit for each of eight buckets.
pub const TURNS: usize = BUCKETS / 8;

/// The class of each byte of the blocks, and of the bytes of the last piece.
pub type ClassOf = [u8; BLOCK * (BLOCKS + 1)];

/// Runs `classify` on the bytes of some blocks and of their last piece, a vector at a time; the last
/// vector is filled up with zeros.
#[inline(always)]
pub fn for_each_vector<const LANES: usize>(
    text: &[u8],
    blocks: usize,
    class_of: &mut ClassOf,
    classify: impl Fn(&[u8; LANES], &mut [u8; LANES]),
) {
    let (vectors, rest) = text[..text.len().min(blocks * BLOCK + PIECE - 1)].as_chunks();
    let mut last = [0; LANES];
    last[..rest.len()].copy_from_slice(rest);
    for (bytes, class_of) in vectors.iter().chain([&last]).zip(class_of.as_chunks_mut().0) {
        classify(bytes, class_of);
    }
}

/// Runs `probe` on every block's window. The loop must stay free of calls: a call spills the
/// vector registers.
#[inline(always)]
pub fn for_each_window(
    mut text: &[u8],
    places: &mut [u64],
    probe: impl Fn(&[u8; WINDOW]) -> u64,
) -> u32 {
    let mut blocks = 0;
    for (number, places) in places.iter_mut().enumerate() {
        let Some(window) = text.first_chunk() else { return blocks };
        *places = probe(window);
        blocks |= u32::from(*places != 0) << number;
        text = &text[BLOCK..];
    }
    blocks
}
