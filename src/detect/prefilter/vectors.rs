//! Finds candidates, 64 offsets per step, with the vectors that the processor has.

use super::{
    buckets::Buckets,
    commonness::per_mille,
    grain::{BUCKETS, Grain, PIECE, VALUES},
};
use archmage::prelude::*;
use std::array::from_fn;

/// Bytes examined per step; the result has one bit per byte.
pub const BLOCK: usize = 64;
/// Blocks examined per call. More would enlarge the buffer, which small texts never fill.
pub const BLOCKS: usize = 16;
/// Bytes read for a block: a piece may start at its last byte.
const WINDOW: usize = BLOCK + PIECE - 1;
/// A vector has one byte per byte of the text, with one bit for each of eight buckets.
const TURNS: usize = BUCKETS / 8;

/// [`Buckets`] in the form that the vectors in use need.
#[derive(Debug)]
pub enum Tables {
    /// AVX-512 with VBMI looks up 64 bytes in a table of 64 or 128 entries.
    Classes(X64V4xToken, Box<Classes>),
    /// AVX2 looks up bytes in tables of 16 entries: for each half of a byte, the buckets that have
    /// a piece with it.
    Halves(X64V3Token, Box<[[[[u8; 16]; 2]; PIECE]; TURNS]>),
}

/// Vectors that the processor has.
#[derive(Debug, Clone, Copy)]
pub enum Vectors {
    /// AVX-512 with VBMI.
    Avx512(X64V4xToken),
    /// AVX2.
    Avx2(X64V3Token),
}

impl Vectors {
    /// All kinds that the processor has, the best first.
    pub fn all() -> impl Iterator<Item = Self> {
        let avx512 = X64V4xToken::summon().map(Self::Avx512);
        avx512.into_iter().chain(X64V3Token::summon().map(Self::Avx2))
    }

    /// The best kind that the processor has. For tests and measurements `HFSCAN_VECTORS` can select
    /// `avx512` or `avx2`; any other value, such as `scalar`, means none.
    pub fn chosen() -> Option<Self> {
        let name = std::env::var_os("HFSCAN_VECTORS");
        Self::all().find(|one| name.as_ref().is_none_or(|name| *name == *one.name()))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Avx512(_) => "avx512",
            Self::Avx2(_) => "avx2",
        }
    }

    /// Their precision.
    pub fn grain(self) -> Grain {
        match self {
            Self::Avx512(_) => Grain::Bytes,
            Self::Avx2(_) => Grain::Halves,
        }
    }
}

/// [`Buckets`] for classes of bytes, few enough for one table of a vector.
#[derive(Debug)]
pub struct Classes {
    /// The class of each value of a byte.
    of: [u8; VALUES],
    /// For each class, the buckets that have a piece with a byte of it.
    table: [[[u8; CLASSES]; PIECE]; TURNS],
}

/// Maximum number of classes.
const CLASSES: usize = 64;

impl Classes {
    /// Values that no bucket tells apart share a class. If there are too many classes, a rare
    /// value joins the most similar one, and both then match the buckets of either.
    fn new(buckets: &Buckets) -> Self {
        let mut values: [u8; VALUES] = from_fn(|value| value as u8);
        values.sort_by(|one, other| per_mille(*other).total_cmp(&per_mille(*one)));
        // For each class its buckets, and its frequency per thousand bytes.
        let mut known: Vec<([u16; PIECE], f32)> = Vec::new();
        let mut of = [0; VALUES];
        for value in values {
            let row: [u16; PIECE] = from_fn(|place| buckets.of(place, value));
            let same = known.iter().position(|(other, _)| *other == row);
            let class = same.unwrap_or_else(|| {
                if known.len() < CLASSES {
                    known.push((row, 0.0));
                    return known.len() - 1;
                }
                // The buckets that each would newly match, weighted by its frequency.
                let cost = |(other, chance): &([u16; PIECE], f32)| {
                    let more = |one: &[u16; PIECE], than: &[u16; PIECE]| {
                        let bits =
                            one.iter().zip(than).map(|(one, than)| (one & !than).count_ones());
                        bits.sum::<u32>() as f32
                    };
                    more(&row, other) * chance + more(other, &row) * per_mille(value)
                };
                let costs = known.iter().map(cost).enumerate();
                costs.min_by(|one, other| one.1.total_cmp(&other.1)).map_or(0, |(class, _)| class)
            });
            of[usize::from(value)] = class as u8;
            let (buckets, chance) = &mut known[class];
            *chance += per_mille(value);
            buckets.iter_mut().zip(row).for_each(|(buckets, row)| *buckets |= row);
        }
        let byte = |class, place, turn| {
            known
                .get(class)
                .map_or(0, |(row, _): &([u16; PIECE], f32)| (row[place] >> (8 * turn)) as u8)
        };
        let table = from_fn(|turn| from_fn(|place| from_fn(|class| byte(class, place, turn))));
        Self { of, table }
    }
}

