//! Places where one of some short pieces may stand, by the halves of their bytes.

use super::commonness::per_mille;
use std::array::from_fn;

/// As many bytes of a piece are looked at.
pub const PIECE: usize = 4;
/// Pieces are shared out to as many buckets: one for each bit of a byte.
const BUCKETS: usize = 8;

/// For each of the first bytes of a piece, what its lower and its upper half say of the
/// buckets that it can belong to. A text may hold a piece at a place if some bucket is
/// left by all halves of the bytes there.
///
/// This is Teddy, by G. Langdale for Hyperscan; X. Wang and others, "Hyperscan: a fast
/// multi-pattern regex matcher for modern CPUs", NSDI 2019, tell of its kin.
#[derive(Debug, Clone, PartialEq)]
pub struct Nibbles {
    /// For each byte of a piece and each lower half, a bit for each bucket.
    pub lower: [[u8; 16]; PIECE],
    /// The same for each upper half.
    pub upper: [[u8; 16]; PIECE],
}

impl Nibbles {
    /// The table for `pieces`; of those shorter than [`PIECE`] the last byte is any.
    ///
    /// Pieces that look alike share a bucket, so that little else looks like its pieces.
    pub fn new(pieces: &[Vec<u8>]) -> Self {
        let chances = Chances::new();
        let mut buckets: Vec<_> = pieces.iter().map(|piece| Bucket::of(piece, &chances)).collect();
        let join_cost = |one: &Bucket, other: &Bucket| {
            one.with(other, &chances).chance - one.chance - other.chance
        };
        // For each bucket, which later one it is best joined with, and at what cost.
        let best_of = |buckets: &[Bucket], place: usize| {
            let costs = (place + 1..buckets.len())
                .map(|other| (join_cost(&buckets[place], &buckets[other]), other));
            costs.min_by(|one, other| one.0.total_cmp(&other.0)).unwrap_or((f32::MAX, place))
        };
        let mut best: Vec<_> = (0..buckets.len()).map(|place| best_of(&buckets, place)).collect();
        while buckets.len() > BUCKETS {
            let costs = best.iter().enumerate();
            let cheapest = costs.min_by(|(_, one), (_, other)| one.0.total_cmp(&other.0));
            let Some((one, &(_, other))) = cheapest else { break };
            buckets[one] = buckets[one].with(&buckets[other], &chances);
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
                        let cost = join_cost(&buckets[place], &buckets[changed]);
                        if cost < best[place].0 {
                            best[place] = (cost, changed);
                        }
                    }
                }
            }
        }
        let table = |halves: fn(&Bucket) -> &[u16; PIECE]| {
            from_fn(|byte| {
                from_fn(|half| {
                    let holds = |bucket: &Bucket| halves(bucket)[byte] >> half & 1 == 1;
                    let bits = buckets.iter().enumerate();
                    bits.map(|(bit, bucket)| u8::from(holds(bucket)) << bit).sum()
                })
            })
        };
        Self { lower: table(|bucket| &bucket.lower), upper: table(|bucket| &bucket.upper) }
    }
}

/// Pieces that share a bit.
#[derive(Debug, Clone)]
struct Bucket {
    /// For each byte of a piece, a bit for each lower half that some piece has there.
    lower: [u16; PIECE],
    upper: [u16; PIECE],
    /// How likely a place of a text looks like one of the pieces.
    chance: f32,
}

impl Bucket {
    fn of(piece: &[u8], chances: &Chances) -> Self {
        let bit = |byte: usize, half: fn(u8) -> u8| piece.get(byte).map_or(!0, |b| 1 << half(*b));
        Self::new(
            from_fn(|byte| bit(byte, |value| value & 15)),
            from_fn(|byte| bit(byte, |value| value >> 4)),
            chances,
        )
    }

    fn with(&self, other: &Self, chances: &Chances) -> Self {
        Self::new(
            from_fn(|byte| self.lower[byte] | other.lower[byte]),
            from_fn(|byte| self.upper[byte] | other.upper[byte]),
            chances,
        )
    }

    fn new(lower: [u16; PIECE], upper: [u16; PIECE], chances: &Chances) -> Self {
        let of = |(lower, upper): (&u16, u16)| chances.chance(*lower, upper);
        let chance = lower.iter().zip(upper).map(of).product();
        Self { lower, upper, chance }
    }
}

/// How likely a byte of a text has one of some lower and one of some upper halves.
struct Chances {
    /// For each upper half, the lower eight or the upper eight of the lower halves, and
    /// which of them count: the chance of such a byte.
    of: Vec<[[f32; 256]; 2]>,
}

impl Chances {
    fn new() -> Self {
        let row = |upper: u8, eight: u8| {
            let mut of = [0.0; 256];
            for mask in 1..256_usize {
                let lower = eight * 8 + mask.trailing_zeros() as u8;
                of[mask] = of[mask & (mask - 1)] + per_mille(upper << 4 | lower) / 1000.0;
            }
            of
        };
        Self { of: (0..16).map(|upper| [row(upper, 0), row(upper, 1)]).collect() }
    }

    fn chance(&self, lower: u16, upper: u16) -> f32 {
        if lower == !0 && upper == !0 {
            return 1.0;
        }
        let [low, high] = lower.to_le_bytes().map(usize::from);
        let rows = self.of.iter().enumerate().filter(|(half, _)| upper >> half & 1 == 1);
        rows.map(|(_, [lows, highs])| lows[low] + highs[high]).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks_like_one(nibbles: &Nibbles, text: &[u8]) -> bool {
        let left = (0..PIECE).map(|byte| {
            let value = usize::from(text[byte]);
            nibbles.lower[byte][value & 15] & nibbles.upper[byte][value >> 4]
        });
        left.fold(!0, |all, one| all & one) != 0
    }

    #[test]
    fn a_piece_always_looks_like_one_and_hardly_anything_else_does() {
        let pieces: Vec<Vec<u8>> = (0..60_u32)
            .map(|number| format!("{}{number:03}", (b'a' + number as u8 % 26) as char).into_bytes())
            .chain([b"hf_".to_vec(), b":AA".to_vec()])
            .collect();
        let nibbles = Nibbles::new(&pieces);
        for piece in &pieces {
            for after in [0, b'x', 255] {
                let mut text = piece.clone();
                text.push(after);
                assert!(looks_like_one(&nibbles, &text), "{}", text.escape_ascii());
            }
        }
        let words: &[&[u8]] = &[b"self", b"    ", b"retu", b"(x, ", b"HFST", b"....", b"hf-_"];
        for word in words {
            assert!(!looks_like_one(&nibbles, word), "{}", word.escape_ascii());
        }
    }

    #[test]
    fn no_pieces_look_like_nothing() {
        assert!(!looks_like_one(&Nibbles::new(&[]), b"text"));
    }
}
