//! Tar archives: POSIX, GNU and pax.
//!
//! <https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html>, and for GNU's
//! additions <https://www.gnu.org/software/tar/manual/html_node/Standard.html>. Names, owners,
//! links, extended headers, padding and everything after the end are scanned as well.

use super::{
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    strings::Strings,
};
use std::io::Read;

/// Tar archives.
pub struct Tar;

const BLOCK: u64 = 512;
/// Minimum length in bytes of a header field; shorter ones hold no secret.
const MIN_TEXT: usize = 8;
/// Maximum size in bytes of a name or a list of attributes.
const MAX_NAME: u64 = 1 << 20;

impl Container for Tar {
    fn name(&self) -> &'static str {
        "tar"
    }

    fn claims(&self, head: &[u8]) -> bool {
        head.get(257..262) == Some(b"ustar") && has_checksum(head)
    }

    fn access(&self) -> Access {
        Access::Forward
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let cursor = Cursor::new(input.content, 0, input.len);
        let (texts, next) = (Strings::default(), Attributes::default());
        let mut archive = Archive { cursor, texts, next };
        let read = archive.blocks(sink);
        archive.texts.flush("", sink)?;
        read
    }
}

/// The state of reading an archive.
struct Archive<'a> {
    cursor: Cursor<'a>,
    /// Texts that are not in a member.
    texts: Strings,
    /// The attributes of the next member.
    next: Attributes,
}

impl Archive<'_> {
    /// Reads all headers with their members, up to the last byte.
    fn blocks(&mut self, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut is_ended = false;
        while !self.cursor.ahead()?.is_empty() {
            let at = self.cursor.position();
            let block = self.block()?;
            if block.iter().all(|byte| *byte == 0) {
                is_ended = true;
                continue;
            }
            match <&[u8; 512]>::try_from(block.as_slice()) {
                Ok(header) if has_checksum(header) => self.member(header, at, sink)?,
                // Any bytes may follow the end. A partial block is prepended to them, because a
                // stream cannot be read again.
                _ if is_ended => {
                    let mut rest = block.chain(&mut self.cursor);
                    return sink.member(Member { name: "", body: Body::Stream(&mut rest) });
                }
                Ok(_) => {
                    return Err(ContainerError::malformed("a header's checksum does not match"));
                }
                Err(_) => return Err(ContainerError::malformed("it ends within a header")),
            }
            is_ended = false;
        }
        Ok(())
    }

    /// The next block, which is shorter at the end of the file.
    fn block(&mut self) -> Result<Vec<u8>, ContainerError> {
        let mut block = Vec::with_capacity(512);
        (&mut self.cursor).take(BLOCK).read_to_end(&mut block)?;
        Ok(block)
    }

    /// Reads the member that a header at `at` describes.
    fn member(
        &mut self,
        header: &[u8; 512],
        at: u64,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        for field in [&header[..100], &header[157..257], &header[265..329], &header[345..500]] {
            let field = field.split(|byte| *byte == 0).next().unwrap_or_default();
            if field.len() >= MIN_TEXT {
                self.texts.give("", field, at, sink)?;
            }
        }
        let size = self.next.size.unwrap_or_else(|| number(&header[124..136]));
        let kind = header[156];
        if kind == b'S' {
            skip_sparse_headers(header, &mut self.cursor)?;
        }
        let start = self.cursor.position();
        match kind {
            b'L' | b'K' | b'x' | b'g' if size <= MAX_NAME => self.attributes(kind, size, sink)?,
            b'0' | 0 | b'7' | b'S' => {
                let name = self.next.name.take().unwrap_or_else(|| header_name(header));
                self.next = Attributes::default();
                let body = Body::Part { start, len: size };
                sink.member(Member { name: &name, body })?;
                self.skip_whole(start, size)?;
            }
            // A folder, a link, a device, or a vendor-specific type.
            _ => {
                self.next = Attributes::default();
                if size > 0 {
                    let body = Body::Raw { start, len: size };
                    sink.member(Member { name: "", body })?;
                }
            }
        }
        let data_end = start.saturating_add(size);
        self.cursor.skip(data_end.saturating_sub(self.cursor.position()));
        let padding = (BLOCK - size % BLOCK) % BLOCK;
        let mut bytes = Vec::new();
        (&mut self.cursor).take(padding).read_to_end(&mut bytes)?;
        match bytes.iter().any(|byte| *byte != 0) {
            true => self.texts.give("", &bytes, data_end, sink),
            false => Ok(()),
        }
    }

    /// Reads a header that describes the next member, or all following ones.
    fn attributes(
        &mut self,
        kind: u8,
        size: u64,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        let start = self.cursor.position();
        let bytes = self.cursor.vec(usize::try_from(size).unwrap_or(usize::MAX))?;
        match kind {
            b'L' => self.next.name = Some(name_of(&bytes)),
            b'x' => self.next.read_pax(&bytes),
            _ => {}
        }
        self.texts.give("", &bytes, start, sink)
    }

    /// Skips to the end of a member.
    ///
    /// # Errors
    /// Returns an error if the archive ends before it.
    fn skip_whole(&mut self, start: u64, size: u64) -> Result<(), ContainerError> {
        let Some(last) = start.saturating_add(size).checked_sub(1).filter(|_| size > 0) else {
            return Ok(());
        };
        self.cursor.skip(last.saturating_sub(self.cursor.position()));
        match self.cursor.byte() {
            Err(ContainerError::Malformed(_)) => {
                Err(ContainerError::malformed("it ends within a member"))
            }
            byte => byte.map(drop),
        }
    }
}

