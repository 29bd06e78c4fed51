//! SQLite databases: the rows of every table, and of unused pages.
//!
//! The format: <https://www.sqlite.org/fileformat2.html>. Each page is read only once, so that
//! cyclic references between pages terminate.

use super::{
    cursor::Cursor,
    format::{Access, Container, ContainerError, Input, MemberSink},
    sqlite_schema::{Table, table_of},
    sqlite_value::Value,
    strings::Strings,
};

/// SQLite databases.
pub struct Sqlite;

/// Maximum number of bytes of a value that are collected from overflow pages.
const MAX_PAYLOAD: usize = 16 << 20;
/// Maximum number of columns of a row that are read.
const MAX_COLUMNS: usize = 2000;
/// Maximum number of tables whose column names are kept.
const MAX_TABLES: usize = 10_000;
/// Minimum length of a value in bytes; shorter ones hold no secret.
const MIN_VALUE: usize = 8;
/// Minimum length in bytes of a gap between cells; shorter ones hold no secret.
const MIN_GAP: usize = 16;

/// Maximum number of unused bytes between the cells of a page that belong to no list.
const MAX_FRAGMENTS: u8 = 60;

const INTERIOR_INDEX: u8 = 2;
const INTERIOR_TABLE: u8 = 5;
const LEAF_INDEX: u8 = 10;
const LEAF_TABLE: u8 = 13;

impl Container for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn claims(&self, head: &[u8]) -> bool {
        head.starts_with(b"SQLite format 3\0")
    }

    fn access(&self) -> Access {
        Access::Random
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut database = Database::open(input)?;
        let schema = Table {
            name: "sqlite_schema".into(),
            columns: ["type", "name", "tbl_name", "rootpage", "sql"].map(String::from).into(),
            root: 1,
        };
        let mut tables = Vec::new();
        database.tree(&schema, &mut |values| tables.extend(table_of(values)), sink)?;
        tables.truncate(MAX_TABLES);
        for table in &tables {
            database.tree(table, &mut |_| (), sink)?;
        }
        // Free pages keep their content until they are reused.
        let free = Table { name: "unused".into(), columns: Vec::new(), root: 0 };
        for page in 1..=database.pages {
            if !database.is_seen(page) {
                database.unused_page(page, &free, sink)?;
            }
        }
        database.texts.flush("", sink)
    }
}

struct Database<'a> {
    input: Input<'a>,
    page_size: usize,
    /// Usable bytes of a page, without those reserved for extensions.
    usable: usize,
    pages: u64,
    is_utf16: Option<bool>,
    /// One bit for each page, set if it was read.
    seen: Vec<u64>,
    texts: Strings,
}

impl<'a> Database<'a> {
    fn open(input: Input<'a>) -> Result<Self, ContainerError> {
        let header = Cursor::new(input.content, 0, input.len).array::<100>()?;
        let page_size = match u16::from_be_bytes([header[16], header[17]]) {
            1 => 65536,
            size if size.is_power_of_two() && size >= 512 => usize::from(size),
            size => return Err(ContainerError::malformed(format!("pages of {size} bytes"))),
        };
        let pages = input.len.unwrap_or_default().div_ceil(page_size as u64);
        let words = usize::try_from(pages / 64).unwrap_or(usize::MAX);
        Ok(Self {
            input,
            page_size,
            usable: page_size - usize::from(header[20]),
            pages,
            is_utf16: match header[59] {
                2 => Some(false),
                3 => Some(true),
                _ => None,
            },
            seen: vec![0; words + 1],
            texts: Strings::default(),
        })
    }

    fn is_seen(&self, page: u64) -> bool {
        let word = usize::try_from(page / 64).ok().and_then(|word| self.seen.get(word));
        word.is_none_or(|word| word >> (page % 64) & 1 == 1)
    }

    /// Marks a page as read. Returns `false` if it was already marked, or does not exist.
    fn see(&mut self, page: u64) -> bool {
        if page == 0 || page > self.pages || self.is_seen(page) {
            return false;
        }
        if let Ok(word) = usize::try_from(page / 64) {
            self.seen[word] |= 1 << (page % 64);
        }
        true
    }

    fn read(&self, page: u64) -> Result<Vec<u8>, ContainerError> {
        self.input.budget.reread(self.page_size as u64)?;
        let mut bytes = vec![0; self.page_size];
        let count = self.input.content.fill_at((page - 1) * self.page_size as u64, &mut bytes)?;
        bytes.truncate(count);
        Ok(bytes)
    }

