//! Reads the index of a work tree, which may be split, sparse, or have SHA-256 names.
//!
//! libgit2 rejects such an index, and its checks and sorting take too long for a hook. Source of
//! the format: git, `Documentation/gitformat-index.adoc`.

use super::{bitmap, regular};
use crate::model::ObjectId;
use std::{collections::HashMap, ops::Range, path::Path};

/// Maximum size of an index in bytes, enough for about 40 million files.
const MAX_INDEX: u64 = 4 << 30;

/// Total size in bytes that paths may have in any index: version 4 stores only the difference from the
/// path before, and so a few bytes could stand for a path of any length.
const FREE_PATHS: usize = 16 << 20;
/// Additional bytes of paths for each byte of an index.
const PATHS_PER_BYTE: usize = 8;

/// The bits of an entry's mode that hold its kind.
const KIND: u32 = 0o170_000;
/// A regular file.
const REGULAR: u32 = 0o100_000;
/// A folder that a sparse index does not expand.
const FOLDER: u32 = 0o040_000;
/// A submodule.
const SUBMODULE: u32 = 0o160_000;

/// A file of the next commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path.
    pub path: Vec<u8>,
    /// Its mode, as in a tree.
    pub mode: u32,
    /// Its content.
    pub id: ObjectId,
    /// 0, or in an unresolved merge 1 for the base, 2 for ours, 3 for theirs.
    pub stage: u8,
    /// `true` if only its name is recorded: `git add --intent-to-add`.
    pub is_intent: bool,
}

impl Entry {
    /// `true` if it is a regular file.
    pub fn is_regular(&self) -> bool {
        self.mode & KIND == REGULAR
    }

    /// `true` if it is a commit of another repository.
    pub fn is_submodule(&self) -> bool {
        self.mode & KIND == SUBMODULE
    }

    /// `true` if it is a whole folder of a sparse index.
    pub fn is_folder(&self) -> bool {
        self.mode & KIND == FOLDER
    }
}

/// An index.
#[derive(Debug, Default)]
pub struct IndexFile {
    /// Its entries, by path.
    pub entries: Vec<Entry>,
    /// Folders whose entries are equal to a tree: the number of entries, and the tree.
    pub trees: HashMap<Vec<u8>, (usize, ObjectId)>,
}

impl IndexFile {
    /// The index in the file at `path`, whose objects have SHA-1 names; empty if there is no file.
    ///
    /// # Errors
    /// Returns an error if the index cannot be read.
    pub fn read(path: &Path) -> Result<Self, String> {
        Self::with_names_of(path, SHA1_LEN)
    }

    /// The index in the file at `path`, whose objects have names of `name_len` bytes.
    ///
    /// # Errors
    /// Returns an error if the index cannot be read.
    pub fn with_names_of(path: &Path, name_len: usize) -> Result<Self, String> {
        let bytes = match regular::read(path, MAX_INDEX) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(error.to_string()),
        };
        let parsed = parse(&bytes, name_len).ok_or("it is truncated or malformed")?;
        let Some(link) = parsed.link else {
            return Ok(Self { entries: parsed.entries, trees: parsed.trees });
        };
        let shared = path.with_file_name(format!("sharedindex.{}", link.base));
        let base = regular::read(&shared, MAX_INDEX)
            .map_err(|error| format!("{}: {error}", shared.display()))?;
        let base = parse(&base, name_len).ok_or("its shared part is truncated or malformed")?;
        let entries = link.merge(base.entries, parsed.entries);
        Ok(Self { entries, trees: parsed.trees })
    }
}

/// Length in bytes of an object name in repositories that use SHA-1.
pub const SHA1_LEN: usize = 20;
/// Length in bytes of an object name in repositories that use SHA-256.
pub const SHA256_LEN: usize = 32;

/// The content of one file of an index.
struct Parsed {
    entries: Vec<Entry>,
    trees: HashMap<Vec<u8>, (usize, ObjectId)>,
    link: Option<Link>,
}

/// The part of a split index that describes its differences from the shared index.
struct Link {
    /// The name of the shared index, in hexadecimal.
    base: String,
    /// Positions in the shared index.
    deleted: Vec<Range<usize>>,
    replaced: Vec<Range<usize>>,
}