/// Attributes from the headers before that of a member.
#[derive(Debug, Default)]
struct Attributes {
    name: Option<String>,
    size: Option<u64>,
}

impl Attributes {
    /// Reads records `length key=value\n`.
    fn read_pax(&mut self, mut records: &[u8]) {
        while let Some(space) = memchr::memchr(b' ', records) {
            let length = std::str::from_utf8(&records[..space]).ok().and_then(|n| n.parse().ok());
            let Some(length) = length.filter(|length| *length > space && *length <= records.len())
            else {
                return;
            };
            let (record, rest) = records.split_at(length);
            let record = record[space + 1..].strip_suffix(b"\n").unwrap_or_default();
            if let Some(name) = record.strip_prefix(b"path=") {
                self.name = Some(name_of(name));
            } else if let Some(size) = record.strip_prefix(b"size=") {
                self.size = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok());
            }
            records = rest;
        }
    }
}

/// Skips the further maps of a sparse file, which precede its bytes.
fn skip_sparse_headers(header: &[u8; 512], cursor: &mut Cursor<'_>) -> Result<(), ContainerError> {
    let mut goes_on = header[482];
    while goes_on != 0 {
        goes_on = cursor.array::<512>()?[504];
    }
    Ok(())
}

/// The name in the header itself.
fn header_name(header: &[u8; 512]) -> String {
    let name = name_of(&header[..100]);
    let is_posix = &header[257..263] == b"ustar\0";
    match name_of(&header[345..500]) {
        prefix if is_posix && !prefix.is_empty() => format!("{prefix}/{name}"),
        _ => name,
    }
}

fn name_of(bytes: &[u8]) -> String {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// A number in octal digits, or in GNU's binary form if it is large.
fn number(field: &[u8]) -> u64 {
    if field.first().is_some_and(|first| first & 0x80 != 0) {
        return field[4..].iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    }
    field
        .iter()
        .skip_while(|byte| **byte == b' ')
        .take_while(|byte| matches!(byte, b'0'..=b'7'))
        .fold(0, |number, digit| number << 3 | u64::from(digit - b'0'))
}

/// `true` if the checksum of the header is correct: the sum of its bytes, with the checksum field
/// as blanks.
fn has_checksum(header: &[u8]) -> bool {
    if header.len() < 512 {
        return false;
    }
    let outside = header[..148].iter().chain(&header[156..512]);
    let sum = outside.fold(8 * u64::from(b' '), |sum, byte| sum + u64::from(*byte));
    sum == number(&header[148..156])
}
