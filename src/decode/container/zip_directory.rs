//! The central directory of a zip archive, and the local headers of its members.

use super::{cursor::Cursor, format::ContainerError};
use crate::model::ReadAt;

/// The signature of a local header.
pub const LOCAL: [u8; 4] = *b"PK\x03\x04";
/// The signature of the record that ends the directory.
pub const END: [u8; 4] = *b"PK\x05\x06";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
/// The signature of the sizes that follow a member's data, if they were not known before.
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
const END_64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";
/// The size in bytes of the end record without its comment.
const END_LEN: usize = 22;
const LOCATOR_LEN: usize = 20;
/// Maximum length in bytes of an archive's comment.
const MAX_COMMENT: usize = 65535;
/// Number of bytes at the end of a file that are searched for an end record in a file that does not
/// look like an archive.
const SHORT_TAIL: usize = 512;

/// The position of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directory {
    /// The offset of its first byte.
    pub start: u64,
    /// The offset after its last byte.
    pub end: u64,
    /// The number of bytes before the archive, such as a self-extraction program.
    pub base: u64,
}

/// `true` if the file ends with a zip archive but begins otherwise: a Python zipapp, a
/// self-extracting archive.
pub fn is_at_end(content: &dyn ReadAt, len: u64, head: &[u8]) -> bool {
    if len < END_LEN as u64 {
        return false;
    }
    // At the end of a text only a few bytes are searched, because this test runs on every file.
    let is_text = !head.starts_with(b"#!") && memchr::memchr(0, head).is_none();
    let tail = if is_text { SHORT_TAIL } else { END_LEN + MAX_COMMENT };
    let Ok(Some(directory)) = find_directory(content, len, tail) else { return false };
    let mut mark = [0; 4];
    let count = content.fill_at(directory.start, &mut mark);
    count.is_ok_and(|count| count == 4) && mark == CENTRAL
}

/// The position of an archive's directory, found from the end of the archive.
///
/// # Errors
/// Returns an error if the archive cannot be read.
pub fn directory(content: &dyn ReadAt, len: u64) -> Result<Option<Directory>, ContainerError> {
    find_directory(content, len, END_LEN + LOCATOR_LEN + MAX_COMMENT)
}

fn find_directory(
    content: &dyn ReadAt,
    len: u64,
    tail: usize,
) -> Result<Option<Directory>, ContainerError> {
    let tail_len = len.min(tail as u64);
    let tail_start = len - tail_len;
    let tail = Cursor::new(content, tail_start, Some(len))
        .vec(usize::try_from(tail_len).unwrap_or_default())?;
    // The rarest byte of the signature.
    for at in memchr::memrchr_iter(END[2], &tail) {
        let Some(at) = at.checked_sub(2) else { break };
        let Some(record) = tail.get(at..at + END_LEN) else { continue };
        if !record.starts_with(&END) {
            continue;
        }
        let mut size = u64::from(u32_at(record, 12));
        let mut start = u64::from(u32_at(record, 16));
        let mut end = tail_start + at as u64;
        let locator = at.checked_sub(LOCATOR_LEN).and_then(|from| tail.get(from..at));
        if let Some(locator) = locator.filter(|locator| locator.starts_with(&LOCATOR_64)) {
            // If bytes were prepended to the archive, the record is directly before the locator
            // instead of at the stored offset.
            let before = (end - LOCATOR_LEN as u64).saturating_sub(56);
            for offset in [u64_at(locator, 8), before] {
                let mut cursor = Cursor::new(content, offset, Some(len));
                if let Ok(record) = cursor.array::<56>()
                    && record.starts_with(&END_64)
                {
                    (size, start, end) = (u64_at(&record, 40), u64_at(&record, 48), offset);
                    break;
                }
            }
        }
        if let Some(base) = end.checked_sub(size).and_then(|found| found.checked_sub(start)) {
            return Ok(Some(Directory { start: end - size, end, base }));
        }
    }
    Ok(None)
}

