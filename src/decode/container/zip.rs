//! Zip archives, and all that is one inside: wheels, jars, Office files, `.keras`,
//! PyTorch's checkpoints.
//!
//! The format: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>. Members that
//! share bytes with others are refused: only a bomb has them
//! (<https://www.bamsoftware.com/hacks/zipbomb/>).

use super::{
    compressed::{Method, unpack},
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, Sink},
};
use std::collections::BTreeMap;

/// Zip archives.
pub struct Zip;

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const END_64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";
/// The end of the directory without its comment, which has up to 65535 bytes.
const END_LEN: usize = 22;
const LOCATOR_LEN: usize = 20;
/// The fixed part of the header before a member's bytes.
const LOCAL_LEN: u64 = 30;

impl Container for Zip {
    fn name(&self) -> &'static str {
        "zip"
    }

    fn claims(&self, head: &[u8]) -> bool {
        head.starts_with(&LOCAL) || head.starts_with(&END)
    }

    fn access(&self) -> Access {
        Access::Random
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn Sink) -> Result<(), ContainerError> {
        let mut archive = Archive { input, taken: BTreeMap::new(), torch: None };
        match directory(input)? {
            Some((start, end, base)) => {
                let mut cursor = Cursor::new(input.content, start, Some(end));
                while cursor.position() < end {
                    let entry = Entry::of_directory(&mut cursor, base)?;
                    archive.entry(entry, sink)?;
                }
                Ok(())
            }
            None => {
                archive.without_directory(sink)?;
                Err(ContainerError::malformed("it has no directory: its end is missing"))
            }
        }
    }
}

/// Where the directory begins and ends, and how many bytes stand before the archive.
fn directory(input: Input<'_>) -> Result<Option<(u64, u64, u64)>, ContainerError> {
    let len = input.len.unwrap_or_default();
    let tail_len = len.min((END_LEN + LOCATOR_LEN + 65535) as u64);
    let tail_start = len - tail_len;
    let tail = Cursor::new(input.content, tail_start, Some(len))
        .vec(usize::try_from(tail_len).unwrap_or_default())?;
    for at in memchr::memmem::rfind_iter(&tail, &END) {
        let Some(record) = tail.get(at..at + END_LEN) else { continue };
        let mut size = u64::from(u32_at(record, 12));
        let mut start = u64::from(u32_at(record, 16));
        let mut end = tail_start + at as u64;
        let locator = at.checked_sub(LOCATOR_LEN).and_then(|from| tail.get(from..at));
        if let Some(locator) = locator.filter(|locator| locator.starts_with(&LOCATOR_64)) {
            let offset = u64_at(locator, 8);
            let mut cursor = Cursor::new(input.content, offset, Some(len));
            if let Ok(record) = cursor.array::<56>()
                && record.starts_with(&END_64)
            {
                (size, start, end) = (u64_at(&record, 40), u64_at(&record, 48), offset);
            }
        }
        // What stands before the archive, such as a program that unpacks it, shifts all.
        if let Some(base) = end.checked_sub(size).and_then(|found| found.checked_sub(start)) {
            return Ok(Some((end - size, end, base)));
        }
    }
    Ok(None)
}

/// What the directory, or the header before a member, says of the member.
struct Entry {
    name: String,
    flags: u16,
    method: u16,
    packed: u64,
    unpacked: u64,
    /// Where its header stands.
    header: u64,
}

impl Entry {
    fn of_directory(cursor: &mut Cursor<'_>, base: u64) -> Result<Self, ContainerError> {
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

    fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0
    }
}

/// The sizes that did not fit into four bytes, in their order.
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

/// An archive at work.
struct Archive<'a> {
    input: Input<'a>,
    /// Stretches that belong to members, by their start.
    taken: BTreeMap<u64, u64>,
    /// The folder of a PyTorch checkpoint: the one with `data.pkl`.
    torch: Option<String>,
}

