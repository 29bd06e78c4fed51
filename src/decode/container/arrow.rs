//! Arrow's IPC files and streams: Feather, and the cache of `datasets`.
//!
//! The format:
//! <https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc>.
//! The texts of a column are stored end to end in one buffer, and their ends in the buffer before
//! it, so two matching buffers are read as a column of texts.

use super::{
    arrow_views::{Views, fixed_widths},
    compressed::{Method, unpack_within},
    cursor::Cursor,
    flatbuffer::Table,
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    strings::Strings,
};
use std::io::Read;

/// Arrow's IPC formats.
pub struct Arrow;

/// The marker before every message.
const CONTINUATION: u32 = u32::MAX;
/// Maximum size in bytes of the metadata of a message.
const MAX_METADATA: usize = 64 << 20;
/// Maximum size in bytes of a buffer, packed or not, that is read into memory to find its rows.
const MAX_BUFFER: u64 = 64 << 20;
/// Minimum length of a value in bytes; shorter ones hold no secret.
const MIN_VALUE: usize = 8;

impl Container for Arrow {
    fn name(&self) -> &'static str {
        "arrow"
    }

    fn claims(&self, head: &[u8]) -> bool {
        match head {
            [b'A', b'R', b'R', b'O', b'W', b'1', 0, 0, ..] => true,
            // A stream begins with its schema: an aligned message of a few hundred bytes.
            [0xff, 0xff, 0xff, 0xff, a, b, c, 0, rest @ ..] => {
                let length = u32::from_le_bytes([*a, *b, *c, 0]);
                length >= 16 && length.is_multiple_of(8) && Message::read(rest).is_some()
            }
            _ => false,
        }
    }

    fn access(&self) -> Access {
        Access::Forward
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut cursor = Cursor::new(input.content, 0, input.len);
        if cursor.ahead()?.starts_with(b"ARROW1") {
            cursor.skip(8);
            skip_to_message(&mut cursor)?;
        }
        let (mut texts, mut widths) = (Strings::default(), Vec::new());
        loop {
            if cursor.ahead()?.is_empty() || cursor.u32()? != CONTINUATION {
                break;
            }
            let length = usize::try_from(cursor.u32()?).unwrap_or(usize::MAX);
            if length == 0 {
                break;
            }
            if length > MAX_METADATA {
                return Err(ContainerError::malformed("a message is too long"));
            }
            let metadata = cursor.vec(length)?;
            let Some(message) = Message::read(&metadata) else {
                return Err(ContainerError::malformed("a message is malformed"));
            };
            if let Some(schema) = message.schema {
                widths = fixed_widths(schema);
                // The schema: its texts are the column names and the metadata.
                sink.member(Member { name: "schema", body: Body::Whole(&metadata) })?;
            }
            let start = cursor.position();
            if let Some(batch) = &message.batch {
                batch.columns(&mut cursor, input, &widths, &mut texts, sink)?;
            }
            let end = start.saturating_add(message.body_len);
            cursor.skip(end.saturating_sub(cursor.position()));
        }
        texts.flush("", sink)
    }
}

/// Skips to the first message of a file. Polars writes the schema before it without a message
/// header.
fn skip_to_message(cursor: &mut Cursor<'_>) -> Result<(), ContainerError> {
    let mut left = MAX_METADATA;
    while left > 0 {
        let ahead = cursor.ahead()?;
        let is_mark = |eight: &&[u8]| eight.starts_with(&CONTINUATION.to_le_bytes());
        let passed = ahead.chunks(8).take_while(|eight| !is_mark(eight)).map(<[u8]>::len).sum();
        if passed == 0 {
            break;
        }
        cursor.skip(passed as u64);
        left = left.saturating_sub(passed);
    }
    Ok(())
}

/// The header of a batch.
struct Message<'a> {
    body_len: u64,
    /// The schema; only the first message has one.
    schema: Option<Table<'a>>,
    batch: Option<Batch<'a>>,
}

struct Batch<'a> {
    /// The offset of each buffer in the body and its length, eight bytes each.
    buffers: &'a [[u8; 16]],
    method: Option<Method>,
}