/// Length in bytes of a local header without its name.
const LOCAL_LEN: usize = 30;
/// The newest version of the format, times ten.
const MAX_VERSION: u8 = 63;
/// The flags that no version uses.
const UNUSED_FLAGS: u16 = 0xd780;
/// Maximum length in bytes of the name of a member that no directory lists.
const MAX_NAME: u16 = 4096;

/// The offset from `at` on of the first `PK` from which `N` bytes are accepted; `end` if there is none
/// before it.
fn find<const N: usize>(
    content: &dyn ReadAt,
    at: u64,
    end: u64,
    accepts: impl Fn(&[u8; N]) -> bool,
) -> Result<u64, ContainerError> {
    let first = |bytes: &[u8]| {
        memchr::memmem::find_iter(bytes, b"PK")
            .find(|at| bytes[*at..].first_chunk().is_some_and(&accepts))
    };
    let mut cursor = Cursor::new(content, at, Some(end));
    // The end of the bytes before the current ones, too short to be accepted.
    let mut before: Vec<u8> = Vec::new();
    loop {
        let start = cursor.position();
        let ahead = cursor.ahead()?;
        if ahead.is_empty() {
            return Ok(end);
        }
        let len = before.len() as u64;
        before.extend_from_slice(&ahead[..ahead.len().min(N - 1)]);
        if let Some(found) = first(&before) {
            return Ok(start - len + found as u64);
        }
        if let Some(found) = first(ahead) {
            return Ok(start + found as u64);
        }
        if let Some(last) = ahead.last_chunk::<N>() {
            before = last.to_vec();
        }
        before.drain(..before.len().saturating_sub(N - 1));
        let count = ahead.len() as u64;
        cursor.skip(count);
    }
}

/// The offset of the next local header from `at` on; `end` if there is none before it. Four bytes that
/// only look like its signature are none.
///
/// # Errors
/// Returns an error if the archive cannot be read.
pub fn next_local(content: &dyn ReadAt, at: u64, end: u64) -> Result<u64, ContainerError> {
    find(content, at, end, is_local_header)
}

/// `true` if these bytes are a local header: its version, flags and method exist, and it has a name.
fn is_local_header(fixed: &[u8; LOCAL_LEN]) -> bool {
    let (flags, method) = (u16_at(fixed, 6), u16_at(fixed, 8));
    let has_name = (1..=MAX_NAME).contains(&u16_at(fixed, 26));
    fixed.starts_with(&LOCAL)
        && fixed[4] <= MAX_VERSION
        && flags & UNUSED_FLAGS == 0
        && matches!(method, 0..=20 | 93..=99)
        && has_name
}

/// The offset of the next signature from `at` on that can follow a member's data.
fn end_of_data(content: &dyn ReadAt, at: u64, end: u64) -> Result<u64, ContainerError> {
    find(content, at, end, |four: &[u8; 4]| [DESCRIPTOR, LOCAL, CENTRAL].contains(four))
}

/// A member, as the directory or its local header describes it.
pub struct Entry {
    /// Its name.
    pub name: String,
    /// General purpose bit flags.
    pub flags: u16,
    /// The id of the compression method.
    pub method: u16,
    /// The number of compressed bytes.
    pub packed: u64,
    /// The number of uncompressed bytes.
    pub unpacked: u64,
    /// The offset of the local header.
    pub header: u64,
}

impl Entry {
    /// Reads an entry of the directory.
    ///
    /// # Errors
    /// Returns an error if there is none.
    pub fn of_directory(cursor: &mut Cursor<'_>, base: u64) -> Result<Self, ContainerError> {
        let fixed = cursor.array::<46>()?;
        if !fixed.starts_with(&CENTRAL) {
            return Err(ContainerError::malformed("its directory is not whole"));
        }
        let name = cursor.vec(usize::from(u16_at(&fixed, 28)))?;
        let extra = cursor.vec(usize::from(u16_at(&fixed, 30)))?;
        cursor.skip(u64::from(u16_at(&fixed, 32)));
        let mut wide = Wide::of(&extra);
        let unpacked = wide.or_next(u32_at(&fixed, 24));
        let packed = wide.or_next(u32_at(&fixed, 20));
        let header = wide.or_next(u32_at(&fixed, 42));
        Ok(Self {
            name: String::from_utf8_lossy(&name).into_owned(),
            flags: u16_at(&fixed, 8),
            method: u16_at(&fixed, 10),
            packed,
            unpacked,
            header: header.saturating_add(base),
        })
    }

