//! The size of pieces and buckets, and the precision of vectors.

/// Maximum number of bytes of a piece.
pub const PIECE: usize = 5;
/// Number of buckets that the pieces are divided among. Half as many quadruples the false
/// candidates; more needs another pass of the vectors.
pub const BUCKETS: usize = 16;
/// Number of values of a byte without its highest bit, which is ignored.
pub const VALUES: usize = 128;

/// Number of bits by which a byte is shifted to get its upper half. Vectors look up four bits at a
/// time and seven bits count, so the halves share a bit, which distinguishes more values.
pub const UPPER: i32 = 3;

/// The sets of byte values that the vectors in use can distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Every value of a byte.
    Bytes,
    /// Halves of bytes, the lower four and the upper four of their seven bits: a set of values also
    /// contains every value that combines a lower and an upper half of it.
    Halves,
}

impl Grain {
    /// A set of values, one bit for each, plus those that cannot be distinguished from them.
    pub fn widen(self, values: u128) -> u128 {
        if self == Self::Bytes {
            return values;
        }
        let rows = (0..VALUES / 16).map(|row| values >> (16 * row) & 0xffff);
        let same_lower = rows.fold(0, |all, row| all | row) * (u128::MAX / 0xffff);
        let rows = (0..VALUES).step_by(1 << UPPER).map(|start| ((1 << (1 << UPPER)) - 1) << start);
        let same_upper = rows.filter(|row| values & row != 0).fold(0, |all, row| all | row);
        same_lower & same_upper
    }
}
