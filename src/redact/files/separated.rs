//! CSV and similar formats: fields are redacted in place, and every other byte is kept.

use super::{
    error::FileError,
    job::{FileJob, Place, Totals},
};
use crate::{
    model::{Span, SpanMap},
    redact::{
        cell::Step,
        columns::ColumnPath,
        redactor::{Redactor, Replaced},
    },
};
use std::io::{BufRead, Write};

/// Redacts a file of separated fields, whose first row contains the column names.
///
/// # Errors
/// Returns an error if reading or writing fails, and for an unknown column.
pub fn redact(
    separator: u8,
    mut input: impl BufRead,
    output: &mut dyn Write,
    job: &FileJob<'_>,
    found: &mut dyn FnMut(&Place, &Replaced),
) -> Result<Totals, FileError> {
    let mut totals = Totals::default();
    let mut record = Vec::new();
    if !read_record(&mut input, &mut record)? {
        return Ok(totals);
    }
    let names: Vec<String> = fields(&record, separator)
        .into_iter()
        .map(|field| {
            String::from_utf8_lossy(&field.text(&record).0).trim_start_matches('\u{feff}').into()
        })
        .collect();
    let paths: Vec<ColumnPath> =
        names.iter().map(|name| ColumnPath::default().field(name)).collect();
    job.columns.check(&paths)?;
    output.write_all(&record)?;
    let mut redactor = job.redactor();
    while read_record(&mut input, &mut record)? {
        let mut at = 0;
        for (number, field) in fields(&record, separator).into_iter().enumerate() {
            let name = names.get(number).map_or("", String::as_str);
            if !job.columns.contain(&[name]) {
                continue;
            }
            let name = names.get(number).cloned().unwrap_or_else(|| number.to_string());
            let place = Place::in_row(totals.rows, vec![Step::Field(name)]);
            if let Some(new) = redacted(&mut redactor, &record, &field, separator, &mut |one| {
                totals.replaced += 1;
                found(&place, one);
            }) {
                output.write_all(&record[at..field.whole.start])?;
                output.write_all(&new)?;
                at = field.whole.end;
            }
        }
        output.write_all(&record[at..])?;
        totals.rows += 1;
    }
    Ok(totals)
}

/// A field of a record.
struct Field {
    /// Its span, including quotes.
    whole: Span,
    /// `true` if it is quoted.
    is_quoted: bool,
}

impl Field {
    /// The unquoted value, and a map to the bytes of the record.
    fn text(&self, record: &[u8]) -> (Vec<u8>, SpanMap) {
        let (mut text, mut map) = (Vec::new(), SpanMap::default());
        if !self.is_quoted {
            map.push(self.whole.len(), self.whole);
            return (self.whole.slice(record).to_vec(), map);
        }
        // Inner quotes are doubled. The closing quote may be missing at the end of a file.
        let mut at = self.whole.start + 1;
        let ends_quoted = self.whole.len() > 1 && record[self.whole.end - 1] == b'"';
        let end = self.whole.end - usize::from(ends_quoted);
        while at < end {
            let width = if record[at] == b'"' && at + 1 < end { 2 } else { 1 };
            text.push(record[at]);
            map.push(1, Span::new(at, at + width));
            at += width;
        }
        (text, map)
    }
}

/// The new bytes of a field with its credentials replaced; `None` if it has none.
fn redacted(
    redactor: &mut Redactor<'_>,
    record: &[u8],
    field: &Field,
    separator: u8,
    found: &mut dyn FnMut(&Replaced),
) -> Option<Vec<u8>> {
    let (text, map) = field.text(record);
    let redaction = redactor.redact(&text)?;
    redaction.replaced.iter().for_each(found);
    let whole = field.whole;
    let needs_quotes =
        |bytes: &[u8]| bytes.iter().any(|byte| [separator, b'"', b'\n', b'\r'].contains(byte));
    let is_new_quoted =
        !field.is_quoted && redaction.edits.iter().any(|(_, bytes)| needs_quotes(bytes));
    let (mut new, mut at) = (Vec::new(), whole.start);
    for (span, bytes) in redaction.edits {
        let span = map.to_source(span);
        new.extend_from_slice(&record[at..span.start]);
        for byte in bytes {
            if byte == b'"' && (field.is_quoted || is_new_quoted) {
                new.push(b'"');
            }
            new.push(byte);
        }
        at = span.end;
    }
    new.extend_from_slice(&record[at..whole.end]);
    Some(if is_new_quoted { [b"\"", &new[..], b"\""].concat() } else { new })
}

/// Reads a record with its line ending into `record`; returns `false` at the end.
fn read_record(input: &mut impl BufRead, record: &mut Vec<u8>) -> std::io::Result<bool> {
    record.clear();
    let mut is_quoted = false;
    loop {
        let from = record.len();
        if input.read_until(b'\n', record)? == 0 {
            return Ok(!record.is_empty());
        }
        let quotes = memchr::memchr_iter(b'"', &record[from..]).count();
        is_quoted ^= quotes % 2 == 1;
        if !is_quoted {
            return Ok(true);
        }
    }
}

/// The fields of a record.
fn fields(record: &[u8], separator: u8) -> Vec<Field> {
    let end = record.len() - record.iter().rev().take_while(|byte| b"\r\n".contains(byte)).count();
    let (mut fields, mut start) = (Vec::new(), 0);
    loop {
        let is_quoted = record.get(start) == Some(&b'"') && start < end;
        let mut at = start;
        let mut inside = false;
        while at < end && (inside || record[at] != separator) {
            inside ^= is_quoted && record[at] == b'"';
            at += 1;
        }
        fields.push(Field { whole: Span::new(start, at), is_quoted });
        if at >= end {
            return fields;
        }
        start = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(record: &str) -> Vec<String> {
        let record = record.as_bytes();
        let all = fields(record, b',').into_iter();
        all.map(|one| String::from_utf8_lossy(&one.text(record).0).into_owned()).collect()
    }

    #[test]
    fn fields_are_what_the_standard_says() {
        assert_eq!(texts("a,\"b,\"\"c\"\"\nd\",,e\r\n"), ["a", "b,\"c\"\nd", "", "e"]);
        assert_eq!(texts("\"\",x"), ["", "x"]);
        assert_eq!(texts(""), [""]);
        assert_eq!(texts("a,"), ["a", ""]);
        assert_eq!(texts("\"open"), ["open"]);
    }

    #[test]
    fn a_record_ends_outside_of_quotes() {
        let mut input = &b"a,\"b\nc\"\r\nd\n"[..];
        let mut record = Vec::new();
        let mut lengths = Vec::new();
        while read_record(&mut input, &mut record).expect("read") {
            lengths.push(record.len());
        }
        assert_eq!(lengths, [9, 2]);
    }
}