    /// Reads the local header at `at` of a member that no directory lists. Returns the member and the
    /// offset of its data; `None` if there is no member. At most the bytes before `end` belong to it.
    ///
    /// # Errors
    /// Returns an error if the archive cannot be read.
    pub fn of_local(
        content: &dyn ReadAt,
        at: u64,
        end: u64,
    ) -> Result<Option<(Self, u64)>, ContainerError> {
        let local = Local::read(content, at, end)?;
        let Some(local) = local.filter(|local| is_local_header(&local.fixed)) else {
            return Ok(None);
        };
        let fixed = &local.fixed;
        let mut wide = Wide::of(&local.extra);
        let unpacked = wide.or_next(u32_at(fixed, 22));
        let left = end.saturating_sub(local.data);
        let mut packed = wide.or_next(u32_at(fixed, 18)).min(left);
        let flags = u16_at(fixed, 6);
        if flags & 8 != 0 && packed == 0 {
            // The size follows the data, whose end shows in the next signature.
            packed = end_of_data(content, local.data, end)? - local.data;
        }
        let name = String::from_utf8_lossy(&local.name).into_owned();
        let method = u16_at(fixed, 8);
        let entry = Self { name, flags, method, packed, unpacked, header: at };
        Ok(Some((entry, local.data)))
    }

    /// `true` if the member is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0
    }
}

/// The local header of a member.
pub struct Local {
    fixed: [u8; LOCAL_LEN],
    /// The name, which can differ from the one in the directory.
    pub name: Vec<u8>,
    /// The extra fields, which can differ from those in the directory.
    pub extra: Vec<u8>,
    /// The offset of the first byte of the member.
    pub data: u64,
}

impl Local {
    /// Reads the local header at `at`. Returns `None` if no such header ends before `end`.
    ///
    /// # Errors
    /// Returns an error if the archive cannot be read.
    pub fn read(content: &dyn ReadAt, at: u64, end: u64) -> Result<Option<Self>, ContainerError> {
        let mut cursor = Cursor::new(content, at, Some(end));
        let whole = |error: ContainerError| match error {
            ContainerError::Malformed(_) => Ok(None),
            other => Err(other),
        };
        let fixed = match cursor.array::<LOCAL_LEN>() {
            Ok(fixed) if fixed.starts_with(&LOCAL) => fixed,
            Ok(_) => return Ok(None),
            Err(error) => return whole(error),
        };
        let name = match cursor.vec(usize::from(u16_at(&fixed, 26))) {
            Ok(name) => name,
            Err(error) => return whole(error),
        };
        match cursor.vec(usize::from(u16_at(&fixed, 28))) {
            Ok(extra) => Ok(Some(Self { fixed, name, extra, data: cursor.position() })),
            Err(error) => whole(error),
        }
    }
}

/// The 64-bit sizes that did not fit into four bytes, in order.
struct Wide<'a>(&'a [u8]);

impl<'a> Wide<'a> {
    fn of(mut extra: &'a [u8]) -> Self {
        while extra.len() >= 4 {
            let (kind, length) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
            let (field, rest) = extra[4..].split_at(length.min(extra.len() - 4));
            if kind == 1 {
                return Self(field);
            }
            extra = rest;
        }
        Self(&[])
    }

    fn or_next(&mut self, narrow: u32) -> u64 {
        match self.0.split_first_chunk::<8>() {
            Some((wide, rest)) if narrow == u32::MAX => {
                self.0 = rest;
                u64::from_le_bytes(*wide)
            }
            _ => u64::from(narrow),
        }
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes[at..].first_chunk().map_or(0, |two| u16::from_le_bytes(*two))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..].first_chunk().map_or(0, |four| u32::from_le_bytes(*four))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes[at..].first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight))
}
