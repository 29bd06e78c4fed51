//! The pieces of keywords, divided among a few buckets by their bytes.

use super::{
    commonness::per_mille,
    grain::{BUCKETS, Grain, PIECE, VALUES},
    packed::Packed,
};

/// For each position in a piece and each value of a byte, one bit for each bucket that has a
/// piece with this byte there. A piece can start at an offset only if some bucket survives the
/// AND over the bytes from there.
#[derive(Debug, Clone, PartialEq)]
pub struct Buckets {
    of: Box<[[u16; VALUES]; PIECE]>,
}

impl Buckets {
    /// The table for `pieces`. In those shorter than [`PIECE`] the last bytes can have any value.
    /// Similar pieces share a bucket, so that few other texts match it.
    pub fn new(pieces: &[Vec<u8>], packed: &Packed, grain: Grain) -> Self {
        let mut of = Box::new([[0; VALUES]; PIECE]);
        for (bit, bucket) in divided(pieces, packed, grain).iter().enumerate() {
            for (values, table) in bucket.bytes.iter().zip(of.iter_mut()) {
                for (value, buckets) in table.iter_mut().enumerate() {
                    *buckets |= u16::from(values >> value & 1 == 1) << bit;
                }
            }
        }
        Self { of }
    }

    /// The buckets that have a piece with this byte at index `place`.
    #[inline]
    pub fn of(&self, place: usize, byte: u8) -> u16 {
        self.of[place][usize::from(byte) % VALUES]
    }

    /// `false` if no piece starts with these bytes.
    #[inline]
    pub fn may_begin(&self, bytes: &[u8; PIECE]) -> bool {
        bytes.iter().enumerate().fold(!0, |left, (place, byte)| left & self.of(place, *byte)) != 0
    }
}

/// The pieces in their buckets. If `packed` has most of them, each of the others joins the bucket
/// in which it costs least.
pub fn divided(pieces: &[Vec<u8>], packed: &Packed, grain: Grain) -> Vec<Bucket> {
    let mut known = [[0; PIECE]; BUCKETS];
    let mut others = Vec::new();
    for piece in pieces {
        match packed.bucket(piece) {
            Some(place) => {
                for (all, one) in known[place].iter_mut().zip(values_of(piece)) {
                    *all |= one;
                }
            }
            None => others.push(piece),
        }
    }
    if others.len() > pieces.len() / 2 {
        return joined(pieces, grain);
    }
    let mut buckets = known.map(|bytes| {
        (bytes != [0; PIECE]).then(|| Bucket::new(bytes.map(|values| grain.widen(values))))
    });
    for piece in others {
        let one = Bucket::of(piece, grain);
        let cost = |bucket: &Option<Bucket>| {
            bucket.as_ref().map_or(0.0, |bucket| bucket.cost_with(&one, grain))
        };
        let costs = buckets.iter().map(cost).enumerate();
        let cheapest = costs.min_by(|one, other| one.1.total_cmp(&other.1));
        let bucket = &mut buckets[cheapest.map_or(0, |(place, _)| place)];
        *bucket = Some(match bucket {
            Some(bucket) => bucket.with(&one, grain),
            None => one,
        });
    }
    buckets.into_iter().flatten().collect()
}

/// Greedily merges the pieces into [`BUCKETS`] buckets. Runs of pieces that start alike are
/// merged first: comparing all pairs takes five times as long for hardly better buckets.
fn joined(pieces: &[Vec<u8>], grain: Grain) -> Vec<Bucket> {
    let mut pieces: Vec<_> = pieces.iter().collect();
    pieces.sort_unstable();
    let some = pieces.chunks(4 * BUCKETS).flat_map(|pieces| {
        cheapest(pieces.iter().map(|piece| Bucket::of(piece, grain)).collect(), BUCKETS, grain)
    });
    cheapest(some.collect(), BUCKETS, grain)
}

/// Merges the two buckets that cost least together until `count` are left.
fn cheapest(mut buckets: Vec<Bucket>, count: usize, grain: Grain) -> Vec<Bucket> {
    // For each bucket, the lowest cost of a merge with a later bucket, and that bucket.
    let best_of = |buckets: &[Bucket], place: usize| {
        let costs = (place + 1..buckets.len())
            .map(|other| (buckets[place].cost_with(&buckets[other], grain), other));
        costs.min_by(|one, other| one.0.total_cmp(&other.0)).unwrap_or((f32::MAX, place))
    };
    let mut best: Vec<_> = (0..buckets.len()).map(|place| best_of(&buckets, place)).collect();
    while buckets.len() > count {
        let costs = best.iter().enumerate();
        let cheapest = costs.min_by(|(_, one), (_, other)| one.0.total_cmp(&other.0));
        let Some((one, &(_, other))) = cheapest else { break };
        buckets[one] = buckets[one].with(&buckets[other], grain);
        // The last bucket moves to the freed index.
        buckets.swap_remove(other);
        best.truncate(buckets.len());
        let last = buckets.len();
        for place in 0..buckets.len() {
            let is_stale = [one, other, last].contains(&best[place].1);
            if is_stale || place == one || place == other {
                best[place] = best_of(&buckets, place);
                continue;
            }
            for changed in [one, other] {
                if changed > place && changed < buckets.len() {
                    let cost = buckets[place].cost_with(&buckets[changed], grain);
                    if cost < best[place].0 {
                        best[place] = (cost, changed);
                    }
                }
            }
        }
    }
    buckets
}

