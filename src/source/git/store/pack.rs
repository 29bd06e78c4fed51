//! A pack: the positions of its entries, and the bases of deltas.
//!
//! Source of the format: git, `Documentation/gitformat-pack.adoc`.

use super::{
    object::{Kind, Loss},
    pack_index,
    table::{NONE, Table},
};
use crate::{
    model::ObjectId,
    source::{
        document::{LargeContent, ReadAt},
        regular,
    },
};
use std::path::Path;

/// Maximum size in bytes of an index: more than 60 million objects.
const MAX_INDEX: u64 = 2 << 30;
/// Size in bytes of the checksum at the end of a pack.
const TRAILER: u64 = 20;
/// Maximum size in bytes of an entry's header, which holds its size and the name of its base.
pub const MAX_HEADER: usize = 40;
/// Size in bytes of the blocks from which headers are read, because entries follow each other.
const BLOCK: usize = 256 << 10;

/// An object in a pack.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The offset of its header.
    pub offset: u64,
    /// Size in bytes of the unpacked data: of the object, or of the delta.
    pub size: u64,
    /// The index of the object in the table.
    pub object: u32,
    /// The entry of its base; [`NONE`] if it is not a delta.
    pub base: u32,
    /// Size in bytes of the header.
    pub header: u8,
    /// `true` if no earlier pack has the object.
    pub is_owned: bool,
}

/// A pack.
#[derive(Debug)]
pub struct Pack {
    file: LargeContent,
    /// Its entries, by offset.
    pub entries: Vec<Entry>,
    /// For each entry, the start in `made` of the entries built from it.
    starts: Vec<u32>,
    made: Vec<u32>,
    /// Entries that are not deltas.
    pub roots: Vec<(Kind, u32)>,
    /// Number of owned objects built from each entry, itself included.
    pub weights: Vec<u32>,
}

/// The kind of entry in a header, with its base.
pub enum Header {
    /// An object of this kind.
    Whole(Kind),
    /// A delta; the base begins this number of bytes before the entry.
    Before(u64),
    /// A delta; the base has this name.
    Named(ObjectId),
}

impl Pack {
    /// The pack of the index at `path`, without its entries, and the names and offsets of its
    /// objects.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read or is not valid.
    pub fn open(path: &Path) -> Result<(Self, Vec<(ObjectId, u64)>), String> {
        let index = regular::read(path, MAX_INDEX).map_err(|error| error.to_string())?;
        let mut ids = pack_index::parse(&index).ok_or("the index is truncated or malformed")?;
        drop(index);
        if ids.len() >= NONE as usize {
            return Err("it has too many objects".into());
        }
        ids.sort_unstable_by_key(|(_, offset)| *offset);
        let file =
            regular::open(&path.with_extension("pack")).map_err(|error| error.to_string())?;
        let len = file.metadata().map_err(|error| error.to_string())?.len();
        let file = LargeContent::new(file, len);
        let mut head = [0; 8];
        let count = file.fill_at(0, &mut head).map_err(|error| error.to_string())?;
        if count < 8 || &head[..4] != b"PACK" || !matches!(head[7], 2 | 3) {
            return Err("the pack is truncated or malformed".into());
        }
        let pack = Self {
            file,
            entries: Vec::new(),
            starts: Vec::new(),
            made: Vec::new(),
            roots: Vec::new(),
            weights: Vec::new(),
        };
        Ok((pack, ids))
    }

