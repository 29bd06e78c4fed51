//! Zip archives and the formats based on them: wheels, jars, Office files, `.keras`, PyTorch's
//! checkpoints.
//!
//! The format: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>. Members that share
//! bytes are rejected, because only zip bombs have them
//! (<https://www.bamsoftware.com/hacks/zipbomb/>). Bytes that belong to no member (a program before
//! the archive, comments, extra fields, gaps, members that the directory does not list) are scanned
//! as well.

use super::{
    compressed::{Method, unpack_within},
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    strings::Strings,
    zip_directory::{self, END, Entry, LOCAL, Local},
};
use std::collections::BTreeMap;

/// Zip archives.
pub struct Zip;

/// Minimum length in bytes of a gap that can hold a secret: a data descriptor has up to 24 bytes.
const MIN_GAP: u64 = 25;
/// Maximum length in bytes of a gap that is read into memory; a longer one is scanned in windows.
const MAX_GAP: u64 = 64 << 10;
/// Minimum length in bytes of extra fields that can hold a secret; shorter ones hold times and
/// owners.
const MIN_EXTRA: usize = 40;

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

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let len = input.len.unwrap_or_default();
        let texts = Strings::default();
        let mut archive = Archive { input, len, taken: BTreeMap::new(), torch: None, texts };
        let Some(directory) = zip_directory::directory(input.content, len)? else {
            archive.gaps(sink)?;
            return Err(ContainerError::malformed("it has no directory: its end is missing"));
        };
        let mut cursor = Cursor::new(input.content, directory.start, Some(directory.end));
        let mut listed = Ok(());
        while cursor.position() < directory.end {
            match Entry::of_directory(&mut cursor, directory.base) {
                Ok(entry) => archive.entry(entry, sink)?,
                Err(error) => {
                    listed = Err(error);
                    break;
                }
            }
        }
        archive.gaps(sink)?;
        listed
    }
}

/// The state of reading an archive.
struct Archive<'a> {
    input: Input<'a>,
    len: u64,
    /// The ranges of members with their headers: end by start.
    taken: BTreeMap<u64, u64>,
    /// The folder of a PyTorch checkpoint: the one with `data.pkl`.
    torch: Option<String>,
    /// Texts that belong to no member.
    texts: Strings,
}

impl Archive<'_> {
    fn entry(&mut self, entry: Entry, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        match self.give(&entry, sink) {
            Err(error) if error.ends_document() => Err(error),
            Err(error) => {
                sink.left_out(&entry.name, error);
                self.input.budget.entry().map_err(Into::into)
            }
            Ok(()) => Ok(()),
        }
    }

    fn give(&mut self, entry: &Entry, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let Some(local) = Local::read(self.input.content, entry.header, self.len)? else {
            return Err(ContainerError::malformed(
                "there is no member at the offset in the directory",
            ));
        };
        let start = local.data;
        self.take(entry.header, start.saturating_add(entry.packed))?;
        if local.name != entry.name.as_bytes() {
            self.texts.give("", &local.name, entry.header, sink)?;
        }
        if local.extra.len() >= MIN_EXTRA {
            self.texts.give("", &local.extra, start - local.extra.len() as u64, sink)?;
        }
        if entry.is_encrypted() {
            return Err(ContainerError::Encrypted);
        }
        if entry.name.ends_with('/') && entry.packed == 0 || self.is_tensor(&entry.name) {
            return Ok(());
        }
        let name = entry.name.as_str();
        if entry.method == 0 {
            let len = entry.packed.min(entry.unpacked);
            return sink.member(Member { name, body: Body::Part { start, len } });
        }
        let end = start.saturating_add(entry.packed);
        let packed = Cursor::new(self.input.content, start, Some(end));
        let method = method(entry)?;
        let mut bounded = unpack_within(self.input.budget, method, packed)?;
        let body = match method {
            Method::Deflate => Body::Deflated { start, len: entry.packed, unpacked: &mut bounded },
            _ => Body::Stream(&mut bounded),
        };
        sink.member(Member { name, body })
    }

    /// Records that the bytes belong to a member.
    ///
    /// # Errors
    /// Returns an error if they already belong to one.
    fn take(&mut self, start: u64, end: u64) -> Result<(), ContainerError> {
        let before = self.taken.range(..end).next_back();
        if end > self.len || before.is_some_and(|(_, other)| *other > start) {
            return Err(ContainerError::malformed("it overlaps another member"));
        }
        self.taken.insert(start, end);
        Ok(())
    }

    /// `true` if the member contains the numbers of a tensor in a PyTorch checkpoint.
    fn is_tensor(&mut self, name: &str) -> bool {
        if let Some(folder) = name.strip_suffix("/data.pkl") {
            self.torch = Some(folder.to_string());
        }
        let Some(folder) = &self.torch else { return false };
        name.strip_prefix(folder.as_str())
            .and_then(|rest| rest.strip_prefix("/data/"))
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// Reads the members between `at` and `end` by their local headers. Returns the offset after
    /// the last one.
    fn unlisted_members(
        &mut self,
        mut at: u64,
        end: u64,
        sink: &mut dyn MemberSink,
    ) -> Result<u64, ContainerError> {
        while let Some((entry, data)) = Entry::of_local(self.input.content, at, end)? {
            let packed = entry.packed;
            self.entry(entry, sink)?;
            at = data.saturating_add(packed);
        }
        Ok(at)
    }

    /// Scans the bytes from `start` to `end` as text.
    fn text(
        &mut self,
        start: u64,
        end: u64,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        let len = end.saturating_sub(start);
        if len > MAX_GAP {
            return sink.member(Member { name: "", body: Body::Raw { start, len } });
        }
        if len < MIN_GAP {
            return Ok(());
        }
        let mut cursor = Cursor::new(self.input.content, start, Some(end));
        let bytes = cursor.vec(usize::try_from(len).unwrap_or_default())?;
        self.texts.give("", &bytes, start, sink)
    }

    /// Scans the bytes that belong to no member.
    fn gaps(&mut self, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut gaps = Vec::new();
        let mut from = 0;
        for (start, end) in self.taken.iter().chain([(&self.len, &self.len)]) {
            if start.saturating_sub(from) >= MIN_GAP {
                gaps.push((from, *start));
            }
            from = *end;
        }
        for (start, end) in gaps {
            let mut from = self.unlisted_members(start, end, sink)?;
            while from < end {
                let next = zip_directory::next_local(self.input.content, from, end)?;
                self.text(from, next, sink)?;
                let after = self.unlisted_members(next, end, sink)?;
                from = after.max(next + LOCAL.len() as u64);
            }
        }
        self.texts.flush("", sink)
    }
}

fn method(entry: &Entry) -> Result<Method, ContainerError> {
    match entry.method {
        8 => Ok(Method::Deflate),
        12 => Ok(Method::Bzip2),
        14 => Ok(Method::ZipLzma { unpacked: entry.unpacked }),
        93 => Ok(Method::Zstd),
        95 => Ok(Method::Xz),
        other => Err(ContainerError::Unsupported(format!("packed with method {other} of zip"))),
    }
}
