//! Long keywords, looked for at every third place of a text.

use super::common_pieces::COMMON;

/// As many bytes of a text are looked at in one place.
const GRAM: usize = 4;
/// The distance of the places.
const STRIDE: usize = 3;
/// As many places are looked at before what they gave is.
const BATCH: usize = 8;
/// Bytes that a batch spans.
const BLOCK: usize = STRIDE * BATCH;
/// Bits of a gram's hash.
const HASH_BITS: u32 = 16;

/// Finds every place where one of many long keywords stands.
///
/// A keyword of at least six bytes holds three grams of four bytes in a row, one of
/// which begins at a multiple of three. So a text is only looked at there, in a table
/// that says whether a gram is one of some keyword; which three grams of a keyword are
/// in the table is chosen so that they are rare. This is the sampling of S. Wu and U.
/// Manber, "A fast algorithm for multi-pattern searching", 1994, with a stride in place
/// of shifts: its cost depends neither on the text nor on how many keywords there are.
#[derive(Debug)]
pub struct Sampled {
    /// For each hash of a gram, whether some keyword has such a gram: a byte each, so that
    /// the table stays in the nearest caches.
    known: Box<[u8]>,
    /// For each hash, where in `keywords` those begin that have such a gram.
    first: Box<[u16]>,
    /// The keywords with the hash of one of their grams, sorted by it.
    keywords: Vec<(u16, Keyword)>,
}

/// A keyword with one of its grams.
#[derive(Debug, Clone)]
struct Keyword {
    number: usize,
    text: Vec<u8>,
    /// Where in it the gram stands.
    gram_at: usize,
}

impl Sampled {
    /// The shortest keyword that can be found so.
    pub const MIN_KEYWORD: usize = GRAM + STRIDE - 1;

    /// A searcher for `keywords`, each with its number; shorter ones than
    /// [`MIN_KEYWORD`](Self::MIN_KEYWORD) are never found.
    pub fn new(keywords: &[(usize, &[u8])]) -> Self {
        let mut known = vec![0; 1 << HASH_BITS].into_boxed_slice();
        let mut grams = Vec::new();
        for (number, text) in keywords {
            let Some(first) = rarest(text) else { continue };
            for gram_at in first..first + STRIDE {
                let Some(gram) = gram(text, gram_at) else { continue };
                known[usize::from(hash(gram))] = 1;
                grams.push((hash(gram), Keyword { number: *number, text: text.to_vec(), gram_at }));
            }
        }
        grams.sort_by_key(|(hash, _)| *hash);
        let mut first = vec![0; 1 << HASH_BITS].into_boxed_slice();
        for (place, (hash, _)) in grams.iter().enumerate().rev() {
            // As many keywords as would not fit no rule files have; they would be slower.
            first[usize::from(*hash)] = u16::try_from(place).unwrap_or(0);
        }
        Self { known, first, keywords: grams }
    }

    /// Calls `hit` with the number of a keyword and where it stands, for each place.
    pub fn for_each_hit(&self, text: &[u8], hit: &mut impl FnMut(usize, usize)) {
        if self.keywords.is_empty() {
            return;
        }
        let mut at = 0;
        // One byte more than a batch: the last gram begins in its last three bytes.
        while let Some(block) = text.get(at..at + BLOCK + 1) {
            let mut seen = 0u32;
            for place in 0..BATCH {
                let start = place * STRIDE;
                let bytes = [block[start], block[start + 1], block[start + 2], block[start + 3]];
                seen |= u32::from(self.known[usize::from(hash(bytes))]) << place;
            }
            while seen != 0 {
                self.compare(text, at + seen.trailing_zeros() as usize * STRIDE, hit);
                seen &= seen - 1;
            }
            at += BLOCK;
        }
        for at in (at..text.len()).step_by(STRIDE) {
            self.compare(text, at, hit);
        }
    }

    /// Compares what stands around `at` with the keywords that have the gram there.
    fn compare(&self, text: &[u8], at: usize, hit: &mut impl FnMut(usize, usize)) {
        let Some(hash) = gram(text, at).map(hash) else { return };
        if self.known[usize::from(hash)] == 0 {
            return;
        }
        let first = usize::from(self.first[usize::from(hash)]);
        let same = self.keywords[first..].iter().skip_while(|(other, _)| *other < hash);
        for (_, keyword) in same.take_while(|(other, _)| *other == hash) {
            if let Some(start) = at.checked_sub(keyword.gram_at)
                && text[start..].starts_with(&keyword.text)
            {
                hit(keyword.number, start);
            }
        }
    }
}

fn gram(text: &[u8], at: usize) -> Option<[u8; GRAM]> {
    text.get(at..)?.first_chunk().copied()
}

/// Multiplicative hashing: D. E. Knuth, "The Art of Computer Programming", volume 3, 6.4.
fn hash(gram: [u8; GRAM]) -> u16 {
    (u32::from_le_bytes(gram).wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)) as u16
}

/// Where the rarest three grams in a row begin; `None` if the text has not as many.
fn rarest(text: &[u8]) -> Option<usize> {
    let last = text.len().checked_sub(Sampled::MIN_KEYWORD)?;
    let frequency = |first: usize| -> u32 {
        let grams = text[first..first + Sampled::MIN_KEYWORD].windows(GRAM);
        grams.map(frequency).sum()
    };
    (0..=last).min_by_key(|first| (frequency(*first), *first))
}

/// How frequent a gram is, by its commonness and that of its letters: the more the more
/// frequent, in no unit.
fn frequency(gram: &[u8]) -> u32 {
    let common = COMMON.as_chunks().0;
    let pieces = gram.windows(3).filter_map(|piece| piece.first_chunk::<3>());
    let known = pieces.filter(|piece| common.binary_search(piece).is_ok()).count() as u32;
    let letters = gram.iter().filter(|byte| byte.is_ascii_lowercase()).count() as u32;
    // A gram of two common pieces is a part of a common word.
    100 * known.pow(3) + letters
}
