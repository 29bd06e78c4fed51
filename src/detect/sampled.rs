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
    /// For each hash of a gram, whether some keyword has such a gram.
    known: Box<[u8]>,
    /// For each such hash, in order, the keywords.
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
        Self { known, keywords: grams }
    }

    /// Calls `hit` with the number of a keyword and where it stands, for each place.
    pub fn for_each_hit(&self, text: &[u8], hit: &mut impl FnMut(usize, usize)) {
        if self.keywords.is_empty() {
            return;
        }
        let mut at = 0;
        // One byte more than a batch: the last gram begins in its last three bytes.
        while let Some(block) = text.get(at..at + BLOCK + 1) {
            let mut any = 0;
            for place in 0..BATCH {
                let start = place * STRIDE;
                let bytes = [block[start], block[start + 1], block[start + 2], block[start + 3]];
                any |= self.known[usize::from(hash(bytes))];
            }
            if any != 0 {
                self.check(text, at, at + BLOCK, hit);
            }
            at += BLOCK;
        }
        self.check(text, at, text.len(), hit);
    }

    /// Looks at each place from `from` to `to` for itself.
    fn check(&self, text: &[u8], from: usize, to: usize, hit: &mut impl FnMut(usize, usize)) {
        for at in (from..to).step_by(STRIDE) {
            let Some(gram) = gram(text, at) else { return };
            let hash = hash(gram);
            if self.known[usize::from(hash)] == 0 {
                continue;
            }
            let first = self.keywords.partition_point(|(other, _)| *other < hash);
            for (other, keyword) in &self.keywords[first..] {
                if *other != hash {
                    break;
                }
                if let Some(start) = at.checked_sub(keyword.gram_at)
                    && text[start..].starts_with(&keyword.text)
                {
                    hit(keyword.number, start);
                }
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
