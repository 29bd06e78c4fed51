//! Reads single objects of a pack by name.

use super::{
    delta,
    inflate::Inflater,
    object::{Limited, MAX_IN_MEMORY},
    pack::{Header, MAX_HEADER, header},
    pack_index::IndexFile,
};
use crate::{
    model::{ObjectId, Shared},
    source::{
        document::{LargeContent, ReadAt},
        regular,
    },
};
use sha1::{Digest, Sha1};
use std::{io, path::Path};

/// Maximum number of deltas from an object to its base; git makes at most 4095.
const MAX_CHAIN: usize = 4096;
/// Number of packed bytes that are read at once.
const AT_ONCE: u64 = 64 << 10;

/// A pack with its index.
#[derive(Debug)]
pub struct IndexedPack {
    index: IndexFile,
    file: LargeContent,
}

/// The packed bytes of an entry: where they start, and the size of what they contain.
#[derive(Clone, Copy)]
struct Packed {
    at: u64,
    size: u64,
}

impl IndexedPack {
    /// The pack of the index at `path`.
    ///
    /// # Errors
    /// Returns an error if a file cannot be opened, or if the index is not valid.
    pub fn open(path: &Path) -> io::Result<Self> {
        let index = IndexFile::open(path)?;
        let file = regular::open(&path.with_extension("pack"))?;
        let len = file.metadata()?.len();
        Ok(Self { index, file: LargeContent::new(file, len) })
    }

    /// The object of this name; `None` if the pack does not have it.
    ///
    /// # Errors
    /// Returns an error if it cannot be read as an object of this name.
    pub fn read(
        &self,
        id: ObjectId,
        limit: Option<u64>,
        inflater: &mut Inflater,
    ) -> Result<Option<Limited>, String> {
        let find = |id| self.index.find(id).map_err(|_| "the index of its pack is damaged");
        let Some(mut at) = find(id)? else { return Ok(None) };
        let mut deltas = Vec::new();
        let (kind, base) = loop {
            if deltas.len() > MAX_CHAIN {
                return Err("its deltas have no end".into());
            }
            let mut head = [0; MAX_HEADER];
            let count = self.file.fill_at(at, &mut head).map_err(|error| error.to_string())?;
            let unreadable = "its entry in the pack cannot be read";
            let (header, size, length) = header(&head[..count]).ok_or(unreadable)?;
            let packed = Packed { at: at + length as u64, size };
            at = match header {
                Header::Whole(kind) => break (kind, packed),
                Header::Before(0) => return Err(unreadable.into()),
                Header::Before(distance) => at.checked_sub(distance).ok_or(unreadable)?,
                Header::Named(base) => find(base)?.ok_or("its base is missing")?,
            };
            deltas.push(packed);
        };
        if deltas.is_empty() && limit.is_some_and(|limit| base.size > limit) {
            return Ok(Some(Err(base.size)));
        }
        let mut content = self.unpack(base, inflater)?;
        for (left, packed) in deltas.into_iter().enumerate().rev() {
            let delta = self.unpack(packed, inflater)?;
            let size = delta::result_size(&delta).ok_or("its delta is not valid")?;
            if left == 0 && limit.is_some_and(|limit| size > limit) {
                return Ok(Some(Err(size)));
            }
            if size > MAX_IN_MEMORY {
                return Err("it is too large for a delta".into());
            }
            let mut result = Vec::new();
            delta::apply(&content, &delta, &mut result, &mut Shared::default())
                .ok_or("its delta is not valid")?;
            content = result;
        }
        let digest = Sha1::new_with_prefix(format!("{} {}\0", kind.as_str(), content.len()));
        match digest.chain_update(&content).finalize().as_slice() == id.0 {
            true => Ok(Some(Ok((kind, content)))),
            false => Err("its hash does not match its name".into()),
        }
    }

    fn unpack(&self, packed: Packed, inflater: &mut Inflater) -> Result<Vec<u8>, String> {
        let mut at = packed.at;
        // Most objects are smaller packed than unpacked, so that one piece is enough.
        let length = packed.size.saturating_add(64).min(AT_ONCE) as usize;
        let next = |piece: &mut Vec<u8>| {
            piece.resize(length, 0);
            let count = self.file.fill_at(at, piece)?;
            piece.truncate(count);
            at += count as u64;
            Ok(())
        };
        let mut content = Vec::new();
        inflater.pieces(next, 0, packed.size, &mut content)?;
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::object::Kind, *};
    use std::io::Write;

    /// The header of an entry: its type and the announced size.
    fn head(sort: u8, size: u64) -> Vec<u8> {
        let mut bytes = vec![sort << 4 | (size & 0x0f) as u8];
        let mut rest = size >> 4;
        while rest > 0 {
            *bytes.last_mut().expect("it has a byte") |= 0x80;
            bytes.push((rest & 0x7f) as u8);
            rest >>= 7;
        }
        bytes
    }

