//! Parquet: the names and texts of every column, dictionaries, statistics and metadata.
//!
//! The format: <https://parquet.apache.org/docs/file-format/>. Repetition and definition levels,
//! which encode the row of a value, are skipped.

use super::{
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    parquet_values::{Codec, Encoding, Layout, each_value},
    strings::Strings,
    thrift::{Kind, Reader},
};

/// Parquet files.
pub struct Parquet;

/// Maximum size of the footer in bytes: 100 000 column chunks.
const MAX_FOOTER: u64 = 64 << 20;
/// Maximum size in bytes of a page, packed or not; writers use 1 MiB.
const MAX_PAGE: usize = 64 << 20;
/// Maximum size in bytes of a page header, with its statistics.
const MAX_PAGE_HEADER: usize = 64 << 10;
/// Minimum length of a value in bytes; shorter ones hold no secret.
const MIN_VALUE: usize = 8;
/// The type of columns of byte arrays of any length.
const VARIABLE: i64 = 6;
/// The type of columns of byte arrays of one length.
const FIXED: i64 = 7;

impl Container for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn claims(&self, head: &[u8]) -> bool {
        head.starts_with(b"PAR1")
    }

    fn access(&self) -> Access {
        Access::Random
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let len = input.len.unwrap_or_default();
        let tail = Cursor::new(input.content, len.saturating_sub(8), Some(len)).array::<8>()?;
        let footer_len = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
        if &tail[4..] != b"PAR1" || footer_len > len.saturating_sub(12).min(MAX_FOOTER) {
            return Err(ContainerError::malformed("its footer is missing"));
        }
        let start = len - 8 - footer_len;
        let footer = Cursor::new(input.content, start, Some(len))
            .vec(usize::try_from(footer_len).unwrap_or_default())?;
        let (texts, lengths) = (Strings::default(), Vec::new());
        let mut file = File { input, footer_start: start, texts, lengths, sink };
        let mut failed = Ok(());
        let read = file.metadata(&footer, &mut failed);
        failed?;
        if read.is_none() {
            return Err(ContainerError::malformed("its footer is malformed"));
        }
        file.texts.flush("", file.sink)
    }
}

struct File<'a> {
    input: Input<'a>,
    footer_start: u64,
    texts: Strings,
    /// The value length of each column, in schema order; 0 if it varies.
    lengths: Vec<usize>,
    sink: &'a mut dyn MemberSink,
}

/// The footer's description of one column in one row group.
#[derive(Debug, Default)]
struct Chunk {
    kind: i64,
    /// The length of its values in bytes; 0 if it varies.
    length: usize,
    path: String,
    codec: i64,
    packed: u64,
    first_page: u64,
    dictionary_page: u64,
}

impl Chunk {
    /// `true` if its values can be text: byte arrays of variable or fixed length.
    fn is_bytes(&self) -> bool {
        matches!(self.kind, VARIABLE | FIXED)
    }
}

type Failed = Result<(), ContainerError>;

