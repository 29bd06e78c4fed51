//! Tar archives: POSIX, GNU and pax.
//!
//! <https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html>, and for GNU's
//! additions <https://www.gnu.org/software/tar/manual/html_node/Standard.html>.

use super::{
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, Sink},
};

/// Tar archives.
pub struct Tar;

const BLOCK: u64 = 512;
/// The longest name or list of attributes that is read.
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

    fn members(&self, input: Input<'_>, sink: &mut dyn Sink) -> Result<(), ContainerError> {
        let mut cursor = Cursor::new(input.content, 0, input.len);
        let mut next = Attributes::default();
        loop {
            if cursor.ahead()?.is_empty() {
                return Ok(());
            }
            let header = cursor.array::<512>()?;
            if header.iter().all(|byte| *byte == 0) {
                return Ok(());
            }
            if !has_checksum(&header) {
                return Err(ContainerError::malformed("a header's checksum does not hold"));
            }
            let size = next.size.unwrap_or_else(|| number(&header[124..136]));
            let kind = header[156];
            if kind == b'S' {
                skip_sparse_headers(&header, &mut cursor)?;
            }
            let start = cursor.position();
            let end = start.saturating_add(size.div_ceil(BLOCK).saturating_mul(BLOCK));
            match kind {
                b'L' if size <= MAX_NAME => next.name = Some(name_of(&read(&mut cursor, size)?)),
                b'x' if size <= MAX_NAME => next.read_pax(&read(&mut cursor, size)?),
                b'0' | 0 | b'7' | b'S' => {
                    let name = next.name.take().unwrap_or_else(|| header_name(&header));
                    next = Attributes::default();
                    let part = Body::Part { start, len: size };
                    sink.member(Member { name: &name, body: part })?;
                }
                b'K' | b'g' => {}
                // A folder, a link, a device.
                _ => next = Attributes::default(),
            }
            cursor.skip(end.saturating_sub(cursor.position()));
        }
    }
}

/// What stands before a member and holds for it.
#[derive(Debug, Default)]
struct Attributes {
    name: Option<String>,
    size: Option<u64>,
}

impl Attributes {
    /// Reads records of the form `length key=value\n`.
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

fn read(cursor: &mut Cursor<'_>, size: u64) -> Result<Vec<u8>, ContainerError> {
    cursor.vec(usize::try_from(size).unwrap_or(usize::MAX))
}

/// Goes over the further maps of a sparse file, which stand before its bytes.
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

/// A number in octal digits, or in GNU's binary form for large ones.
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

/// Whether the sum of the header's bytes is what it says, with its own field as blanks.
fn has_checksum(header: &[u8]) -> bool {
    if header.len() < 512 {
        return false;
    }
    let outside = header[..148].iter().chain(&header[156..512]);
    let sum = outside.fold(8 * u64::from(b' '), |sum, byte| sum + u64::from(*byte));
    sum == number(&header[148..156])
}
