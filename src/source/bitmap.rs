//! Reads compressed bitmaps (EWAH), the format of git for sets of positions in an index.
//!
//! Source of the format: git, `Documentation/gitformat-bitmap.adoc`, "Appendix A".

use std::ops::Range;

/// Maximum number of bits. No index has more entries.
const MAX_BITS: usize = 1 << 28;

/// The positions of the set bits, in ranges in ascending order, and the bytes after the bitmap. A
/// few bytes may set 2^28 bits.
pub fn decode(bytes: &[u8]) -> Option<(Vec<Range<usize>>, &[u8])> {
    let (head, rest) = bytes.split_at_checked(8)?;
    let bits = u32::from_be_bytes(head[..4].try_into().ok()?) as usize;
    let count = u32::from_be_bytes(head[4..].try_into().ok()?) as usize;
    let (words, rest) = rest.split_at_checked(count.checked_mul(8)?)?;
    let (_, rest) = rest.split_at_checked(4)?;
    if bits > MAX_BITS {
        return None;
    }
    let mut words = words
        .chunks_exact(8)
        .map(|word| word.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)));
    let mut set: Vec<Range<usize>> = Vec::new();
    let mut push = |range: Range<usize>| match set.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ => set.push(range),
    };
    let mut at = 0_usize;
    while let Some(marker) = words.next() {
        let run = usize::try_from(marker >> 1 & 0xffff_ffff).ok()?.checked_mul(64)?;
        let end = at.checked_add(run)?;
        if marker & 1 == 1 && at < end.min(bits) {
            push(at..end.min(bits));
        }
        at = end.min(MAX_BITS);
        for _ in 0..marker >> 33 {
            let word = words.next()?;
            let ones = (0..64).filter(|bit| word >> bit & 1 == 1).map(|bit| at + bit);
            ones.for_each(|bit| push(bit..bit + 1));
            at = at.checked_add(64)?;
        }
    }
    Some((set, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bitmap(bits: u32, words: &[u64]) -> Vec<u8> {
        let mut bytes = bits.to_be_bytes().to_vec();
        bytes.extend((words.len() as u32).to_be_bytes());
        bytes.extend(words.iter().flat_map(|word| word.to_be_bytes()));
        bytes.extend([0; 4]);
        bytes
    }

    #[test]
    fn runs_and_single_bits_are_read() {
        // One word of ones, then one literal word.
        let bytes = bitmap(128, &[1 | 1 << 1 | 1 << 33, 0b101]);
        let (set, rest) = decode(&bytes).expect("well-formed");
        assert_eq!(set, [0..65, 66..67]);
        assert!(rest.is_empty());
    }

    #[test]
    fn a_run_of_any_length_is_one_range() {
        let run = (MAX_BITS as u64 / 64) << 1 | 1;
        let (set, _) = decode(&bitmap(MAX_BITS as u32, &[run])).expect("well-formed");
        assert_eq!((set.len(), &set[0]), (1, &(0..MAX_BITS)));
    }

    #[test]
    fn a_bitmap_that_claims_more_than_it_holds_is_refused() {
        assert!(decode(&bitmap(64, &[1 << 33])).is_none());
        assert!(decode(&[0; 7]).is_none());
        assert!(decode(&bitmap(u32::MAX, &[u64::MAX >> 31])).is_none());
    }
}
