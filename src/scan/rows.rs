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
                let mut values = Values::new();
                for finding in findings {
                    values.advance(content, finding.location.span.start)?;
                    let key = values.path().map(|key| format!(", {}", names.masked(&key)));
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
        let mut block = vec![0; end.saturating_sub(self.at).min(BLOCK)];
        while self.at < end {
            let wanted = (end - self.at).min(block.len());
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

/// An unclosed list or object, with the number or the key of its current value.
enum Open {
    List(usize),
    Object(Vec<u8>),
}

/// A list of JSON values, one per line, read up to an offset.
struct Values {
    /// The end of what was read; a string that has no end yet was not.
    at: usize,
    /// The start of the current line; `None` if its values cannot be named.
    row: Option<usize>,
    open: Vec<Open>,
    /// The start of the last string.
    last: Vec<u8>,
}

impl Values {
    fn new() -> Self {
        Self { at: 0, row: Some(0), open: Vec::new(), last: Vec::new() }
    }

    /// Advances to the byte at `end`. Of a longer way only the last [`MAX_ROW`] bytes are read.
    fn advance(&mut self, content: &dyn ReadAt, end: usize) -> io::Result<()> {
        let from = end.saturating_sub(MAX_ROW);
        if self.at < from {
            self.begin(from, None);
        }
        let mut bytes = vec![0; end.saturating_sub(self.at)];
        let count = content.fill_at(self.at as u64, &mut bytes)?;
        bytes.truncate(count);
        let line = memchr::memrchr(b'\n', &bytes).map_or(0, |at| at + 1);
        if line > 0 {
            self.begin(self.at + line, Some(self.at + line));
        }
        if self.row.is_some_and(|row| end - row.min(end) > MAX_ROW) {
            self.row = None;
        }
        self.read(&bytes[line..]);
        Ok(())
    }

    fn begin(&mut self, at: usize, row: Option<usize>) {
        (self.at, self.row) = (at, row);
        self.open.clear();
    }

    fn read(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(byte) = bytes.get(at).filter(|_| self.row.is_some()) {
            match byte {
                b'"' => {
                    let rest = &bytes[at + 1..];
                    let len = string_len(rest);
                    if len == rest.len() {
                        self.at += at;
                        return;
                    }
                    self.last.clear();
                    self.last.extend(rest[..len].iter().take(MAX_NAME + 1));
                    at += len + 1;
                }
                b':' => {
                    if let Some(Open::Object(key)) = self.open.last_mut() {
                        key.clone_from(&self.last);
                    }
                }
                b',' => {
                    if let Some(Open::List(number)) = self.open.last_mut() {
                        *number += 1;
                    }
                }
                b'{' => self.open.push(Open::Object(Vec::new())),
                b'[' => self.open.push(Open::List(0)),
                b'}' | b']' => drop(self.open.pop()),
                _ => {}
            }
            at += 1;
            if self.open.len() > MAX_DEPTH {
                self.row = None;
            }
        }
        self.at += bytes.len();
    }

    /// The path of the current value: `messages[3].content`.
    fn path(&self) -> Option<String> {
        self.row?;
        let mut path = String::new();
        for one in &self.open {
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
        let path = |text: &str| {
            let mut values = Values::new();
            values.advance(&text.as_bytes(), text.len()).expect("memory");
            values.path()
        };
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
    fn the_way_is_told_at_every_place_of_a_list_and_not_of_a_row_that_is_too_long() {
        let long = format!("{{\"c\": \"{}", "x".repeat(MAX_ROW));
        let text = format!("{{\"a\": [\"x\", \"y y\"]}}\n{{\"b\": \"z\"}}\n{long}");
        let mut values = Values::new();
        let mut path = |at: usize| {
            values.advance(&text.as_bytes(), at).expect("memory");
            values.path()
        };
        let places =
            ["x\"", "y y", " y\"", "z\"", "xxxx"].map(|one| text.find(one).expect("there"));
        let paths = places.map(&mut path);
        let expected = ["a[0]", "a[1]", "a[1]", "b", "c"].map(|path| Some(path.to_string()));
        assert_eq!(paths, expected);
        assert_eq!(path(text.len()), None);
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