    fn entry(head: Vec<u8>, content: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::ZlibEncoder::new(head, flate2::Compression::fast());
        packer.write_all(content).expect("memory");
        packer.finish().expect("memory")
    }

    fn id_of(content: &[u8]) -> ObjectId {
        let digest = Sha1::new_with_prefix(format!("blob {}\0", content.len()));
        ObjectId::from_bytes(&digest.chain_update(content).finalize()).expect("20 bytes")
    }

    /// A pack of these entries in a folder.
    fn pack(folder: &Path, entries: &[(ObjectId, Vec<u8>)]) -> IndexedPack {
        let mut pack = b"PACK\0\0\0\x02\0\0\0\0".to_vec();
        let mut offsets = Vec::new();
        for (id, bytes) in entries {
            offsets.push((*id, pack.len() as u32));
            pack.extend(bytes);
        }
        pack.extend([0; 20]);
        offsets.sort_unstable();
        // An index of the first version.
        let count = |first: u8| offsets.partition_point(|(id, _)| id.0[0] <= first) as u32;
        let mut index: Vec<u8> = (0..=255).flat_map(|first| count(first).to_be_bytes()).collect();
        for (id, offset) in &offsets {
            index.extend(offset.to_be_bytes());
            index.extend(id.0);
        }
        let path = folder.join("pack-a.idx");
        std::fs::write(&path, index).expect("it can be written");
        std::fs::write(path.with_extension("pack"), pack).expect("it can be written");
        IndexedPack::open(&path).expect("it is a pack")
    }

    #[test]
    fn objects_and_chains_of_deltas_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = b"a line of text\n".repeat(9000);
        let (one, two) = ([&text[..], b"1"].concat(), [&text[..], b"2"].concat());
        let (whole, named, before) = (id_of(&text), id_of(&one), id_of(&two));
        let size = |size: usize| {
            let groups = [size & 0x7f | 0x80, size >> 7 & 0x7f | 0x80, size >> 14];
            groups.map(|group| group as u8)
        };
        // Copies the base, without its last byte if it has one of its own, and adds a byte.
        let delta = |base: usize, last: u8| {
            let [a, b, c, _] = (text.len() as u32).to_le_bytes();
            [&size(base)[..], &size(text.len() + 1), &[0xf0, a, b, c, 1, last]].concat()
        };
        let (first, second) = (delta(text.len(), b'1'), delta(one.len(), b'2'));
        let named_entry = entry([head(7, first.len() as u64), whole.0.to_vec()].concat(), &first);
        let distance = named_entry.len() as u8;
        let entries = [
            (whole, entry(head(3, text.len() as u64), &text)),
            (named, named_entry),
            (before, entry([head(6, second.len() as u64), vec![distance]].concat(), &second)),
        ];
        let pack = pack(folder.path(), &entries);
        let read = |id, limit| pack.read(id, limit, &mut Inflater::default());
        for (id, content) in [(whole, &text), (named, &one), (before, &two)] {
            assert_eq!(read(id, None), Ok(Some(Ok((Kind::Blob, content.clone())))));
            assert_eq!(read(id, Some(9)), Ok(Some(Err(content.len() as u64))));
        }
        assert_eq!(read(ObjectId([0; 20]), None), Ok(None));
    }

    #[test]
    fn false_sizes_and_deltas_without_end_are_errors_and_take_no_memory() {
        let folder = tempfile::tempdir().expect("a folder");
        let id = |first: u8| ObjectId([first; 20]);
        let huge = [&[1][..], &[0xff; 8], &[0x7f, 0x90, 1]].concat();
        let entries = [
            (id(1), entry(head(3, 1 << 55), b"short")),
            (id(2), entry([head(7, 5), id(3).0.to_vec()].concat(), b"delta")),
            (id(3), entry([head(7, 5), id(2).0.to_vec()].concat(), b"delta")),
            (id(4), entry([head(7, 5), id(4).0.to_vec()].concat(), b"delta")),
            (id(5), entry([head(6, 5), vec![0]].concat(), b"delta")),
            (id(6), entry(head(3, 1), b"a")),
            (id(7), entry([head(7, huge.len() as u64), id(6).0.to_vec()].concat(), &huge)),
            (id(8), head(3, 5)),
        ];
        let pack = pack(folder.path(), &entries);
        let expected = [
            "its content is corrupt",
            "its deltas have no end",
            "its deltas have no end",
            "its deltas have no end",
            "its entry in the pack cannot be read",
            "its hash does not match its name",
            "it is too large for a delta",
            "its content is corrupt",
        ];
        for (first, message) in (1..).zip(expected) {
            let read = pack.read(id(first), None, &mut Inflater::default());
            assert_eq!(read, Err(message.to_string()), "{first}");
        }
    }
}