    /// Reads all rows of a table.
    fn tree(
        &mut self,
        table: &Table,
        row: &mut dyn FnMut(&[Value<'_>]),
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        let mut waiting = vec![table.root];
        while let Some(page) = waiting.pop() {
            self.page(page, table, &mut waiting, row, sink)?;
        }
        Ok(())
    }

    /// Reads the rows of a page, and adds the pages below it to `waiting`.
    fn page(
        &mut self,
        page: u64,
        table: &Table,
        waiting: &mut Vec<u64>,
        row: &mut dyn FnMut(&[Value<'_>]),
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        if !self.see(page) {
            return Ok(());
        }
        let bytes = self.read(page)?;
        let start = if page == 1 { 100 } else { 0 };
        let Some(header) = bytes.get(start..start + 12) else { return Ok(()) };
        let kind = header[0];
        let is_interior = matches!(kind, INTERIOR_INDEX | INTERIOR_TABLE);
        if !is_interior && !matches!(kind, LEAF_INDEX | LEAF_TABLE) {
            return Ok(());
        }
        let cells = start + if is_interior { 12 } else { 8 };
        let count = usize::from(u16::from_be_bytes([header[3], header[4]]));
        let count = count.min(self.page_size / 4);
        let mut used = vec![(0, cells + 2 * count)];
        if is_interior {
            waiting.push(u64::from(number(&bytes, start + 8)));
        }
        for cell in 0..count {
            let Some(pointer) = bytes.get(cells + 2 * cell..).and_then(|rest| rest.first_chunk())
            else {
                break;
            };
            let mut at = usize::from(u16::from_be_bytes(*pointer));
            if is_interior {
                waiting.push(u64::from(number(&bytes, at)));
                at += 4;
            }
            if kind == INTERIOR_TABLE {
                used.push((at - 4, at + 1));
                continue;
            }
            let source = (page - 1) * self.page_size as u64 + at as u64;
            if let Some(payload) = self.payload(&bytes, at, kind == LEAF_TABLE)? {
                used.push((at, payload.end));
                self.row(&payload, source, table, row, sink)?;
            }
        }
        self.gaps(page, &bytes, used, sink)
    }

    /// Scans the bytes of a page that belong to no cell, which include deleted rows.
    fn gaps(
        &mut self,
        page: u64,
        bytes: &[u8],
        mut used: Vec<(usize, usize)>,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        used.sort_unstable();
        used.push((bytes.len(), bytes.len()));
        let mut from = 0;
        for (start, end) in used {
            let gap = bytes.get(from..start).unwrap_or_default();
            if gap.len() >= MIN_GAP && gap.iter().any(|byte| *byte != 0) {
                let source = (page - 1) * self.page_size as u64 + from as u64;
                self.texts.give("unused", gap, source, sink)?;
            }
            from = from.max(end);
        }
        Ok(())
    }

    /// Scans a page that no table refers to: its rows if it was a page of a table, otherwise its
    /// bytes.
    fn unused_page(
        &mut self,
        page: u64,
        free: &Table,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        let start = (page - 1) * self.page_size as u64;
        let mut header = [0; 8];
        self.input.content.fill_at(start, &mut header)?;
        if self.is_of_tree(header) {
            return self.page(page, free, &mut Vec::new(), &mut |_| (), sink);
        }
        let bytes = self.read(page)?;
        if bytes.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        self.texts.give("unused", &bytes, start, sink)
    }

    /// `true` if a page with this header can be one of a table or an index. The first byte alone does
    /// not show it: text that begins with a line feed has that of an index.
    fn is_of_tree(&self, header: [u8; 8]) -> bool {
        let [kind, free, freed, count, counted, start, started, fragments] = header;
        let fits = |high, low| usize::from(u16::from_be_bytes([high, low])) <= self.page_size;
        let count = usize::from(u16::from_be_bytes([count, counted]));
        matches!(kind, INTERIOR_INDEX | INTERIOR_TABLE | LEAF_INDEX | LEAF_TABLE)
            && fits(free, freed)
            && fits(start, started)
            && count <= self.page_size / 4
            && fragments <= MAX_FRAGMENTS
    }

    /// The bytes of a row, collected from its page and its overflow pages.
    fn payload(
        &mut self,
        page: &[u8],
        at: usize,
        is_table: bool,
    ) -> Result<Option<Payload>, ContainerError> {
        let Some((length, mut start)) = varint(page, at) else { return Ok(None) };
        let mut rowid = None;
        if is_table {
            let Some((id, next)) = varint(page, start) else { return Ok(None) };
            (rowid, start) = (Some(id), next);
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let local = self.local_len(length, is_table);
        let Some(first) = page.get(start..start.saturating_add(local).min(page.len())) else {
            return Ok(None);
        };
        // Cells can share bytes, so a small page can hold any number of large rows.
        self.input.budget.reread(first.len() as u64)?;
        let (mut bytes, first_len) = (first.to_vec(), first.len());
        if local < length {
            let mut next = u64::from(number(page, start + local));
            while bytes.len() < length.min(MAX_PAYLOAD) && self.see(next) {
                let overflow = self.read(next)?;
                let left = length - bytes.len();
                let rest = overflow.get(4..self.usable.min(overflow.len())).unwrap_or_default();
                bytes.extend_from_slice(&rest[..rest.len().min(left)]);
                next = u64::from(number(&overflow, 0));
            }
        }
        let end = start + first_len + if local < length { 4 } else { 0 };
        Ok(Some(Payload { bytes, rowid, end }))
    }

    /// The number of bytes of a payload that are in the page itself (section 1.6 of the format).
    fn local_len(&self, length: usize, is_table: bool) -> usize {
        let usable = self.usable;
        let embedded = |share: usize| (usable.saturating_sub(12)) * share / 255 - 23;
        let max = if is_table { usable.saturating_sub(35) } else { embedded(64) };
        if length <= max {
            return length;
        }
        let min = embedded(32);
        let surplus = min + (length - min) % usable.saturating_sub(4).max(1);
        if surplus <= max { surplus } else { min }
    }

    /// Passes the texts of a row to `sink`.
    fn row(
        &mut self,
        payload: &Payload,
        source: u64,
        table: &Table,
        row: &mut dyn FnMut(&[Value<'_>]),
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        let values = payload.values();
        let decoded: Vec<Option<String>> = match self.is_utf16 {
            Some(is_big) => values.iter().map(|value| value.decoded(is_big)).collect(),
            None => Vec::new(),
        };
        let text_of = |place: usize| decoded.get(place).and_then(Option::as_deref);
        let texts = values.iter().enumerate().map(|(place, value)| {
            text_of(place).map_or(*value, |text| Value::Text(text.as_bytes()))
        });
        row(&texts.collect::<Vec<_>>());
        let rowid = payload.rowid.map(|id| format!("[{id}]")).unwrap_or_default();
        for (place, value) in values.iter().enumerate() {
            let Some(value) = value.bytes().filter(|value| value.len() >= MIN_VALUE) else {
                continue;
            };
            let key = match table.columns.get(place) {
                Some(column) => format!("{}.{column}{rowid}", table.name),
                None => format!("{}{rowid}", table.name),
            };
            let text = text_of(place).map_or(value, str::as_bytes);
            let offset = value.as_ptr().addr().wrapping_sub(payload.bytes.as_ptr().addr());
            self.texts.give(&key, text, source + offset as u64, sink)?;
        }
        Ok(())
    }
}

struct Payload {
    bytes: Vec<u8>,
    rowid: Option<u64>,
    /// The first byte of the page after the cell.
    end: usize,
}

impl Payload {
    /// The values of the row.
    fn values(&self) -> Vec<Value<'_>> {
        let mut values = Vec::new();
        let Some((header_len, mut at)) = varint(&self.bytes, 0) else { return values };
        let header_len = usize::try_from(header_len).unwrap_or(usize::MAX);
        let mut body = header_len;
        while at < header_len && values.len() < MAX_COLUMNS {
            let Some((kind, next)) = varint(&self.bytes, at) else { break };
            at = next;
            let (length, has_bytes) = match kind {
                0 | 8 | 9 => (0, false),
                1..=4 => (usize::try_from(kind).unwrap_or(0), false),
                5 => (6, false),
                6 | 7 => (8, false),
                10 | 11 => break,
                _ => (usize::try_from((kind - 12) / 2).unwrap_or(usize::MAX), true),
            };
            let end = body.saturating_add(length).min(self.bytes.len());
            values.push(match self.bytes.get(body..end) {
                Some(bytes) if has_bytes && kind % 2 == 1 => Value::Text(bytes),
                Some(bytes) if has_bytes => Value::Blob(bytes),
                Some(bytes @ [first, ..]) if kind < 7 && first & 0x80 == 0 => Value::Number(
                    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
                ),
                _ => match kind {
                    9 => Value::Number(1),
                    _ => Value::Other,
                },
            });
            body = body.saturating_add(length);
        }
        values
    }
}

/// The big-endian number of four bytes at `at`; 0 if it is out of bounds.
fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |four| u32::from_be_bytes(*four))
}

/// A number of one to nine bytes at `at`, and the offset after it.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut number = 0_u64;
    for place in 0..9 {
        let byte = *bytes.get(at.checked_add(place)?)?;
        if place == 8 {
            return Some((number << 8 | u64::from(byte), at + 9));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, at + place + 1));
        }
    }
    None
}