impl Link {
    /// The entries of the shared index, changed by those of the split index.
    fn merge(&self, base: Vec<Entry>, own: Vec<Entry>) -> Vec<Entry> {
        let mut base: Vec<Option<Entry>> = base.into_iter().map(Some).collect();
        let mut own = own.into_iter().peekable();
        for place in self.replaced.iter().cloned().flatten() {
            // An entry without a path takes the path of the entry that it replaces.
            let Some(mut entry) = own.next_if(|entry| entry.path.is_empty()) else { break };
            if let Some(Some(old)) = base.get_mut(place) {
                entry.path = std::mem::take(&mut old.path);
                *old = entry;
            }
        }
        for places in &self.deleted {
            let end = places.end.min(base.len());
            base.get_mut(places.start..end).unwrap_or_default().fill(None);
        }
        let mut entries: Vec<Entry> = base.into_iter().flatten().chain(own).collect();
        entries.sort_by(|a, b| (&a.path, a.stage).cmp(&(&b.path, b.stage)));
        entries
    }
}

/// The remaining bytes, and the length of object names.
struct Reader<'a>(&'a [u8], usize);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn id(&mut self) -> Option<ObjectId> {
        let name = self.take(self.1)?;
        // SHA-256 names are truncated: they do not identify objects here, because such repositories
        // are not read.
        ObjectId::from_bytes(name.get(..SHA1_LEN)?)
    }

    /// The bytes before the next `end`, which is consumed as well.
    fn until(&mut self, end: u8) -> Option<&'a [u8]> {
        let length = memchr::memchr(end, self.0)?;
        let taken = self.take(length)?;
        self.take(1)?;
        Some(taken)
    }

    fn decimal(&mut self, end: u8) -> Option<i64> {
        std::str::from_utf8(self.until(end)?).ok()?.parse().ok()
    }
}

fn parse(bytes: &[u8], name_len: usize) -> Option<Parsed> {
    // The checksum at the end has the length of a name; with `index.skipHash` it is zeros.
    let body = bytes.get(..bytes.len().checked_sub(name_len)?)?;
    let mut reader = Reader(body, name_len);
    if reader.take(4)? != b"DIRC" {
        return None;
    }
    let version = reader.u32()?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let count = reader.u32()? as usize;
    // 62 is the minimum size of an entry; a larger count is invalid.
    let mut entries = Vec::with_capacity(count.min(body.len() / 62));
    let mut path = Vec::new();
    let mut paths = PathBytes::of(body);
    for _ in 0..count {
        entries.push(entry(&mut reader, version, &mut path)?);
        paths.take(&path)?;
    }
    let mut parsed = Parsed { entries, trees: HashMap::new(), link: None };
    while reader.0.len() >= 8 {
        let name = reader.take(4)?;
        let length = reader.u32()? as usize;
        let content = reader.take(length)?;
        match name {
            b"TREE" => parsed.trees = trees(content, name_len).unwrap_or_default(),
            b"link" => parsed.link = link(content, name_len)?,
            // An extension that must not be ignored has a lower-case name; `sdir` only marks the
            // presence of entries for folders.
            _ if name == b"sdir" || name[0].is_ascii_uppercase() => {}
            _ => return None,
        }
    }
    Some(parsed)
}

/// The number of bytes that further paths may have.
struct PathBytes(usize);

impl PathBytes {
    fn of(content: &[u8]) -> Self {
        Self(content.len().saturating_mul(PATHS_PER_BYTE).saturating_add(FREE_PATHS))
    }

    fn take(&mut self, path: &[u8]) -> Option<()> {
        self.0 = self.0.checked_sub(path.len())?;
        Some(())
    }
}

fn entry(reader: &mut Reader<'_>, version: u32, path: &mut Vec<u8>) -> Option<Entry> {
    const EXTENDED: u16 = 0x4000;
    const INTENT: u16 = 0x2000;
    let before = reader.0.len();
    reader.take(24)?;
    let mode = reader.u32()?;
    reader.take(12)?;
    let id = reader.id()?;
    let flags = reader.u16()?;
    let more = if flags & EXTENDED != 0 { reader.u16()? } else { 0 };
    if version == 4 {
        let kept = path.len().checked_sub(varint(reader)?)?;
        path.truncate(kept);
        path.extend_from_slice(reader.until(0)?);
    } else {
        path.clear();
        path.extend_from_slice(reader.until(0)?);
        // Each entry is padded to a multiple of eight bytes with at least one NUL.
        let length = before - reader.0.len();
        reader.take(length.next_multiple_of(8) - length)?;
    }
    let stage = u8::try_from(flags >> 12 & 3).ok()?;
    Some(Entry { path: path.clone(), mode, id, stage, is_intent: more & INTENT != 0 })
}

