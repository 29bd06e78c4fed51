//! The positions of findings in tables and lists of records: `row 12, column hub_token`.

use super::excerpt::Excerpter;
use crate::{
    language::json_row::{self, RowPlace},
    model::{Finding, ReadAt, SourcePath},
};
use std::io;

/// Number of bytes read at once.
const BLOCK: usize = 256 << 10;
/// Maximum number of bytes of a row read before a finding, and after it, to determine its position.
const MAX_ROW: usize = 64 << 10;
/// Maximum number of tool results for which the tool's name is looked up in other rows.
const MAX_CALLS: usize = 100;
/// Maximum length in bytes of a column name; longer texts are data.
const MAX_NAME: usize = 64;

/// The format of a file whose lines are records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// One JSON value per line.
    Json,
    /// Fields separated by this byte, with names in the first row.
    Separated(u8),
}

impl Rows {
    /// The format of a file of this name; `None` if its lines are not records.
    pub fn of(path: &SourcePath) -> Option<Self> {
        if json_row::is_json_lines(path) {
            return Some(Self::Json);
        }
        let ending = path.extension()?.to_ascii_lowercase();
        match &ending[..] {
            b"csv" => Some(Self::Separated(b',')),
            b"tsv" | b"tab" => Some(Self::Separated(b'\t')),
            _ => None,
        }
    }

    /// Adds to each finding a note with its row, and its column or key; in an agent's transcript
    /// also with the role and the tool.
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
                let places: Vec<usize> =
                    findings.iter().map(|finding| finding.location.span.start).collect();
                for (finding, told) in findings.iter_mut().zip(told(content, &places)?) {
                    let row = finding.location.start.line;
                    finding.location.note = Some(format!("row {row}{}", names.masked(&told)));
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

/// The starts of the rows of a list of values, found while it is read up to an offset.
struct Starts {
    at: usize,
    /// The start of the current row; `None` if it is too far back.
    row: Option<usize>,
}

impl Starts {
    fn new() -> Self {
        Self { at: 0, row: Some(0) }
    }

    /// Advances to the byte at `end`, and returns the start of its row. Of a longer distance only
    /// the last [`MAX_ROW`] bytes are read.
    fn advance(&mut self, content: &dyn ReadAt, end: usize) -> io::Result<Option<usize>> {
        let from = end.saturating_sub(MAX_ROW);
        if self.at < from {
            (self.at, self.row) = (from, None);
        }
        let bytes = read(content, self.at, end.saturating_sub(self.at))?;
        if let Some(line) = memchr::memrchr(b'\n', &bytes) {
            self.row = Some(self.at + line + 1);
        }
        self.at = end.max(self.at);
        Ok(self.row.filter(|row| end - row.min(&end) <= MAX_ROW))
    }
}

/// The JSON path, role and tool at each of `places`, which are in ascending order, as the end of a
/// note: `, message.content[0].input.command, assistant, tool Bash`. Empty if the row gives none.
fn told(content: &dyn ReadAt, places: &[usize]) -> io::Result<Vec<String>> {
    let mut starts = Starts::new();
    let mut rows = Vec::with_capacity(places.len());
    for place in places {
        rows.push((starts.advance(content, *place)?, *place));
    }
    let (mut told, mut calls) = (Vec::with_capacity(places.len()), 0);
    for group in rows.chunk_by(|a, b| a.0 == b.0) {
        let Some(start) = group[0].0 else {
            told.extend(group.iter().map(|_| String::new()));
            continue;
        };
        let ats: Vec<usize> = group.iter().map(|(_, place)| place - start).collect();
        let row = row_at(content, start, ats.last().copied().unwrap_or(0))?;
        for place in json_row::places(&row, &ats) {
            let Some(mut place) = place else {
                told.push(String::new());
                continue;
            };
            if place.tool.is_empty() && !place.call.is_empty() && calls < MAX_CALLS {
                calls += 1;
                place.tool = tool_of_call(content, start, &place.call)?;
            }
            told.push(in_words(place));
        }
    }
    Ok(told)
}

fn in_words(place: RowPlace) -> String {
    let mut parts = vec![place.path];
    match (place.role.as_str(), place.tool.as_str()) {
        ("tool", "") => parts.push("result of a tool".into()),
        ("tool", tool) => parts.push(format!("result of {tool}")),
        (role, "") => parts.push(role.into()),
        (role, tool) => parts.extend([role.into(), format!("tool {tool}")]),
    }
    parts.retain(|part| !part.is_empty());
    parts.iter().map(|part| format!(", {part}")).collect()
}

/// The row that begins at `start`, up to its end or to [`MAX_ROW`] bytes after offset `at` in it.
fn row_at(content: &dyn ReadAt, start: usize, at: usize) -> io::Result<Vec<u8>> {
    let mut behind = 256;
    loop {
        let mut row = read(content, start, at + behind)?;
        let is_whole = row.len() < at + behind || behind >= MAX_ROW;
        let rest = row.get(at..).unwrap_or_default();
        match memchr::memchr(b'\n', rest) {
            Some(end) => row.truncate(at + end),
            None if is_whole => {}
            None => {
                behind = (behind * 8).min(MAX_ROW);
                continue;
            }
        }
        return Ok(row);
    }
}

fn read(content: &dyn ReadAt, at: usize, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; len];
    let count = content.fill_at(at as u64, &mut bytes)?;
    bytes.truncate(count);
    Ok(bytes)
}

/// The name of the tool of a call, from a row before the byte at `end`; empty if no nearby row has
/// it.
fn tool_of_call(content: &dyn ReadAt, end: usize, call: &str) -> io::Result<String> {
    let from = end.saturating_sub(MAX_ROW);
    let before = read(content, from, end - from)?;
    let quoted = format!("\"{call}\"");
    let Some(found) = memchr::memmem::rfind(&before, quoted.as_bytes()) else {
        return Ok(String::new());
    };
    let start = memchr::memrchr(b'\n', &before[..found]).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', &before[found..]).map_or(before.len(), |at| found + at);
    let place = json_row::places(&before[start..end], &[found + 1 - start]).pop().flatten();
    Ok(place.map(|place| place.name).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_that_calls_a_tool_names_it_for_the_row_with_its_result() {
        let text = concat!(
            "{\"type\":\"tool_use\",\"name\":\"Bash\",\"id\":\"t1\",\"input\":{}}\n",
            "{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":\"HERE\"}\n",
        );
        let told = |text: &str, at| told(&text.as_bytes(), &[at]).expect("memory").remove(0);
        let at = text.find("HERE").expect("it is there");
        assert_eq!(told(text, at), ", content, result of Bash");
        let second = text.split_once('\n').expect("two rows").1;
        let at = second.find("HERE").expect("it is there");
        assert_eq!(told(second, at), ", content, result of a tool");
        assert_eq!(told("plain", 2), "");
    }

    #[test]
    fn the_way_is_told_at_every_place_of_a_list_and_not_of_a_row_that_is_too_long() {
        let long = format!("{{\"c\": \"{}", "x".repeat(MAX_ROW));
        let text = format!("{{\"a\": [\"x\", \"y y\"]}}\n{{\"b\": \"z\"}}\n{long}");
        let places =
            ["x\"", "y y", " y\"", "z\"", "xxxx"].map(|one| text.find(one).expect("there"));
        let places = [&places[..], &[text.len()]].concat();
        let told = told(&text.as_bytes(), &places).expect("memory");
        assert_eq!(told, [", a[0]", ", a[1]", ", a[1]", ", b", ", c", ""]);
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
