//! Builds an object from another object and a delta.
//!
//! Source of the format: git, `Documentation/gitformat-pack.adoc`, "Deltified representation".

use crate::model::Shared;

/// The size in bytes of the object built by `delta`.
pub fn result_size(delta: &[u8]) -> Option<u64> {
    let (_, rest) = size(delta)?;
    Some(size(rest)?.0)
}

/// Builds the object of `delta` and `base` in `result`, and records the stretches that both share
/// in `shared`. `None` if the delta is not valid for `base`.
pub fn apply(base: &[u8], delta: &[u8], result: &mut Vec<u8>, shared: &mut Shared) -> Option<()> {
    let (base_size, rest) = size(delta)?;
    let (result_size, mut rest) = size(rest)?;
    let result_size = usize::try_from(result_size).ok()?;
    if base_size != base.len() as u64 {
        return None;
    }
    result.clear();
    shared.clear(result_size, base.len());
    result.reserve(result_size);
    while let Some((&command, after)) = rest.split_first() {
        rest = after;
        let piece = if command & 0x80 != 0 {
            let offset = number(command, &mut rest)?;
            let length = number((command >> 4 & 7) | 0x80, &mut rest)? & 0x00ff_ffff;
            let length = if length == 0 { 0x10000 } else { length };
            shared.push(result.len(), offset, length);
            base.get(offset..offset.checked_add(length)?)?
        } else {
            // The format reserves 0.
            let (piece, after) = rest.split_at_checked(usize::from(command))?;
            rest = after;
            (!piece.is_empty()).then_some(piece)?
        };
        if result.len() + piece.len() > result_size {
            return None;
        }
        result.extend_from_slice(piece);
    }
    (result.len() == result_size).then_some(())
}

/// A number of up to four bytes. The low bits of `present` mark the stored bytes; the others are
/// zero.
fn number(present: u8, bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0_usize;
    for bit in 0..4 {
        if present >> bit & 1 == 1 && (present & 0x80 != 0) {
            let (&byte, rest) = bytes.split_first()?;
            *bytes = rest;
            value |= usize::from(byte) << (8 * bit);
        }
    }
    Some(value)
}

/// A number at the start of a delta: seven bits per byte, least significant first.
fn size(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(u32::try_from(at * 7).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_and_insertions_make_the_object() {
        // From 5 to 7 bytes: copy 3 from offset 1, insert "xy", copy 2 from offset 0.
        let delta = [5, 7, 0x91, 1, 3, 2, b'x', b'y', 0x90, 2];
        let (mut result, mut shared) = (Vec::new(), Shared::default());
        assert_eq!(apply(b"abcde", &delta, &mut result, &mut shared), Some(()));
        assert_eq!(result, b"bcdxyab");
        assert_eq!(result_size(&delta), Some(7));
    }

    #[test]
    fn what_reaches_beyond_the_base_or_the_result_is_refused() {
        let mut result = Vec::new();
        let apply = |base: &[u8], delta: &[u8], result: &mut Vec<u8>| {
            super::apply(base, delta, result, &mut Shared::default())
        };
        assert_eq!(apply(b"abcde", &[5, 3, 0x91, 4, 3], &mut result), None);
        assert_eq!(apply(b"abcde", &[5, 1, 0x91, 0, 3], &mut result), None);
        assert_eq!(apply(b"abcde", &[4, 1, 1, b'x'], &mut result), None);
        assert_eq!(apply(b"abcde", &[5, 1, 0], &mut result), None);
        assert_eq!(apply(b"abcde", &[5, 1, 9, b'x'], &mut result), None);
        assert_eq!(apply(b"abcde", &[0xff; 30], &mut result), None);
    }
}