impl Tables {
    /// The tables for some vectors.
    pub fn new(vectors: Vectors, buckets: &Buckets) -> Self {
        match vectors {
            Vectors::Avx512(token) => Self::Classes(token, Box::new(Classes::new(buckets))),
            Vectors::Avx2(token) => Self::halves(token, buckets),
        }
    }

    fn halves(token: X64V3Token, buckets: &Buckets) -> Self {
        let mut table = Box::new([[[[0; 16]; 2]; PIECE]; TURNS]);
        for (turn, places) in table.iter_mut().enumerate() {
            for (place, [lower, upper]) in places.iter_mut().enumerate() {
                for value in 0..VALUES {
                    let of = (buckets.of(place, value as u8) >> (8 * turn)) as u8;
                    lower[value % 16] |= of;
                    // The highest bit of a byte is ignored.
                    upper[value / 16] |= of;
                    upper[value / 16 + 8] |= of;
                }
            }
        }
        Self::Halves(token, table)
    }

    /// Marks the candidates in the first [`BLOCKS`] blocks of `text`.
    pub fn scan(&self, text: &[u8], candidates: &mut Candidates) {
        let Candidates { bits: places, class_of, blocks } = candidates;
        let whole = ((text.len() + BLOCK).saturating_sub(WINDOW) / BLOCK).min(BLOCKS);
        let (places, rest) = places.split_at_mut(whole);
        *blocks = self.scan_whole(text, places, class_of);
        if rest.is_empty() {
            return;
        }
        // The rest is shorter than two windows.
        let mut last = [0; 2 * WINDOW];
        let left = &text[whole * BLOCK..];
        last[..left.len()].copy_from_slice(left);
        let more = left.len().div_ceil(BLOCK).min(rest.len());
        *blocks |= self.scan_whole(&last, &mut rest[..more], class_of) << whole;
    }

    /// The same for blocks that are followed by the bytes of their last piece. Returns one bit for
    /// each block with a candidate.
    fn scan_whole(&self, text: &[u8], places: &mut [u64], class_of: &mut ClassOf) -> u32 {
        match self {
            Self::Classes(token, classes) => with_avx512(*token, classes, text, places, class_of),
            Self::Halves(token, table) => with_avx2(*token, table, text, places),
        }
    }
}

/// The candidates in some blocks, with a buffer to find them.
#[derive(Debug)]
pub struct Candidates {
    /// For each block, one bit for each byte at which a piece may start.
    bits: [u64; BLOCKS],
    /// One bit for each block with such a byte.
    blocks: u32,
    class_of: ClassOf,
}

/// The class of each byte of the blocks, and of the bytes of the last piece.
type ClassOf = [u8; BLOCK * (BLOCKS + 1)];

impl Default for Candidates {
    fn default() -> Self {
        Self { bits: [0; BLOCKS], blocks: 0, class_of: [0; BLOCK * (BLOCKS + 1)] }
    }
}

impl Candidates {
    /// The offsets at which a piece may start, in order. The last ones may be past the end of the
    /// text.
    pub fn offsets(&self) -> impl Iterator<Item = usize> {
        let mut blocks = self.blocks;
        let (mut start, mut bits) = (0, 0);
        std::iter::from_fn(move || {
            if bits == 0 {
                if blocks == 0 {
                    return None;
                }
                let block = blocks.trailing_zeros() as usize;
                blocks &= blocks - 1;
                (start, bits) = (block * BLOCK, self.bits[block]);
            }
            let place = start + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            Some(place)
        })
    }
}

