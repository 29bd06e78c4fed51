//! Reads the index of a pack: the names and offsets of its objects.
//!
//! Source of the format: git, `Documentation/gitformat-pack.adoc`.

use crate::model::ObjectId;

/// The names of a pack's objects and their offsets in the pack.
///
/// `None` if the index is truncated or malformed.
pub fn parse(bytes: &[u8]) -> Option<Vec<(ObjectId, u64)>> {
    if bytes.get(..8)? == b"\xfftOc\0\0\0\x02" {
        second_version(&bytes[8..])
    } else {
        first_version(bytes)
    }
}

fn count(fanout: &[u8]) -> Option<usize> {
    Some(u32::from_be_bytes(fanout.get(1020..1024)?.try_into().ok()?) as usize)
}

fn second_version(bytes: &[u8]) -> Option<Vec<(ObjectId, u64)>> {
    const IS_LARGE: u32 = 1 << 31;
    let count = count(bytes)?;
    let rest = &bytes[1024..];
    let (ids, rest) = rest.split_at_checked(count.checked_mul(20)?)?;
    let (_checksums, rest) = rest.split_at_checked(count.checked_mul(4)?)?;
    let (offsets, large) = rest.split_at_checked(count.checked_mul(4)?)?;
    ids.chunks_exact(20)
        .zip(offsets.chunks_exact(4))
        .map(|(id, offset)| {
            let offset = u32::from_be_bytes(offset.try_into().ok()?);
            let offset = if offset & IS_LARGE == 0 {
                u64::from(offset)
            } else {
                let at = (offset & !IS_LARGE) as usize * 8;
                u64::from_be_bytes(large.get(at..at + 8)?.try_into().ok()?)
            };
            Some((ObjectId::from_bytes(id)?, offset))
        })
        .collect()
}

fn first_version(bytes: &[u8]) -> Option<Vec<(ObjectId, u64)>> {
    let entries = bytes[1024.min(bytes.len())..].get(..count(bytes)?.checked_mul(24)?)?;
    entries
        .chunks_exact(24)
        .map(|entry| {
            let offset = u32::from_be_bytes(entry[..4].try_into().ok()?);
            Some((ObjectId::from_bytes(&entry[4..])?, u64::from(offset)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_is_cut_off_is_refused() {
        let mut bytes = b"\xfftOc\0\0\0\x02".to_vec();
        bytes.extend([0; 1020]);
        bytes.extend(1_u32.to_be_bytes());
        bytes.extend([7; 20]);
        bytes.extend([0; 4]);
        assert_eq!(parse(&bytes), None);
        bytes.extend(12_u32.to_be_bytes());
        assert_eq!(parse(&bytes), Some(vec![(ObjectId([7; 20]), 12)]));
        assert_eq!(parse(b""), None);
    }
}