/// A number in the encoding of version 4 and of offsets in packs: seven bits per byte, most
/// significant first, plus one for each further byte.
fn varint(reader: &mut Reader<'_>) -> Option<usize> {
    let mut byte = reader.take(1)?[0];
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        byte = reader.take(1)?[0];
        value = value.checked_add(1)?.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
    }
    Some(value)
}

/// The folders that are equal to trees.
fn trees(content: &[u8], name_len: usize) -> Option<HashMap<Vec<u8>, (usize, ObjectId)>> {
    let mut reader = Reader(content, name_len);
    let mut trees = HashMap::new();
    // The open folders with subfolders still to read: the length of the path, and the number of
    // subfolders.
    let mut open: Vec<(usize, i64)> = Vec::new();
    let mut path: Vec<u8> = Vec::new();
    let mut paths = PathBytes::of(content);
    while !reader.0.is_empty() {
        while let Some((_, 0)) = open.last() {
            open.pop();
        }
        let name = reader.until(0)?;
        let count = reader.decimal(b' ')?;
        let below = reader.decimal(b'\n')?;
        if let Some((parent, left)) = open.last_mut() {
            *left -= 1;
            path.truncate(*parent);
            path.extend_from_slice(name);
            path.push(b'/');
        }
        if let Ok(count) = usize::try_from(count) {
            paths.take(&path)?;
            trees.insert(path.clone(), (count, reader.id()?));
        }
        open.push((path.len(), below));
    }
    Some(trees)
}

fn link(content: &[u8], name_len: usize) -> Option<Option<Link>> {
    let mut reader = Reader(content, name_len);
    let base = reader.take(name_len)?;
    if base.iter().all(|byte| *byte == 0) {
        return Some(None);
    }
    let base = base.iter().map(|byte| format!("{byte:02x}")).collect();
    let (mut deleted, mut replaced) = (Vec::new(), Vec::new());
    if !reader.0.is_empty() {
        let (first, rest) = bitmap::decode(reader.0)?;
        deleted = first;
        replaced = bitmap::decode(rest)?.0;
    }
    Some(Some(Link { base, deleted, replaced }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An index of version 4 without entries other than these, and with this extension `TREE`.
    fn index(entries: &[(u8, Vec<u8>)], tree: &[u8]) -> Vec<u8> {
        let mut bytes = b"DIRC\0\0\0\x04".to_vec();
        bytes.extend(u32::try_from(entries.len()).expect("it is short").to_be_bytes());
        for (removed, suffix) in entries {
            bytes.extend([0; 24]);
            bytes.extend(REGULAR.to_be_bytes());
            bytes.extend([0; 12 + 20 + 2]);
            bytes.push(*removed);
            bytes.extend(suffix);
            bytes.push(0);
        }
        bytes.extend(b"TREE");
        bytes.extend(u32::try_from(tree.len()).expect("it is short").to_be_bytes());
        bytes.extend(tree);
        bytes.extend([0; 20]);
        bytes
    }

    #[test]
    fn paths_are_read_up_to_a_total_size_in_proportion_to_the_index() {
        let chain = |first: usize, count: usize| {
            let mut entries = vec![(0, vec![b'a'; first])];
            entries.extend((0..count).map(|number| (4, format!("{number:04}").into_bytes())));
            parse(&index(&entries, b""), SHA1_LEN)
        };
        let usual = chain(200, 5_000).expect("paths of usual length");
        assert_eq!(usual.entries.len(), 5_001);
        assert_eq!(usual.entries[7].path, [&[b'a'; 196][..], b"0006"].concat());
        assert!(chain(3_000, 5_000).is_some(), "long paths of 15 MB");
        assert!(chain(100_000, 1_000).is_none(), "paths of 100 MB in an index of 170 kB");
    }

    #[test]
    fn folders_nested_beyond_that_size_are_ignored() {
        let nested = |depth: usize| {
            let folder = [&[b'a'; 100][..], b"\x001 1\n", &[7; 20]].concat();
            parse(&index(&[], &folder.repeat(depth)), SHA1_LEN).expect("an index").trees.len()
        };
        assert_eq!(nested(100), 100);
        assert_eq!(nested(5_000), 0);
    }
}
