//! The form of [`Buckets`] for vectors that look up tables of 16 entries.

use super::window::TURNS;
use crate::detect::prefilter::{
    buckets::Buckets,
    grain::{CLASS_OF, CLASSES, PIECE, VALUES},
};

/// Entries of a table.
pub const ROW: usize = 16;
/// Tables for the values of a byte.
pub const ROWS: usize = VALUES / ROW;

/// For each group of eight buckets and each position in a piece, the buckets that have a piece
/// with a byte of a [class](CLASS_OF) there.
#[derive(Debug)]
pub struct Classes {
    /// The tables, those of the first [`ROW`] classes first.
    pub of: [[[[u8; ROW]; CLASSES / ROW]; PIECE]; TURNS],
}

impl Classes {
    /// The tables of some buckets.
    pub fn new(buckets: &Buckets) -> Self {
        let mut of = [[[[0; ROW]; CLASSES / ROW]; PIECE]; TURNS];
        for (turn, places) in of.iter_mut().enumerate() {
            for (place, rows) in places.iter_mut().enumerate() {
                for (value, class) in CLASS_OF.into_iter().enumerate() {
                    let buckets = (buckets.of(place, value as u8) >> (8 * turn)) as u8;
                    rows.as_flattened_mut()[usize::from(class)] |= buckets;
                }
            }
        }
        Self { of }
    }
}