impl File<'_> {
    /// Reads the footer, and each column when its description is complete.
    fn metadata(&mut self, footer: &[u8], failed: &mut Failed) -> Option<()> {
        Reader::new(footer).structure(&mut |reader, number, kind| {
            match (number, kind) {
                (2, Kind::List) => {
                    for _ in 0..reader.list()?.1 {
                        self.schema(reader, footer, failed)?;
                    }
                }
                (4, Kind::List) => {
                    for _ in 0..reader.list()?.1 {
                        self.row_group(reader, footer, failed)?;
                    }
                }
                (5, Kind::List) => {
                    for _ in 0..reader.list()?.1 {
                        self.key_value(reader, footer, failed)?;
                    }
                }
                _ => return Some(false),
            }
            Some(true)
        })
    }

    /// Reads an element of the schema: a column, or a group of columns.
    fn schema(
        &mut self,
        reader: &mut Reader<'_>,
        footer: &[u8],
        failed: &mut Failed,
    ) -> Option<()> {
        let (mut kind_of_values, mut length) = (None, 0);
        reader.structure(&mut |reader, number, kind| {
            match (number, kind) {
                (1, Kind::Int) => kind_of_values = Some(reader.int()?),
                (2, Kind::Int) => length = usize::try_from(reader.int()?).unwrap_or_default(),
                (4, Kind::Binary) => {
                    let name = reader.binary()?;
                    let source = self.source(reader, footer, name);
                    self.give("column", name, source, failed);
                }
                _ => return Some(false),
            }
            Some(true)
        })?;
        // A group has no values.
        let length = if kind_of_values == Some(FIXED) { length.min(MAX_PAGE) } else { 0 };
        self.lengths.extend(kind_of_values.map(|_| length));
        Some(())
    }

    fn row_group(
        &mut self,
        reader: &mut Reader<'_>,
        footer: &[u8],
        failed: &mut Failed,
    ) -> Option<()> {
        reader.structure(&mut |reader, number, kind| {
            if (number, kind) != (1, Kind::List) {
                return Some(false);
            }
            for number in 0..reader.list()?.1 {
                let number = usize::try_from(number).ok()?;
                let length = self.lengths.get(number).copied().unwrap_or_default();
                let mut chunk = Chunk { length, ..Chunk::default() };
                reader.structure(&mut |reader, number, kind| {
                    if (number, kind) != (3, Kind::Struct) {
                        return Some(false);
                    }
                    self.column(reader, footer, &mut chunk, failed).map(|()| true)
                })?;
                if chunk.is_bytes() && failed.is_ok() {
                    *failed = self.chunk(&chunk);
                }
                if failed.is_err() {
                    return None;
                }
            }
            Some(true)
        })
    }

    fn column(
        &mut self,
        reader: &mut Reader<'_>,
        footer: &[u8],
        chunk: &mut Chunk,
        failed: &mut Failed,
    ) -> Option<()> {
        reader.structure(&mut |reader, number, kind| {
            match (number, kind) {
                (1, Kind::Int) => chunk.kind = reader.int()?,
                (3, Kind::List) => {
                    let mut names = Vec::new();
                    for _ in 0..reader.list()?.1 {
                        names.push(String::from_utf8_lossy(reader.binary()?).into_owned());
                    }
                    chunk.path = names.join(".");
                }
                (4, Kind::Int) => chunk.codec = reader.int()?,
                (7, Kind::Int) => chunk.packed = reader.int()?.max(0).unsigned_abs(),
                (8, Kind::List) => {
                    for _ in 0..reader.list()?.1 {
                        self.key_value(reader, footer, failed)?;
                    }
                }
                (9, Kind::Int) => chunk.first_page = reader.int()?.max(0).unsigned_abs(),
                (11, Kind::Int) => chunk.dictionary_page = reader.int()?.max(0).unsigned_abs(),
                (12, Kind::Struct) if chunk.is_bytes() => {
                    self.statistics(reader, footer, &chunk.path, failed)?;
                }
                _ => return Some(false),
            }
            Some(true)
        })
    }

    /// The least and the greatest value, which are uncompressed even if pages are not.
    fn statistics(
        &mut self,
        reader: &mut Reader<'_>,
        footer: &[u8],
        path: &str,
        failed: &mut Failed,
    ) -> Option<()> {
        reader.structure(&mut |reader, number, kind| {
            if kind != Kind::Binary || !matches!(number, 1 | 2 | 5 | 6) {
                return Some(false);
            }
            let value = reader.binary()?;
            let source = self.source(reader, footer, value);
            self.give(path, value, source, failed);
            Some(true)
        })
    }

    fn key_value(
        &mut self,
        reader: &mut Reader<'_>,
        footer: &[u8],
        failed: &mut Failed,
    ) -> Option<()> {
        let mut key = String::new();
        reader.structure(&mut |reader, number, kind| {
            if kind != Kind::Binary {
                return Some(false);
            }
            let value = reader.binary()?;
            if number == 1 {
                key = String::from_utf8_lossy(value).into_owned();
            }
            let source = self.source(reader, footer, value);
            self.give(&key, value, source, failed);
            Some(true)
        })
    }

    /// The offset in the file of a value that was just read from the footer.
    fn source(&self, reader: &Reader<'_>, footer: &[u8], value: &[u8]) -> u64 {
        self.footer_start + (footer.len() - reader.left() - value.len()) as u64
    }

    fn give(&mut self, key: &str, value: &[u8], source: u64, failed: &mut Failed) {
        if value.len() >= MIN_VALUE && failed.is_ok() {
            *failed = self.texts.give(key, value, source, self.sink);
        }
    }

    /// Reads the pages of one column in one row group.
    fn chunk(&mut self, chunk: &Chunk) -> Result<(), ContainerError> {
        let mut at = match chunk.dictionary_page {
            0 => chunk.first_page,
            page => page.min(chunk.first_page),
        };
        let end = at.saturating_add(chunk.packed).min(self.footer_start);
        while at < end {
            self.input.budget.reread(MAX_PAGE_HEADER as u64)?;
            let head_len = (end - at).min(MAX_PAGE_HEADER as u64);
            let head = Cursor::new(self.input.content, at, Some(end))
                .vec(usize::try_from(head_len).unwrap_or_default())?;
            let mut reader = Reader::new(&head);
            let Some(page) = Page::read(&mut reader) else {
                let error = ContainerError::malformed("a page header is malformed");
                self.sink.left_out(&chunk.path, error);
                return Ok(());
            };
            let start = at + (head.len() - reader.left()) as u64;
            at = start.saturating_add(page.packed as u64);
            if !page.has_values() {
                continue;
            }
            match self.page(chunk, &page, start) {
                Err(error) if error.ends_document() => return Err(error),
                Err(error) => {
                    self.sink.left_out(&chunk.path, error);
                    self.input.budget.entry()?;
                }
                Ok(()) => {}
            }
        }
        Ok(())
    }

    fn page(&mut self, chunk: &Chunk, page: &Page, start: u64) -> Result<(), ContainerError> {
        if page.packed.max(page.unpacked) > MAX_PAGE {
            let what = format!("a page of {} bytes", page.packed.max(page.unpacked));
            return Err(ContainerError::Unsupported(what));
        }
        let bytes = Cursor::new(self.input.content, start, None).vec(page.packed)?;
        let (levels, values) = bytes.split_at_checked(page.levels).unwrap_or((&[], &bytes));
        let unpacked;
        let values = if page.is_packed {
            let len = page.unpacked.saturating_sub(levels.len());
            unpacked = Codec::of(chunk.codec)?.unpack(self.input.budget, values, len)?;
            self.input.budget.expand_from(values.len() as u64, unpacked.len() as u64)?;
            &unpacked
        } else {
            values
        };
        let (texts, sink) = (&mut self.texts, &mut *self.sink);
        // A value in a packed page has the location of the page.
        let mut failed = Ok(());
        let &Page { encoding, count, has_levels, .. } = page;
        let layout = Layout { encoding, count, length: chunk.length, has_levels };
        let understood = (chunk.kind == VARIABLE || chunk.length >= MIN_VALUE)
            && each_value(values, layout, &mut |value| {
                if value.len() >= MIN_VALUE && failed.is_ok() {
                    failed = texts.give(&chunk.path, value, start, sink);
                }
            });
        failed?;
        if understood {
            return Ok(());
        }
        sink.member(Member { name: &chunk.path, body: Body::Whole(values) })
    }
}

