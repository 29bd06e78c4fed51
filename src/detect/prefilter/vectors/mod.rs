//! Finds candidates, 64 offsets per step, with the processor's vector instructions.

// Some items are for one processor only; without any of these vectors the enums are empty.
#![cfg_attr(not(target_arch = "x86_64"), allow(unused))]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod classes;
#[cfg(target_arch = "aarch64")]
mod neon;
mod window;

use super::{buckets::Buckets, grain::Grain};
#[cfg(target_arch = "aarch64")]
use archmage::{NeonToken, SimdToken};
#[cfg(target_arch = "x86_64")]
use archmage::{SimdToken, X64V3Token, X64V4xToken};
#[cfg(target_arch = "x86_64")]
use avx512::ManyClasses;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use classes::Classes;
pub use window::{BLOCK, BLOCKS};
use window::{ClassOf, WINDOW};

/// [`Buckets`] in the form that the vectors in use need.
#[derive(Debug)]
pub enum Tables {
    /// For AVX-512 with VBMI.
    #[cfg(target_arch = "x86_64")]
    Avx512(X64V4xToken, Box<ManyClasses>),
    /// For AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2(X64V3Token, Box<Classes>),
    /// For NEON.
    #[cfg(target_arch = "aarch64")]
    Neon(NeonToken, Box<Classes>),
}

/// The vector instructions of the processor.
#[derive(Debug, Clone, Copy)]
pub enum Vectors {
    /// AVX-512 with VBMI.
    #[cfg(target_arch = "x86_64")]
    Avx512(X64V4xToken),
    /// AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2(X64V3Token),
    /// NEON, which every 64-bit Arm processor has.
    #[cfg(target_arch = "aarch64")]
    Neon(NeonToken),
}

impl Vectors {
    /// All kinds that the processor supports, best first.
    pub fn all() -> impl Iterator<Item = Self> {
        let kinds: [Option<Self>; _] = [
            #[cfg(target_arch = "x86_64")]
            X64V4xToken::summon().map(Self::Avx512),
            #[cfg(target_arch = "x86_64")]
            X64V3Token::summon().map(Self::Avx2),
            #[cfg(target_arch = "aarch64")]
            NeonToken::summon().map(Self::Neon),
        ];
        kinds.into_iter().flatten()
    }

    /// The best kind that the processor supports. For tests and measurements `HFSCAN_VECTORS` can
    /// select `avx512`, `avx2` or `neon`; any other value, such as `scalar`, means none.
    pub fn chosen() -> Option<Self> {
        let name = std::env::var_os("HFSCAN_VECTORS");
        Self::all().find(|one| name.as_ref().is_none_or(|name| *name == *one.name()))
    }

    fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => "avx512",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "avx2",
            #[cfg(target_arch = "aarch64")]
            Self::Neon(_) => "neon",
        }
    }

    /// The precision of these vectors.
    pub fn grain(self) -> Grain {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => Grain::Bytes,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => Grain::Classes,
            #[cfg(target_arch = "aarch64")]
            Self::Neon(_) => Grain::Classes,
        }
    }
}

impl Tables {
    /// The tables for some vectors.
    pub fn new(vectors: Vectors, buckets: &Buckets) -> Self {
        match vectors {
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx512(token) => Self::Avx512(token, Box::new(ManyClasses::new(buckets))),
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx2(token) => Self::Avx2(token, Box::new(Classes::new(buckets))),
            #[cfg(target_arch = "aarch64")]
            Vectors::Neon(token) => Self::Neon(token, Box::new(Classes::new(buckets))),
        }
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
        match *self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(token, ref classes) => {
                avx512::scan(token, classes, text, places, class_of)
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(token, ref classes) => avx2::scan(token, classes, text, places, class_of),
            #[cfg(target_arch = "aarch64")]
            Self::Neon(token, ref classes) => neon::scan(token, classes, text, places, class_of),
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

impl Default for Candidates {
    fn default() -> Self {
        Self { bits: [0; BLOCKS], blocks: 0, class_of: [0; BLOCK * (BLOCKS + 1)] }
    }
}

impl Candidates {
    /// The blocks with candidates: the offset of each, and one bit for each byte at which a piece
    /// may start. The last ones may be past the end of the text.
    pub fn blocks(&self) -> impl Iterator<Item = (usize, Bits)> {
        Bits(self.blocks.into()).map(|block| (block * BLOCK, Bits(self.bits[block])))
    }
}

/// The numbers of the bits that are set, in ascending order.
#[derive(Debug, Clone, Copy)]
pub struct Bits(pub u64);

impl Iterator for Bits {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        let lowest = (self.0 != 0).then(|| self.0.trailing_zeros() as usize);
        self.0 &= self.0.wrapping_sub(1);
        lowest
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{grain::PIECE, packed::Packed},
        *,
    };

    fn places(tables: &Tables, text: &[u8]) -> Vec<usize> {
        let mut all = Vec::new();
        let mut candidates = Candidates::default();
        for start in (0..text.len()).step_by(BLOCK * BLOCKS) {
            tables.scan(&text[start..], &mut candidates);
            for (block, places) in candidates.blocks() {
                all.extend(places.map(|place| start + block + place));
            }
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
    fn all_vectors_find_the_candidates_of_the_table() {
        let pieces: Vec<Vec<u8>> =
            (0..90_u32).map(|n| format!("{:03}k{}", n * 7 % 90, n % 10).into_bytes()).collect();
        for vectors in Vectors::all() {
            let buckets = Buckets::new(&pieces, &Packed::default(), vectors.grain());
            let tables = Tables::new(vectors, &buckets);
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
                assert_eq!(places(&tables, &text), expected, "{len} bytes, {vectors:?}");
            }
        }
    }
}
