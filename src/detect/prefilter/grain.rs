//! The size of pieces and buckets, and the precision of vectors.

/// Maximum number of bytes of a piece.
pub const PIECE: usize = 5;
/// Number of buckets that the pieces are divided among. Half as many quadruples the false
/// candidates; more needs another pass of the vectors.
pub const BUCKETS: usize = 16;
/// Number of values of a byte without its highest bit, which is ignored.
pub const VALUES: usize = 128;

/// Number of classes of bytes that vectors of 16 or 32 bytes can look up.
pub const CLASSES: usize = 32;

/// The sets of byte values that the vectors in use can distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Every value of a byte.
    Bytes,
    /// [Classes](CLASS_OF) of bytes.
    Classes,
}

impl Grain {
    /// A set of values, one bit for each, plus those that cannot be distinguished from them.
    pub fn widen(self, values: u128) -> u128 {
        if self == Self::Bytes {
            return values;
        }
        let members = MEMBERS.iter().filter(|members| values & *members != 0);
        members.fold(0, |all, members| all | members)
    }
}

/// The class of each value of a byte. The classes were chosen so that few other texts match the
/// pieces (`partition.rs`).
pub const CLASS_OF: [u8; VALUES] = include!("classes.in");

/// The values of each class.
const MEMBERS: [u128; CLASSES] = {
    let mut members = [0; CLASSES];
    let mut value = 0;
    while value < VALUES {
        members[CLASS_OF[value] as usize] |= 1 << value;
        value += 1;
    }
    members
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_class_are_not_distinguished() {
        for (value, class) in CLASS_OF.iter().enumerate() {
            let same = |other: &usize| CLASS_OF[*other] == *class;
            let expected = (0..VALUES).filter(same).fold(0, |all, other| all | 1 << other);
            assert_eq!(Grain::Classes.widen(1 << value), expected, "{value}");
            assert_eq!(Grain::Bytes.widen(1 << value), 1 << value);
        }
        assert_eq!(Grain::Classes.widen(0), 0);
        assert_eq!(Grain::Classes.widen(!0), !0);
    }
}
