//! The form of [`Buckets`] for vectors that look up tables of 16 entries.

use super::window::TURNS;
use crate::detect::prefilter::{
    buckets::Buckets,
    grain::{PIECE, UPPER, VALUES},
};

/// For each group of eight buckets and each position in a piece, the buckets that have a piece
/// whose byte there has this lower, or this upper, half.
#[derive(Debug)]
pub struct Halves {
    /// The tables, those of the lower half first.
    pub of: [[[[u8; 16]; 2]; PIECE]; TURNS],
}

impl Halves {
    /// The tables of some buckets.
    pub fn new(buckets: &Buckets) -> Self {
        let mut of = [[[[0; 16]; 2]; PIECE]; TURNS];
        for (turn, places) in of.iter_mut().enumerate() {
            for (place, [lower, upper]) in places.iter_mut().enumerate() {
                for value in 0..VALUES {
                    let buckets = (buckets.of(place, value as u8) >> (8 * turn)) as u8;
                    lower[value % 16] |= buckets;
                    upper[value >> UPPER] |= buckets;
                }
            }
        }
        Self { of }
    }
}
