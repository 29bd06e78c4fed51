//! Reads the index of a pack: the names and offsets of its objects.
//!
//! Source of the format: git, `Documentation/gitformat-pack.adoc`.

use crate::{
    model::ObjectId,
    source::{
        document::{LargeContent, ReadAt},
        regular,
    },
};
use std::{io, path::Path};

/// The magic number of the second version, and its number.
const SECOND: &[u8] = b"\xfftOc\0\0\0\x02";
/// Size in bytes of the table of counts by first byte.
const FANOUT: usize = 1024;
/// Number of names that are read at once.
const AT_ONCE: u64 = 512;

/// The index of a pack in its file, in which single objects are looked up.
#[derive(Debug)]
pub struct IndexFile {
    file: LargeContent,
    /// The start of the names, the size in bytes of an entry, and the offset of a name in it.
    names: (u64, u64, usize),
    /// For each first byte, the number of objects up to and including it.
    fanout: Vec<u32>,
}

impl IndexFile {
    /// Opens the index at `path`.
    ///
    /// # Errors
    /// Returns an error if it cannot be read or is not an index.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = regular::open(path)?;
        let len = file.metadata()?.len();
        let file = LargeContent::new(file, len);
        let mut head = [0; SECOND.len() + FANOUT];
        fill(&file, 0, &mut head)?;
        let is_second = head.starts_with(SECOND);
        let fanout = if is_second { &head[SECOND.len()..] } else { &head[..FANOUT] };
        let fanout = fanout.chunks_exact(4).map(number).collect();
        let names = match is_second {
            true => (head.len() as u64, 20, 0),
            false => (FANOUT as u64, 24, 4),
        };
        Ok(Self { file, names, fanout })
    }

    /// The offset of an object in the pack; `None` if the pack does not have it.
    ///
    /// # Errors
    /// Returns an error if the index is cut off or not valid.
    pub fn find(&self, id: ObjectId) -> io::Result<Option<u64>> {
        let (names, size, name_at) = self.names;
        let first = usize::from(id.0[0]);
        let mut from = first.checked_sub(1).map_or(0, |before| self.fanout[before]).into();
        let mut to = u64::from(self.fanout[first]);
        let mut entry = [0; 24];
        while to.saturating_sub(from) > AT_ONCE {
            let middle = u64::midpoint(from, to);
            let entry = &mut entry[..size as usize];
            fill(&self.file, names + middle * size, entry)?;
            if entry[name_at..] <= id.0[..] {
                from = middle;
            } else {
                to = middle;
            }
        }
        let mut entries = vec![0; (to.saturating_sub(from) * size) as usize];
        fill(&self.file, names + from * size, &mut entries)?;
        let mut entries = (from..).zip(entries.chunks_exact(size as usize));
        let Some((at, entry)) = entries.find(|(_, entry)| entry[name_at..] == id.0) else {
            return Ok(None);
        };
        if name_at > 0 {
            return Ok(Some(number(entry).into()));
        }
        let count = u64::from(self.fanout[255]);
        let offsets = names + 24 * count;
        let mut bytes = [0; 8];
        fill(&self.file, offsets + 4 * at, &mut bytes[..4])?;
        let offset = number(&bytes);
        if offset & IS_LARGE == 0 {
            return Ok(Some(offset.into()));
        }
        let large = offsets + 4 * count + 8 * u64::from(offset & !IS_LARGE);
        fill(&self.file, large, &mut bytes)?;
        Ok(Some(u64::from_be_bytes(bytes)))
    }
}

/// Fills a buffer with the bytes at `at`.
fn fill(file: &LargeContent, at: u64, buffer: &mut [u8]) -> io::Result<()> {
    match file.fill_at(at, buffer)? == buffer.len() {
        true => Ok(()),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// The number in the first four bytes.
fn number(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// Marks an offset that is an index into the table of large offsets.
const IS_LARGE: u32 = 1 << 31;

/// The names of a pack's objects and their offsets in the pack.
///
/// `None` if the index is truncated or malformed.
pub fn parse(bytes: &[u8]) -> Option<Vec<(ObjectId, u64)>> {
    if bytes.starts_with(SECOND) {
        second_version(&bytes[SECOND.len()..])
    } else {
        first_version(bytes)
    }
}

fn count(fanout: &[u8]) -> Option<usize> {
    Some(u32::from_be_bytes(fanout.get(1020..1024)?.try_into().ok()?) as usize)
}

fn second_version(bytes: &[u8]) -> Option<Vec<(ObjectId, u64)>> {
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
    fn an_object_is_found_at_the_offset_that_the_whole_index_has() {
        let mut random = fastrand::Rng::with_seed(4);
        let mut ids: Vec<[u8; 20]> = (0..3000).map(|_| [(); 20].map(|()| random.u8(..))).collect();
        // Many of one first byte, so that they are not read at once.
        ids.iter_mut().skip(500).for_each(|id| id[0] = 7);
        ids.sort_unstable();
        let offset =
            |at: usize| if at.is_multiple_of(7) { (9 << 32) + at as u64 } else { at as u64 };
        let count = |first: u8| ids.partition_point(|id| id[0] <= first) as u32;
        let fanout: Vec<u8> = (0..=255).flat_map(|first| count(first).to_be_bytes()).collect();
        let (mut second, mut first) = ([SECOND, &fanout].concat(), fanout.clone());
        second.extend(ids.concat());
        second.extend(vec![0; ids.len() * 4]);
        let mut large = Vec::new();
        for (at, id) in ids.iter().enumerate() {
            let small = u32::try_from(offset(at)).unwrap_or_else(|_| {
                large.extend(offset(at).to_be_bytes());
                IS_LARGE | (large.len() / 8 - 1) as u32
            });
            second.extend(small.to_be_bytes());
            first.extend((at as u32).to_be_bytes());
            first.extend(id);
        }
        second.extend(large);
        let folder = tempfile::tempdir().expect("a folder");
        for (bytes, is_second) in [(second, true), (first, false)] {
            let path = folder.path().join("pack-a.idx");
            std::fs::write(&path, &bytes).expect("it can be written");
            let index = IndexFile::open(&path).expect("it is an index");
            let all = parse(&bytes).expect("it is an index");
            for (at, (id, expected)) in all.into_iter().enumerate() {
                assert_eq!(expected, if is_second { offset(at) } else { at as u64 });
                assert_eq!(index.find(id).expect("it can be read"), Some(expected));
            }
            assert_eq!(index.find(ObjectId([7; 20])).expect("it can be read"), None);
            std::fs::write(&path, &bytes[..1100]).expect("it can be written");
            let index = IndexFile::open(&path).expect("the head is there");
            assert!(index.find(ObjectId([7; 20])).is_err());
        }
    }

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