/// For each position in a piece, one bit for each value that the byte there can have.
pub fn values_of(piece: &[u8]) -> [u128; PIECE] {
    std::array::from_fn(|place| {
        piece.get(place).map_or(!0, |byte| 1 << (usize::from(*byte) % VALUES))
    })
}

/// Pieces that share a bit of the table.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// For each position, one bit for each value that some piece has there.
    pub(super) bytes: [u128; PIECE],
    /// The probability that a byte of a text has one of these values, for each position.
    chances: [f32; PIECE],
    /// The probability that the bucket matches at an offset of a text.
    chance: f32,
}

impl Bucket {
    fn of(piece: &[u8], grain: Grain) -> Self {
        Self::new(values_of(piece).map(|values| grain.widen(values)))
    }

    fn new(bytes: [u128; PIECE]) -> Self {
        let chances = bytes.map(chance);
        Self { bytes, chances, chance: chances.iter().product() }
    }

    fn chances_with(&self, other: &Self, grain: Grain) -> [f32; PIECE] {
        std::array::from_fn(|place| {
            let (one, two) = (self.bytes[place], other.bytes[place]);
            let more = grain.widen(one | two) & !(one | two);
            self.chances[place] + other.chances[place] - chance(one & two) + chance(more)
        })
    }

    /// The increase in the probability of a match if both are merged.
    fn cost_with(&self, other: &Self, grain: Grain) -> f32 {
        self.chances_with(other, grain).iter().product::<f32>() - self.chance - other.chance
    }

    fn with(&self, other: &Self, grain: Grain) -> Self {
        let chances = self.chances_with(other, grain);
        let bytes =
            std::array::from_fn(|place| grain.widen(self.bytes[place] | other.bytes[place]));
        Self { bytes, chances, chance: chances.iter().product() }
    }
}

/// The probability that a byte of a text has one of these values.
fn chance(mut values: u128) -> f32 {
    if values == !0 {
        return 1.0;
    }
    let mut sum = 0.0;
    while values != 0 {
        sum += CHANCES[values.trailing_zeros() as usize];
        values &= values - 1;
    }
    sum
}

/// The probability of each value of a byte.
const CHANCES: [f32; VALUES] = {
    let mut chances = [0.0; VALUES];
    let mut value = 0;
    while value < VALUES {
        chances[value] = per_mille(value as u8) / 1000.0;
        value += 1;
    }
    chances
};

#[cfg(test)]
mod tests {
    use super::{super::table, *};

    /// The first bytes of `text`, padded with `after`.
    fn begin(text: &[u8], after: u8) -> [u8; PIECE] {
        std::array::from_fn(|place| text.get(place).copied().unwrap_or(after))
    }

    #[test]
    fn a_piece_always_looks_like_one_and_hardly_anything_else_does() {
        let pieces: Vec<Vec<u8>> = (0..60_u32)
            .map(|number| format!("{}{number:04}", (b'a' + number as u8 % 26) as char).into_bytes())
            .chain([b"hf_".to_vec(), b":AA".to_vec(), "ключ".as_bytes()[..4].to_vec()])
            .collect();
        let buckets = Buckets::new(&pieces, &Packed::default(), Grain::Bytes);
        for piece in &pieces {
            for after in [0, b'x', 255] {
                assert!(buckets.may_begin(&begin(piece, after)), "{}", piece.escape_ascii());
            }
        }
        for word in ["self.", "     ", "retur", "(x, y", "HFST.", ".....", "hf-_x"] {
            assert!(!buckets.may_begin(&begin(word.as_bytes(), 0)), "{word}");
        }
    }

    #[test]
    fn a_piece_that_is_not_packed_joins_the_others() {
        let pieces = [b"hf_".to_vec(), b"uggin".to_vec(), b"#zq~#".to_vec()];
        for grain in Grain::ALL {
            let buckets = Buckets::new(&pieces, table::built_in(grain), grain);
            for piece in &pieces {
                assert!(buckets.may_begin(&begin(piece, 0)), "{}", piece.escape_ascii());
            }
            assert!(!buckets.may_begin(&begin(b"retur", 0)));
        }
    }

    #[test]
    fn no_pieces_look_like_nothing() {
        assert!(!Buckets::new(&[], &Packed::default(), Grain::Bytes).may_begin(&begin(b"text", 0)));
    }
}