/// The header of a page.
#[derive(Debug)]
struct Page {
    kind: i64,
    unpacked: usize,
    packed: usize,
    count: usize,
    encoding: Encoding,
    /// Number of bytes of levels before the packed part, in a page of version 2.
    levels: usize,
    /// `true` if levels may precede the values in the packed part.
    has_levels: bool,
    is_packed: bool,
}

impl Page {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut page = Self {
            kind: -1,
            unpacked: 0,
            packed: 0,
            count: 0,
            encoding: Encoding::Plain,
            levels: 0,
            has_levels: false,
            is_packed: true,
        };
        reader.structure(&mut |reader, number, kind| {
            match (number, kind) {
                (1, Kind::Int) => page.kind = reader.int()?,
                (2, Kind::Int) => page.unpacked = usize::try_from(reader.int()?).ok()?,
                (3, Kind::Int) => page.packed = usize::try_from(reader.int()?).ok()?,
                (5 | 7 | 8, Kind::Struct) => page.head_of(number, reader)?,
                _ => return Some(false),
            }
            Some(true)
        })?;
        Some(page)
    }

    /// Reads the header of a data page (5), a dictionary page (7) or a data page of version 2 (8).
    fn head_of(&mut self, version: i64, reader: &mut Reader<'_>) -> Option<()> {
        self.has_levels = version == 5;
        reader.structure(&mut |reader, number, kind| {
            match (version, number, kind) {
                (_, 1, Kind::Int) => self.count = usize::try_from(reader.int()?).ok()?,
                (5 | 7, 2, Kind::Int) | (8, 4, Kind::Int) => {
                    self.encoding = Encoding::of(reader.int()?);
                }
                (8, 5 | 6, Kind::Int) => {
                    let levels = usize::try_from(reader.int()?).ok()?;
                    self.levels = self.levels.saturating_add(levels);
                }
                (8, 7, Kind::Bool(is_packed)) => self.is_packed = is_packed,
                _ => return Some(false),
            }
            Some(true)
        })
    }

    /// `true` if it holds values rather than only indices into the dictionary.
    fn has_values(&self) -> bool {
        matches!(self.kind, 0 | 2 | 3) && self.encoding != Encoding::Dictionary
    }
}
