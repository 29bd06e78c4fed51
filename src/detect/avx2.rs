//! Places that look like pieces, 64 at a time, with AVX2.

use super::{
    nibbles::{Nibbles, PIECE},
    sampled::BLOCK,
};
use core::arch::x86_64::__m256i;
use pulp::{NullaryFnOnce, cast, x86::V3};
use std::array::from_fn;

/// Bytes that are looked at for a block: those of a piece that begins at its end too.
pub const WINDOW: usize = BLOCK + PIECE - 1;

/// AVX2 and its kin, if the processor has them.
pub fn vectors() -> Option<V3> {
    V3::try_new()
}

/// Runs `job` compiled for these vectors.
#[inline]
pub fn run<R>(vectors: V3, job: impl FnOnce(V3) -> R) -> R {
    struct Job<F>(V3, F);
    impl<R, F: FnOnce(V3) -> R> NullaryFnOnce for Job<F> {
        type Output = R;
        #[inline(always)]
        fn call(self) -> R {
            (self.1)(self.0)
        }
    }
    vectors.vectorize(Job(vectors, job))
}

/// [`Nibbles`] in registers.
#[derive(Debug, Clone, Copy)]
pub struct Registers {
    lower: [__m256i; PIECE],
    upper: [__m256i; PIECE],
}

impl Registers {
    /// The same table, twice in each register: each half of a register looks up its own.
    #[inline(always)]
    pub fn new(nibbles: &Nibbles) -> Self {
        let twice = |row: &[u8; 16]| cast::<[u8; 32], __m256i>(from_fn(|place| row[place % 16]));
        Self {
            lower: from_fn(|byte| twice(&nibbles.lower[byte])),
            upper: from_fn(|byte| twice(&nibbles.upper[byte])),
        }
    }

    /// The places of a block at which a piece may begin, a bit for each byte.
    #[inline(always)]
    pub fn places(&self, vectors: V3, window: &[u8; WINDOW]) -> u64 {
        let first = self.buckets(vectors, window, 0);
        let second = self.buckets(vectors, window, BLOCK / 2);
        let either = vectors.avx2._mm256_or_si256(first, second);
        if vectors.avx._mm256_testz_si256(either, either) == 1 {
            return 0;
        }
        u64::from(some(vectors, first)) | u64::from(some(vectors, second)) << 32
    }

    /// For each of the 32 bytes from `start` on, the buckets of which a piece may begin there.
    #[inline(always)]
    fn buckets(&self, vectors: V3, window: &[u8; WINDOW], start: usize) -> __m256i {
        let avx2 = vectors.avx2;
        let low_half: __m256i = cast([15_u8; 32]);
        let mut buckets: __m256i = cast([!0_u8; 32]);
        for byte in 0..PIECE {
            let bytes = window[start + byte..].first_chunk::<32>().unwrap_or(&[0; 32]);
            let bytes: __m256i = cast(*bytes);
            let lower = avx2._mm256_and_si256(bytes, low_half);
            let upper = avx2._mm256_and_si256(avx2._mm256_srli_epi16::<4>(bytes), low_half);
            let lower = avx2._mm256_shuffle_epi8(self.lower[byte], lower);
            let upper = avx2._mm256_shuffle_epi8(self.upper[byte], upper);
            buckets = avx2._mm256_and_si256(buckets, avx2._mm256_and_si256(lower, upper));
        }
        buckets
    }
}

/// A bit for each byte that is not zero.
#[inline(always)]
fn some(vectors: V3, bytes: __m256i) -> u32 {
    let zero: __m256i = cast([0_u8; 32]);
    let none = vectors.avx2._mm256_movemask_epi8(vectors.avx2._mm256_cmpeq_epi8(bytes, zero));
    !none.cast_unsigned()
}
