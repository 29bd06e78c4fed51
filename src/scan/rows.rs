//! The positions of findings in tables and lists of records: `row 12, column hub_token`.

use super::excerpt::Excerpter;
use crate::model::{Finding, ReadAt, SourcePath};
use std::io;

/// Number of bytes read at once.
const BLOCK: usize = 256 << 10;
/// Maximum number of bytes of a row before a finding in which its key is searched.
const MAX_ROW: usize = 64 << 10;
/// Maximum length in bytes of a column name; a longer text is data.
const MAX_NAME: usize = 64;
/// Maximum nesting depth of keys.
const MAX_DEPTH: usize = 32;

/// The format of a file whose lines are records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// One JSON value per line.
    Json,
    /// Fields separated by this byte, with names in the first row.
    Separated(u8),
}

impl Rows {
    /// The format of a file of this name; `None` if its lines are no records.
    pub fn of(path: &SourcePath) -> Option<Self> {
        let ending = path.extension()?.to_ascii_lowercase();
        match &ending[..] {
            b"jsonl" | b"ndjson" => Some(Self::Json),
            b"csv" => Some(Self::Separated(b',')),
            b"tsv" | b"tab" => Some(Self::Separated(b'\t')),
            _ => None,
        }
    }

    /// Adds to each finding a note with its row, and its column or key.
    ///
    /// # Errors
    /// Returns an error if the content cannot be read.
    pub fn tell(
        self,
        content: &dyn ReadAt,
        findings: &mut [Finding],
        names: &mut Excerpter<'_>,
    ) -> io::Result<()> {
        findings.sort_by_key(|finding| finding.location.span.start);
        match self {
            Self::Json => {
                for finding in findings {
                    let key = key_of(content, finding.location.span.start)?;
                    let key = key.map(|key| format!(", {}", names.masked(&key)));
                    let row = finding.location.start.line;
                    finding.location.note = Some(format!("row {row}{}", key.unwrap_or_default()));
                }
            }
            Self::Separated(separator) => {
                let mut table = Table::new(separator);
                for finding in findings {
                    table.advance(content, finding.location.span.start)?;
                    let column = table.column_name().map(|name| names.masked(name));
                    let column = column.unwrap_or_else(|| (table.column + 1).to_string());
                    finding.location.note = Some(format!("row {}, column {column}", table.row));
                }
            }
        }
        Ok(())
    }
}

/// A table, read up to an offset.
struct Table {
    separator: u8,
    at: usize,
    /// The row, from 1, including the row of names.
    row: usize,
    /// The column, from 0.
    column: usize,
    is_quoted: bool,
    names: Vec<String>,
    name: Vec<u8>,
}

impl Table {
    fn new(separator: u8) -> Self {
        let (names, name) = (Vec::new(), Vec::new());
        Self { separator, at: 0, row: 1, column: 0, is_quoted: false, names, name }
    }

    /// The name of the column; `None` in the row of names itself.
    fn column_name(&self) -> Option<&str> {
        let name = self.names.get(self.column).filter(|_| self.row > 1)?;
        (!name.is_empty() && name.len() <= MAX_NAME).then_some(name)
    }

    /// Advances to the byte at `end`.
    fn advance(&mut self, content: &dyn ReadAt, end: usize) -> io::Result<()> {
        let mut block = vec![0; BLOCK];
        while self.at < end {
            let wanted = (end - self.at).min(BLOCK);
            let count = content.fill_at(self.at as u64, &mut block[..wanted])?;
            if count == 0 {
                break;
            }
            self.read(&block[..count]);
            self.at += count;
        }
        Ok(())
    }

    fn read(&mut self, bytes: &[u8]) {
        let mut from = 0;
        for at in memchr::memchr3_iter(self.separator, b'"', b'\n', bytes) {
            self.named(&bytes[from..at]);
            from = at + 1;
            match bytes[at] {
                b'"' => self.is_quoted = !self.is_quoted,
                // In quotes, separators and line ends belong to the field.
                byte if self.is_quoted => self.named(&[byte]),
                b'\n' => {
                    self.end_name();
                    self.row += 1;
                    self.column = 0;
                }
                _ => {
                    self.end_name();
                    self.column += 1;
                }
            }
        }
        self.named(&bytes[from..]);
    }