impl Archive<'_> {
    fn entry(&mut self, entry: Entry, sink: &mut dyn Sink) -> Result<(), ContainerError> {
        if entry.name.ends_with('/') {
            return Ok(());
        }
        match self.give(&entry, sink) {
            Err(error) if error.ends_document() => Err(error),
            Err(error) => {
                sink.left_out(&entry.name, error);
                self.input.budget.entry().map_err(Into::into)
            }
            Ok(()) => Ok(()),
        }
    }

    fn give(&mut self, entry: &Entry, sink: &mut dyn Sink) -> Result<(), ContainerError> {
        let mut cursor = Cursor::new(self.input.content, entry.header, self.input.len);
        let local = cursor.array::<30>()?;
        if !local.starts_with(&LOCAL) {
            return Err(ContainerError::malformed("there is no member where the directory says"));
        }
        let names = u64::from(u16_at(&local, 26)) + u64::from(u16_at(&local, 28));
        let start = entry.header.saturating_add(LOCAL_LEN + names);
        self.take(entry.header, start.saturating_add(entry.packed))?;
        if entry.is_encrypted() {
            return Err(ContainerError::Unsupported("it is encrypted".into()));
        }
        if self.is_tensor(&entry.name) {
            return Ok(());
        }
        let name = entry.name.as_str();
        if entry.method == 0 {
            let len = entry.packed.min(entry.unpacked);
            return sink.member(Member { name, body: Body::Part { start, len } });
        }
        let end = start.saturating_add(entry.packed);
        let packed = Cursor::new(self.input.content, start, Some(end));
        let method = method(entry.method)?;
        let mut bounded = self.input.budget.bounded(packed, |packed| unpack(method, packed))?;
        sink.member(Member { name, body: Body::Stream(&mut bounded) })
    }

    /// Notes that the bytes belong to a member.
    fn take(&mut self, start: u64, end: u64) -> Result<(), ContainerError> {
        let before = self.taken.range(..end).next_back();
        if end > self.input.len.unwrap_or(end) || before.is_some_and(|(_, other)| *other > start) {
            return Err(ContainerError::malformed("its bytes belong to another member as well"));
        }
        self.taken.insert(start, end);
        Ok(())
    }

    /// Whether the member is the numbers of a tensor in a PyTorch checkpoint.
    fn is_tensor(&mut self, name: &str) -> bool {
        if let Some(folder) = name.strip_suffix("/data.pkl") {
            self.torch = Some(folder.to_string());
        }
        let Some(folder) = &self.torch else { return false };
        name.strip_prefix(folder.as_str())
            .and_then(|rest| rest.strip_prefix("/data/"))
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// Reads the members of an archive whose end is missing, by the headers before them.
    fn without_directory(&mut self, sink: &mut dyn Sink) -> Result<(), ContainerError> {
        let mut at = 0;
        loop {
            let mut cursor = Cursor::new(self.input.content, at, self.input.len);
            let Ok(fixed) = cursor.array::<30>() else { return Ok(()) };
            if !fixed.starts_with(&LOCAL) {
                return Ok(());
            }
            let Ok(name) = cursor.vec(usize::from(u16_at(&fixed, 26))) else { return Ok(()) };
            let Ok(extra) = cursor.vec(usize::from(u16_at(&fixed, 28))) else { return Ok(()) };
            let start = cursor.position();
            let mut wide = Wide::of(&extra);
            let unpacked = wide.or_next(u32_at(&fixed, 22));
            let left = self.input.len.unwrap_or(start).saturating_sub(start);
            let mut packed = wide.or_next(u32_at(&fixed, 18)).min(left);
            let flags = u16_at(&fixed, 6);
            let follows = flags & 8 != 0 && packed == 0;
            if follows {
                packed = left;
            }
            let name = String::from_utf8_lossy(&name).into_owned();
            let method = u16_at(&fixed, 8);
            let entry = Entry { name, flags, method, packed, unpacked, header: at };
            self.entry(entry, sink)?;
            if follows {
                // Its length stands after it, and only unpacking would tell where that is.
                return Ok(());
            }
            at = start.saturating_add(packed);
        }
    }
}

fn method(number: u16) -> Result<Method, ContainerError> {
    match number {
        8 => Ok(Method::Deflate),
        12 => Ok(Method::Bzip2),
        93 => Ok(Method::Zstd),
        95 => Ok(Method::Xz),
        other => Err(ContainerError::Unsupported(format!("packed with method {other} of zip"))),
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