impl<'a> Message<'a> {
    fn read(metadata: &'a [u8]) -> Option<Self> {
        let message = Table::root(metadata)?;
        let kind = message.byte(1)?;
        let body_len = message.long(3).unwrap_or(0).max(0).unsigned_abs();
        let header = message.table(2)?;
        let batch = match kind {
            1 => return Some(Self { body_len, schema: Some(header), batch: None }),
            // The batch of a dictionary contains a batch.
            2 => header.table(1)?,
            3 => header,
            _ => return Some(Self { body_len, schema: None, batch: None }),
        };
        let method = batch.table(3).map(|packing| match packing.byte(0).unwrap_or(0) {
            0 => Method::Lz4,
            _ => Method::Zstd,
        });
        let buffers = batch.structures::<16>(2).unwrap_or_default();
        Some(Self { body_len, schema: None, batch: Some(Batch { buffers, method }) })
    }
}

impl Batch<'_> {
    /// Passes the texts of all columns to `sink`.
    fn columns(
        &self,
        cursor: &mut Cursor<'_>,
        input: Input<'_>,
        widths: &[usize],
        texts: &mut Strings,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        let body = cursor.position();
        let mut before: Vec<u8> = Vec::new();
        let mut views: Option<Views> = None;
        for (number, buffer) in self.buffers.iter().enumerate() {
            let (offset, len) = place(buffer);
            let start = body.saturating_add(offset);
            // Writers store buffers in order; one that is not in order is skipped.
            if len == 0 || start < cursor.position() {
                continue;
            }
            cursor.skip(start - cursor.position());
            // A packed buffer begins with its unpacked length.
            let unpacked_len = cursor.ahead()?.first_chunk().map(|len| i64::from_le_bytes(*len));
            let unpacked_len = unpacked_len.filter(|_| self.method.is_some()).unwrap_or(0);
            if len.max(unpacked_len.max(0).unsigned_abs()) > MAX_BUFFER {
                self.large(start, len, input, sink)?;
                cursor.skip(len);
                before.clear();
                continue;
            }
            let bytes = cursor.vec(usize::try_from(len).unwrap_or(usize::MAX))?;
            let Some(bytes) = self.unpacked(bytes, input)? else {
                self.large(start, len, input, sink)?;
                before.clear();
                continue;
            };
            let is_packed = self.method.is_some();
            let mut each = |row: usize, from: usize, value: &[u8]| {
                if value.len() < MIN_VALUE {
                    return Ok(());
                }
                // Views can share bytes, so a small buffer can hold any number of texts.
                input.budget.reread(value.len() as u64)?;
                let source = if is_packed { start } else { start + from as u64 };
                texts.give(&format!("[{row}]"), value, source, sink)
            };
            let is_followed = match &mut views {
                Some(views) => views.follow(&bytes, &mut each)?,
                None => false,
            };
            if !is_followed {
                views = Views::read(&bytes, self.buffers.len() - number - 1, &mut each)?;
            }
            if let Some(ends) = Ends::of(&before, bytes.len()) {
                ends.for_each(&bytes, &mut each)?;
            }
            for width in widths.iter().filter(|width| bytes.len() >= **width) {
                for (row, value) in bytes.chunks_exact(*width).enumerate() {
                    each(row, row * width, value)?;
                }
            }
            before = bytes;
        }
        Ok(())
    }

    /// The unpacked bytes of a buffer; `None` if it is too large for memory.
    fn unpacked(
        &self,
        bytes: Vec<u8>,
        input: Input<'_>,
    ) -> Result<Option<Vec<u8>>, ContainerError> {
        let Some(method) = self.method else { return Ok(Some(bytes)) };
        let Some((len, packed)) = bytes.split_first_chunk::<8>() else { return Ok(Some(bytes)) };
        let Ok(len) = u64::try_from(i64::from_le_bytes(*len)) else {
            return Ok(Some(packed.to_vec()));
        };
        if len > MAX_BUFFER {
            return Ok(None);
        }
        let mut unpacked = Vec::new();
        let reader = unpack_within(input.budget, method, packed)?;
        reader.take(len).read_to_end(&mut unpacked)?;
        Ok(Some(unpacked))
    }

    /// Passes a buffer that is too large for memory to `sink`.
    fn large(
        &self,
        start: u64,
        len: u64,
        input: Input<'_>,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        let name = "buffer";
        let Some(method) = self.method else {
            return sink.member(Member { name, body: Body::Part { start, len } });
        };
        let mut packed = Cursor::new(input.content, start, Some(start.saturating_add(len)));
        if i64::from_le_bytes(packed.array()?) < 0 {
            // A negative length means that the buffer is not packed.
            return sink.member(Member { name, body: Body::Stream(&mut packed) });
        }
        let mut unpacked = unpack_within(input.budget, method, packed)?;
        sink.member(Member { name, body: Body::Stream(&mut unpacked) })
    }
}