    /// Adds to the name of a column, in the row of names.
    fn named(&mut self, piece: &[u8]) {
        if self.row == 1 && self.name.len() <= MAX_NAME {
            self.name.extend(piece.iter().take(MAX_NAME + 1));
        }
    }

    fn end_name(&mut self) {
        // A table has at most thousands of columns.
        if self.row == 1 && self.names.len() < 10_000 {
            let name = String::from_utf8_lossy(&self.name);
            self.names.push(name.trim_start_matches('\u{feff}').trim().to_string());
        }
        self.name.clear();
    }
}

/// The key of the value at `offset` in the JSON of its line: `messages[3].content`.
fn key_of(content: &dyn ReadAt, offset: usize) -> io::Result<Option<String>> {
    let from = offset.saturating_sub(MAX_ROW);
    let mut before = vec![0; offset - from];
    let count = content.fill_at(from as u64, &mut before)?;
    before.truncate(count);
    let start = memchr::memrchr(b'\n', &before).map(|at| at + 1);
    // The path in a row that begins too far back is unknown.
    let Some(start) = start.or((from == 0).then_some(0)) else { return Ok(None) };
    Ok(path_at_end(&before[start..]))
}

/// An unclosed list or object.
enum Open<'a> {
    List(usize),
    Object(&'a [u8]),
}

/// The path from the root of a JSON text to the position at which it is cut off.
fn path_at_end(text: &[u8]) -> Option<String> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut last: &[u8] = b"";
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let end = at + string_len(&text[at..]);
                last = text.get(at..end).unwrap_or_default();
                at = end + 1;
            }
            b':' => {
                if let Some(Open::Object(key)) = open.last_mut() {
                    *key = last;
                }
            }
            b',' => {
                if let Some(Open::List(number)) = open.last_mut() {
                    *number += 1;
                }
            }
            b'{' => open.push(Open::Object(b"")),
            b'[' => open.push(Open::List(0)),
            b'}' | b']' => drop(open.pop()),
            _ => {}
        }
        if open.len() > MAX_DEPTH {
            return None;
        }
    }
    let mut path = String::new();
    for one in &open {
        match one {
            Open::List(number) => path.push_str(&format!("[{number}]")),
            Open::Object(key) => {
                let is_name = !key.is_empty() && key.len() <= MAX_NAME;
                let name = std::str::from_utf8(key).ok().filter(|_| is_name)?;
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
        }
    }
    (!path.is_empty()).then_some(path)
}

/// The length of a string's text, up to its quotation mark or to the end of `text`.
fn string_len(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        at += found;
        if text[at] == b'"' {
            return at;
        }
        at += 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_into_a_row_is_told() {
        let path = |text: &str| path_at_end(text.as_bytes());
        assert_eq!(
            path(r#"{"id": 1, "turns": [{"a": "x"}, {"text": "say "#).as_deref(),
            Some("turns[1].text")
        );
        assert_eq!(path(r#"{"a\"b": {"c": 1}, "d": "\\", "e": "#).as_deref(), Some("e"));
        assert_eq!(path("plain "), None);
        assert_eq!(path(&"[".repeat(100_000)), None);
        assert_eq!(path(r#"{"a": "ends in a backslash\"#).as_deref(), Some("a"));
    }

    #[test]
    fn rows_and_columns_of_a_table_heed_quotation_marks() {
        let text = b"\xef\xbb\xbfid,\"the, text\",token\n1,\"a\nb, \"\"c\"\"\",x\n2,,y\n";
        let mut table = Table::new(b',');
        let mut place = |wanted: &[u8]| {
            let at = memchr::memmem::find(text, wanted).expect("it is there");
            table.advance(&&text[..], at).expect("memory");
            (table.row, table.column_name().map(str::to_string))
        };
        assert_eq!(place(b"token"), (1, None));
        assert_eq!(place(b"b, "), (2, Some("the, text".into())));
        assert_eq!(place(b"x\n2"), (2, Some("token".into())));
        assert_eq!(place(b"y\n"), (3, Some("token".into())));
    }
}