    /// Reads the header of every entry. `owned` marks the objects that earlier packs have.
    pub fn with_entries(
        mut self,
        ids: Vec<(ObjectId, u64)>,
        table: &Table,
        owned: &mut [bool],
        threads: usize,
        losses: &mut Vec<Loss>,
    ) -> Self {
        let share = ids.len().div_ceil(threads.max(1)).max(1);
        let headers: Vec<(Entry, Option<Header>)> = std::thread::scope(|scope| {
            let parts: Vec<_> =
                ids.chunks(share).map(|part| scope.spawn(|| self.headers(part, table))).collect();
            let join = |part: std::thread::ScopedJoinHandle<'_, Vec<_>>| {
                part.join().unwrap_or_else(|_| {
                    let detail = "a thread failed: please report this as a bug".to_string();
                    losses.push(Loss { name: "pack".into(), detail });
                    Vec::new()
                })
            };
            parts.into_iter().flat_map(join).collect()
        });
        self.entries = headers.iter().map(|(entry, _)| *entry).collect();
        let place_of = |object: u32, by_object: &[(u32, u32)]| {
            let found = by_object.binary_search_by_key(&object, |(object, _)| *object).ok()?;
            Some(by_object[found].1)
        };
        let mut by_object: Vec<(u32, u32)> = Vec::new();
        if headers.iter().any(|(_, header)| matches!(header, Some(Header::Named(_)))) {
            by_object =
                (0_u32..).zip(&self.entries).map(|(at, entry)| (entry.object, at)).collect();
            by_object.sort_unstable();
        }
        for (number, (_, header)) in (0_u32..).zip(headers) {
            let entry = self.entries[number as usize];
            let base = match header {
                Some(Header::Whole(kind)) => {
                    self.roots.push((kind, number));
                    Some(NONE)
                }
                Some(Header::Before(distance)) => entry
                    .offset
                    .checked_sub(distance)
                    .and_then(|at| self.entries.binary_search_by_key(&at, |one| one.offset).ok())
                    .and_then(|place| u32::try_from(place).ok())
                    .filter(|place| *place < number),
                Some(Header::Named(id)) => table
                    .find(&id)
                    .and_then(|object| place_of(object, &by_object))
                    .filter(|place| *place != number),
                None => None,
            };
            match base {
                Some(base) => self.entries[number as usize].base = base,
                None => losses.push(Loss {
                    name: table.id(entry.object).to_string(),
                    detail: "its entry in the pack cannot be read".into(),
                }),
            }
            if let Some(slot) = owned.get_mut(entry.object as usize) {
                self.entries[number as usize].is_owned =
                    base.is_some() && !std::mem::replace(slot, base.is_some() || *slot);
            }
        }
        self.link();
        self.weigh(table, losses);
        self
    }

    /// The headers of consecutive entries.
    fn headers(&self, ids: &[(ObjectId, u64)], table: &Table) -> Vec<(Entry, Option<Header>)> {
        let mut block = vec![0; BLOCK];
        let (mut start, mut count) = (0_u64, 0_usize);
        ids.iter()
            .map(|(id, offset)| {
                let inside = |count: usize| {
                    let at = usize::try_from(offset.checked_sub(start)?).ok()?;
                    (at + MAX_HEADER <= count).then_some(at)
                };
                let at = inside(count).unwrap_or_else(|| {
                    start = *offset;
                    count = self.file.fill_at(start, &mut block).unwrap_or(0);
                    0
                });
                let end = count.min(at + MAX_HEADER);
                let header = header(block.get(at..end).unwrap_or_default());
                let (size, length) = header.as_ref().map_or((0, 0), |one| (one.1, one.2));
                let entry = Entry {
                    offset: *offset,
                    size,
                    object: table.find(id).unwrap_or(NONE),
                    base: NONE,
                    header: u8::try_from(length).unwrap_or(u8::MAX),
                    is_owned: false,
                };
                (entry, header.map(|(header, ..)| header))
            })
            .collect()
    }

    /// Records for each entry the entries that are built from it.
    fn link(&mut self) {
        let mut starts = vec![0_u32; self.entries.len() + 1];
        for base in self.entries.iter().map(|entry| entry.base).filter(|base| *base != NONE) {
            starts[base as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut made = vec![0; starts.last().copied().unwrap_or(0) as usize];
        for (number, entry) in (0_u32..).zip(&self.entries) {
            if entry.base != NONE {
                let slot = &mut next[entry.base as usize];
                made[*slot as usize] = number;
                *slot += 1;
            }
        }
        (self.starts, self.made) = (starts, made);
    }

    /// Counts the objects built from each entry. Entries in a cycle of deltas, which no whole entry
    /// leads to, are recorded as losses.
    fn weigh(&mut self, table: &Table, losses: &mut Vec<Loss>) {
        let mut order: Vec<u32> = self.roots.iter().map(|(_, root)| *root).collect();
        let mut at = 0;
        while let Some(entry) = order.get(at).copied() {
            order.extend(self.made_from(entry));
            at += 1;
        }
        let mut weights: Vec<u32> =
            self.entries.iter().map(|entry| u32::from(entry.is_owned)).collect();
        let mut reached = vec![false; self.entries.len()];
        for entry in order.iter().rev() {
            reached[*entry as usize] = true;
            let base = self.entries[*entry as usize].base;
            if base != NONE {
                weights[base as usize] += weights[*entry as usize];
            }
        }
        self.weights = weights;
        for (entry, _) in self.entries.iter().zip(reached).filter(|(_, reached)| !reached) {
            if entry.is_owned {
                losses.push(Loss {
                    name: table.id(entry.object).to_string(),
                    detail: "its base cannot be read".into(),
                });
            }
        }
    }

    /// The entries built from this one.
    pub fn made_from(&self, entry: u32) -> impl ExactSizeIterator<Item = u32> + '_ {
        let (start, end) = (self.starts[entry as usize], self.starts[entry as usize + 1]);
        self.made[start as usize..end as usize].iter().copied()
    }

    /// The offset of the packed bytes of an entry, and their maximum number.
    pub fn extent(&self, entry: u32) -> (u64, u64) {
        let one = &self.entries[entry as usize];
        let start = one.offset + u64::from(one.header);
        let next = self.entries.get(entry as usize + 1).map(|next| next.offset);
        let end = next.unwrap_or(self.file.len.saturating_sub(TRAILER)).min(self.file.len);
        (start, end.saturating_sub(start))
    }

    /// Reads packed bytes into a reused buffer, or fewer than requested at the end.
    ///
    /// # Errors
    /// Returns the errors of the system.
    pub fn read<'b>(
        &self,
        offset: u64,
        length: usize,
        buffer: &'b mut Vec<u8>,
    ) -> std::io::Result<&'b [u8]> {
        if buffer.len() < length {
            buffer.resize(length, 0);
        }
        let count = self.file.fill_at(offset, &mut buffer[..length])?;
        Ok(&buffer[..count])
    }
}

