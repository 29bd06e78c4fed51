//! The size of pieces and buckets, and the precision of vectors.

/// Maximum number of bytes of a piece.
pub const PIECE: usize = 5;
/// Number of buckets that the pieces are divided among. Half as many quadruples the false
/// candidates; more needs another pass of the vectors.
pub const BUCKETS: usize = 16;
/// Number of values of a byte without its highest bit, which is ignored.
pub const VALUES: usize = 128;

/// The sets of byte values that the vectors in use can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Every value of a byte.
    Bytes,
    /// Halves of bytes: a set of values also contains every combination of its halves.
    Halves,
}

impl Grain {
    /// A set of values, one bit for each, extended by those that cannot be told apart from them.
    pub fn widen(self, values: u128) -> u128 {
        const ROW: u128 = 0xffff;
        if self == Self::Bytes {
            return values;
        }
        let rows = (0..VALUES / 16).map(|upper| values >> (16 * upper) & ROW);
        let lower = rows.clone().fold(0, |lower, row| lower | row);
        let widened = rows.enumerate().filter(|(_, row)| *row != 0);
        widened.fold(0, |all, (upper, _)| all | lower << (16 * upper))
    }
}