fn place(buffer: &[u8; 16]) -> (u64, u64) {
    let number = |at: usize| {
        let bytes = buffer[at..].first_chunk().copied().unwrap_or_default();
        i64::from_le_bytes(bytes).max(0).unsigned_abs()
    };
    (number(0), number(8))
}

/// The end of each text of a column, in four or eight bytes.
enum Ends<'a> {
    Narrow(&'a [[u8; 4]]),
    Wide(&'a [[u8; 8]]),
}

impl<'a> Ends<'a> {
    /// Reads the buffer as the ends of texts in another buffer of `len` bytes; `None` if it cannot
    /// be one.
    fn of(buffer: &'a [u8], len: usize) -> Option<Self> {
        let narrow = Ends::Narrow(buffer.as_chunks().0);
        if narrow.fit(len) {
            return Some(narrow);
        }
        let wide = Ends::Wide(buffer.as_chunks().0);
        wide.fit(len).then_some(wide)
    }

    fn len(&self) -> usize {
        match self {
            Ends::Narrow(ends) => ends.len(),
            Ends::Wide(ends) => ends.len(),
        }
    }

    fn get(&self, place: usize) -> usize {
        match self {
            Ends::Narrow(ends) => {
                usize::try_from(i32::from_le_bytes(ends[place])).unwrap_or(usize::MAX)
            }
            Ends::Wide(ends) => {
                usize::try_from(i64::from_le_bytes(ends[place])).unwrap_or(usize::MAX)
            }
        }
    }

    /// `true` if the ends rise from 0 to at most `len`. Zeros may fill the rest of the buffer.
    fn fit(&self, len: usize) -> bool {
        if self.len() < 2 || self.get(0) != 0 {
            return false;
        }
        let mut last = 0;
        let rising = (0..self.len()).take_while(|place| {
            let end = self.get(*place);
            let rises = end >= last && end <= len;
            if rises {
                last = end;
            }
            rises
        });
        let rising = rising.count();
        last > 0 && (rising..self.len()).all(|place| self.get(place) == 0)
    }

    /// Calls `each` with the row, start and bytes of every text long enough for a secret.
    fn for_each(
        &self,
        bytes: &[u8],
        mut each: impl FnMut(usize, usize, &[u8]) -> Result<(), ContainerError>,
    ) -> Result<(), ContainerError> {
        for row in 0..self.len() - 1 {
            let (start, end) = (self.get(row), self.get(row + 1));
            if end < start {
                break;
            }
            if end - start >= MIN_VALUE {
                each(row, start, &bytes[start..end])?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(ends: &[i32], len: usize) -> bool {
        let bytes: Vec<u8> = ends.iter().flat_map(|end| end.to_le_bytes()).collect();
        Ends::Narrow(bytes.as_chunks().0).fit(len)
    }

    #[test]
    fn ends_rise_from_zero_to_the_length_and_zeros_may_follow() {
        assert!(fit(&[0, 3, 3, 9], 9) && fit(&[0, 3, 9, 0, 0], 16));
        assert!(!fit(&[1, 2], 9) && !fit(&[0, 0], 9) && !fit(&[0], 9) && !fit(&[], 9));
    }

    #[test]
    fn an_end_outside_of_the_texts_is_none() {
        assert!(!fit(&[0, 3, 10], 9) && !fit(&[0, 3, -1, 0], 9) && !fit(&[0, 3, 1], 9));
    }
}