/// The content of a header, the unpacked size, and the length of the header.
pub fn header(bytes: &[u8]) -> Option<(Header, u64, usize)> {
    let mut at = 0;
    let mut byte = *bytes.first()?;
    let sort = byte >> 4 & 7;
    let mut size = u64::from(byte & 0x0f);
    let mut shift = 4_u32;
    while byte & 0x80 != 0 {
        at += 1;
        byte = *bytes.get(at)?;
        size |= u64::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
    }
    at += 1;
    let header = match sort {
        1 => Header::Whole(Kind::Commit),
        2 => Header::Whole(Kind::Tree),
        3 => Header::Whole(Kind::Blob),
        4 => Header::Whole(Kind::Tag),
        6 => {
            let mut byte = *bytes.get(at)?;
            let mut distance = u64::from(byte & 0x7f);
            while byte & 0x80 != 0 {
                at += 1;
                byte = *bytes.get(at)?;
                distance = distance.checked_add(1)?.checked_mul(128)? | u64::from(byte & 0x7f);
            }
            at += 1;
            Header::Before(distance)
        }
        7 => {
            let id = ObjectId::from_bytes(bytes.get(at..at + 20)?)?;
            at += 20;
            Header::Named(id)
        }
        _ => return None,
    };
    Some((header, size, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_with_their_sizes_and_bases() {
        let whole = header(&[0x80 | 3 << 4 | 5, 1]).expect("a blob of 21 bytes");
        assert!(matches!(whole, (Header::Whole(Kind::Blob), 21, 2)));
        let before = header(&[6 << 4 | 2, 0x80, 0x00]).expect("made from 128 bytes before");
        assert!(matches!(before, (Header::Before(128), 2, 3)));
        assert!(header(&[0x00]).is_none() && header(&[]).is_none());
        assert!(header(&[0xff; 40]).is_none(), "a size without end");
        assert!(header(&[7 << 4, 1, 2]).is_none(), "a name that is cut off");
    }
}