/// Runs `probe` on every block's window. The loop must stay free of calls: a call spills the
/// vector registers.
#[inline(always)]
fn for_each_window(
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

#[arcane(import_intrinsics)]
fn with_avx512(
    _token: X64V4xToken,
    classes: &Classes,
    text: &[u8],
    places: &mut [u64],
    class_of: &mut ClassOf,
) -> u32 {
    // All classes first: each is read again at every position in a piece.
    let (blocks, rest) = text[..text.len().min(places.len() * BLOCK + PIECE - 1)].as_chunks();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let (low, high) = classes.of.split_at(VALUES / 2);
    let low = _mm512_loadu_si512(low.first_chunk::<BLOCK>().expect("half of the values"));
    let high = _mm512_loadu_si512(high.first_chunk::<BLOCK>().expect("half of the values"));
    let class_blocks = class_of.as_chunks_mut::<BLOCK>().0.iter_mut();
    for (class_of, bytes) in class_blocks.zip(blocks.iter().chain([&last])) {
        let bytes = _mm512_loadu_si512::<[u8; BLOCK]>(bytes);
        _mm512_storeu_si512(class_of, _mm512_permutex2var_epi8(low, bytes, high));
    }
    let table: [[__m512i; PIECE]; TURNS] =
        from_fn(|turn| from_fn(|place| _mm512_loadu_si512(&classes.table[turn][place])));
    for_each_window(class_of, places, |window| {
        let class_of: [__m512i; PIECE] = from_fn(|place| {
            let class_of: &[u8; BLOCK] = window[place..].first_chunk().expect("a window has them");
            _mm512_loadu_si512(class_of)
        });
        let mut some = _mm512_setzero_si512();
        for table in &table {
            let mut buckets = _mm512_set1_epi8(!0);
            for (table, class_of) in table.iter().zip(class_of) {
                buckets = _mm512_and_si512(buckets, _mm512_permutexvar_epi8(class_of, *table));
            }
            some = _mm512_or_si512(some, buckets);
        }
        _mm512_test_epi8_mask(some, some)
    })
}

#[arcane(import_intrinsics)]
fn with_avx2(
    _token: X64V3Token,
    table: &[[[[u8; 16]; 2]; PIECE]; TURNS],
    text: &[u8],
    places: &mut [u64],
) -> u32 {
    // Each half of a register has a table of its own.
    let twice = |row: &[u8; 16]| _mm256_broadcastsi128_si256(_mm_loadu_si128(row));
    let table: [[[__m256i; 2]; PIECE]; TURNS] =
        from_fn(|turn| from_fn(|place| from_fn(|half| twice(&table[turn][place][half]))));
    let low_half = _mm256_set1_epi8(15);
    let half_of = |window: &[u8; WINDOW], start: usize| {
        let mut some = _mm256_setzero_si256();
        let halves: [[__m256i; 2]; PIECE] = from_fn(|place| {
            let bytes: &[u8; 32] =
                window[start + place..].first_chunk().expect("a window has them");
            let bytes = _mm256_loadu_si256(bytes);
            let upper = _mm256_srli_epi16::<4>(bytes);
            [_mm256_and_si256(bytes, low_half), _mm256_and_si256(upper, low_half)]
        });
        for tables in &table {
            let mut buckets = _mm256_set1_epi8(!0);
            for ([lows, highs], [lower, upper]) in tables.iter().zip(halves) {
                let of_lower = _mm256_shuffle_epi8(*lows, lower);
                let of_upper = _mm256_shuffle_epi8(*highs, upper);
                buckets = _mm256_and_si256(buckets, _mm256_and_si256(of_lower, of_upper));
            }
            some = _mm256_or_si256(some, buckets);
        }
        let none = _mm256_movemask_epi8(_mm256_cmpeq_epi8(some, _mm256_setzero_si256()));
        u64::from(!none.cast_unsigned())
    };
    for_each_window(text, places, |window| {
        half_of(window, 0) | half_of(window, BLOCK / 2) << (BLOCK / 2)
    })
}

#[cfg(test)]
mod tests {
    use super::{super::packed::Packed, *};

    fn places(tables: &Tables, text: &[u8]) -> Vec<usize> {
        let mut all = Vec::new();
        let mut candidates = Candidates::default();
        for start in (0..text.len()).step_by(BLOCK * BLOCKS) {
            tables.scan(&text[start..], &mut candidates);
            all.extend(candidates.offsets().map(|place| start + place));
        }
        all.retain(|at| *at < text.len());
        all
    }

    #[test]
    fn every_offset_is_a_candidate_where_all_match_a_piece() {
        for vectors in Vectors::all() {
            let pieces = [b"aaaaa".to_vec()];
            let buckets = Buckets::new(&pieces, &Packed::default(), vectors.grain());
            let tables = Tables::new(vectors, &buckets);
            for len in [5, 64, 1000, BLOCK * BLOCKS, BLOCK * BLOCKS + 3, 5000] {
                let expected: Vec<usize> = (0..=len - PIECE).collect();
                assert_eq!(places(&tables, &vec![b'a'; len]), expected, "{len} {vectors:?}");
            }
        }
    }

    #[test]
    fn all_vectors_find_every_candidate_of_the_table() {
        let pieces: Vec<Vec<u8>> =
            (0..90_u32).map(|n| format!("{:03}k{}", n * 7 % 90, n % 10).into_bytes()).collect();
        let buckets = Buckets::new(&pieces, &Packed::default(), Grain::Bytes);
        let mut random = fastrand::Rng::with_seed(7);
        for len in (0..200).chain([1000, 4096, 5000]) {
            let text: Vec<u8> =
                (0..len).map(|_| random.choice(*b"0123456789k\xf2").unwrap_or(b'k')).collect();
            let mut filled = text.clone();
            filled.resize(len + PIECE, 0);
            let may_begin = |at: &usize| {
                filled[*at..].first_chunk().is_some_and(|bytes| buckets.may_begin(bytes))
            };
            let expected: Vec<usize> = (0..len).filter(may_begin).collect();
            for vectors in Vectors::all() {
                let found = places(&Tables::new(vectors, &buckets), &text);
                match vectors {
                    Vectors::Avx512(_) => assert_eq!(found, expected, "{len} bytes"),
                    // By their halves, more values match than those of the table.
                    Vectors::Avx2(_) => {
                        let has = |at: &usize| found.binary_search(at).is_ok();
                        assert!(expected.iter().all(has), "{len} bytes");
                    }
                }
            }
        }
    }
}
