//! Pieces of keywords, shared out to a few buckets by the bytes that they have.

use super::{commonness::per_mille, known::Known};

/// As many bytes of a piece are looked at.
pub const PIECE: usize = 5;
/// Pieces are shared out to as many buckets. With half as many, four times as many places
/// look like a piece that are none; with more, the vectors that tell them need more turns.
pub const BUCKETS: usize = 16;
/// The values of a byte without its highest bit, which is not looked at.
pub const VALUES: usize = 128;

/// What vectors tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Every byte.
    Bytes,
    /// Halves of bytes: every lower half is seen with every upper one.
    Halves,
}

impl Grain {
    /// Values of a byte, a bit for each, with all that cannot be told from them.
    pub(super) fn widen(self, values: u128) -> u128 {
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

/// For each of the first bytes of a piece and each value of such a byte, a bit for each
/// bucket that has a piece with it there.
///
/// A text may hold a piece at a place if some bucket is left by all bytes there. This is
/// Teddy, by G. Langdale for Hyperscan; X. Wang and others, "Hyperscan: a fast
/// multi-pattern regex matcher for modern CPUs", NSDI 2019, tell of its kin.
#[derive(Debug, Clone, PartialEq)]
pub struct Buckets {
    of: Box<[[u16; VALUES]; PIECE]>,
}

impl Buckets {
    /// The table for `pieces`; of those shorter than [`PIECE`] the last byte is any.
    ///
    /// Pieces that look alike share a bucket, so that little else looks like its pieces.
    pub fn new(pieces: &[Vec<u8>], known: &Known, grain: Grain) -> Self {
        let mut of = Box::new([[0; VALUES]; PIECE]);
        for (bit, bucket) in shared_out(pieces, known, grain).iter().enumerate() {
            for (values, table) in bucket.bytes.iter().zip(of.iter_mut()) {
                for (value, buckets) in table.iter_mut().enumerate() {
                    *buckets |= u16::from(values >> value & 1 == 1) << bit;
                }
            }
        }
        Self { of }
    }

    /// The buckets that have a piece with byte number `place` of this value.
    #[inline]
    pub fn of(&self, place: usize, byte: u8) -> u16 {
        self.of[place][usize::from(byte) % VALUES]
    }

    /// Whether a piece may begin with these bytes.
    #[inline]
    pub fn may_begin(&self, bytes: &[u8; PIECE]) -> bool {
        bytes.iter().enumerate().fold(!0, |left, (place, byte)| left & self.of(place, *byte)) != 0
    }
}

/// The pieces in their buckets: where that is known of most, the others join the bucket that
/// they cost the least in.
pub(super) fn shared_out(pieces: &[Vec<u8>], known: &Known, grain: Grain) -> Vec<Bucket> {
    let mut buckets: Vec<Option<Bucket>> = vec![None; BUCKETS];
    let join = |bucket: &mut Option<Bucket>, one: Bucket| {
        *bucket = Some(bucket.take().map_or(one.clone(), |bucket| bucket.with(&one, grain)));
    };
    let mut others = Vec::new();
    for piece in pieces {
        match known.bucket(piece, grain) {
            Some(place) => join(&mut buckets[place], Bucket::of(piece)),
            None => others.push(piece),
        }
    }
    if others.len() > pieces.len() / 2 {
        return joined(pieces, grain);
    }
    for piece in others {
        let one = Bucket::of(piece);
        let cost = |bucket: &Option<Bucket>| {
            bucket.as_ref().map_or(0.0, |bucket| bucket.cost_with(&one, grain))
        };
        let costs = buckets.iter().map(cost).enumerate();
        let cheapest = costs.min_by(|one, other| one.1.total_cmp(&other.1));
        join(&mut buckets[cheapest.map_or(0, |(place, _)| place)], one);
    }
    buckets.into_iter().flatten().collect()
}

/// The pieces in as few buckets as there are.
///
/// Those that begin alike are joined first, a few at a time: to compare each with each takes
/// five times as long, and hardly finds better buckets.
fn joined(pieces: &[Vec<u8>], grain: Grain) -> Vec<Bucket> {
    let mut pieces: Vec<_> = pieces.iter().collect();
    pieces.sort_unstable();
    let some = pieces.chunks(4 * BUCKETS).flat_map(|pieces| {
        cheapest(pieces.iter().map(|piece| Bucket::of(piece)).collect(), BUCKETS, grain)
    });
    cheapest(some.collect(), BUCKETS, grain)
}

/// Joins those buckets that cost the least together until `count` are left.
fn cheapest(mut buckets: Vec<Bucket>, count: usize, grain: Grain) -> Vec<Bucket> {
    // For each bucket, which later one it is best joined with, and at what cost.
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
        // The last one takes the freed place.
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

/// For each byte that is looked at, a bit for each value with which it may be one of a piece.
pub(super) fn values_of(piece: &[u8]) -> [u128; PIECE] {
    std::array::from_fn(|place| {
        piece.get(place).map_or(!0, |byte| 1 << (usize::from(*byte) % VALUES))
    })
}

/// Pieces that share a bit.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    /// For each byte of a piece, a bit for each value that some piece has there.
    bytes: [u128; PIECE],
    /// How likely a byte of a text has one of them.
    chances: [f32; PIECE],
    /// How likely a place of a text looks like one of the pieces.
    chance: f32,
}

impl Bucket {
    fn of(piece: &[u8]) -> Self {
        let bytes = values_of(piece);
        let chances = bytes.map(|values| if values == !0 { 1.0 } else { chance(values) });
        Self { bytes, chances, chance: chances.iter().product() }
    }

    /// Whether the piece is in it, or costs nothing more there.
    #[cfg(test)]
    pub fn covers(&self, piece: &[u8]) -> bool {
        let one = Self::of(piece);
        self.bytes.iter().zip(one.bytes).all(|(all, values)| all & values == values)
    }

    fn chances_with(&self, other: &Self, grain: Grain) -> [f32; PIECE] {
        std::array::from_fn(|place| {
            let (one, two) = (self.bytes[place], other.bytes[place]);
            let more = grain.widen(one | two) & !(one | two);
            self.chances[place] + other.chances[place] - chance(one & two) + chance(more)
        })
    }

    /// How much likelier it is that a place of a text looks like one of both than that it
    /// looks like one of either.
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

/// How likely a byte of a text has one of these values.
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

/// How likely a byte of a text has each value.
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
    use super::*;

    /// The first bytes of `text`, followed by as many as are needed.
    fn begin(text: &[u8], after: u8) -> [u8; PIECE] {
        std::array::from_fn(|place| text.get(place).copied().unwrap_or(after))
    }

    #[test]
    fn a_piece_always_looks_like_one_and_hardly_anything_else_does() {
        let pieces: Vec<Vec<u8>> = (0..60_u32)
            .map(|number| format!("{}{number:04}", (b'a' + number as u8 % 26) as char).into_bytes())
            .chain([b"hf_".to_vec(), b":AA".to_vec(), "ключ".as_bytes()[..4].to_vec()])
            .collect();
        let buckets = Buckets::new(&pieces, &Known::default(), Grain::Bytes);
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
    fn halves_of_bytes_are_seen_in_every_pairing() {
        let bits = |text: &str| text.bytes().fold(0, |bits, byte| bits | 1_u128 << byte);
        assert_eq!(Grain::Halves.widen(bits("a")), bits("a"));
        assert_eq!(Grain::Halves.widen(bits("aR")), bits("abQR"));
        assert_eq!(Grain::Halves.widen(0), 0);
        assert_eq!(Grain::Halves.widen(!0), !0);
    }

    #[test]
    fn a_piece_that_is_not_known_joins_the_others() {
        let known = Known::built_in();
        let pieces = [b"hf_".to_vec(), b"uggin".to_vec(), b"#zq~#".to_vec()];
        for grain in [Grain::Bytes, Grain::Halves] {
            let buckets = Buckets::new(&pieces, known, grain);
            for piece in &pieces {
                assert!(buckets.may_begin(&begin(piece, 0)), "{}", piece.escape_ascii());
            }
            assert!(!buckets.may_begin(&begin(b"retur", 0)));
        }
    }

    #[test]
    fn no_pieces_look_like_nothing() {
        assert!(!Buckets::new(&[], &Known::default(), Grain::Bytes).may_begin(&begin(b"text", 0)));
    }
}
