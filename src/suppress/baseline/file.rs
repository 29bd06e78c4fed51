//! The file of a baseline: one entry per line, so that git can merge it.

use super::{
    entries::{Baseline, Entry, EntryKey},
    key::salt_of,
};
use crate::model::SourcePath;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write as _};

/// Incremented when the meaning of the format changes.
const VERSION: u32 = 1;
/// Maximum number of salts in a baseline: one for each baseline merged into it. Each adds work for
/// each finding.
const MAX_SALTS: usize = 64;

/// The reason for which a baseline is invalid. Does not quote the file, since misplaced text may be
/// a secret.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not JSON, or has another structure.
    #[error("not a baseline: {what} at line {line} column {column}")]
    Shape {
        /// The kind of mistake.
        what: &'static str,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// It contains conflict markers of a merge.
    #[error("line {0}: conflict marker; keep the entries of both sides and delete the markers")]
    Conflict(usize),
    /// It was written by a later version.
    #[error("version {0} of the format; this hfscan reads version {VERSION}")]
    Version(u32),
    /// An entry's key is invalid.
    #[error("the key of entry {0} is invalid")]
    Key(usize),
    /// It has more salts than merges produce.
    #[error("more than {MAX_SALTS} different salts")]
    Salts,
}

impl BaselineError {
    /// The parser's error in `text`.
    fn of(text: &[u8], error: &serde_json::Error) -> Self {
        let markers: [&[u8]; 3] = [b"<<<<<<<", b"=======", b">>>>>>>"];
        let is_marker = |line: &&[u8]| markers.iter().any(|marker| line.starts_with(marker));
        let mut lines = text.split(|byte| *byte == b'\n');
        if let Some(number) = lines.position(|line| is_marker(&line)) {
            return Self::Conflict(number + 1);
        }
        let what = match error.classify() {
            serde_json::error::Category::Data => "unexpected value",
            serde_json::error::Category::Eof => "unexpected end",
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => "invalid JSON",
        };
        Self::Shape { what, line: error.line(), column: error.column() }
    }
}

/// A line of the file. All fields are optional, because the list ends with `{}`: each entry then
/// ends with a comma, and a new entry changes no other line.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Line {
    path: String,
    rule: String,
    key: String,
    count: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    history: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Deserialize)]
struct File {
    version: u32,
    entries: Vec<Line>,
}

impl Baseline {
    /// Parses a baseline.
    ///
    /// If an entry occurs twice, as after a merge by line, the higher count applies.
    ///
    /// # Errors
    /// Returns an error if the text is not a baseline of a supported version.
    pub fn read(text: &[u8]) -> Result<Self, BaselineError> {
        let file: File =
            serde_json::from_slice(text).map_err(|error| BaselineError::of(text, &error))?;
        if file.version != VERSION {
            return Err(BaselineError::Version(file.version));
        }
        let mut entries: BTreeMap<EntryKey, Entry> = BTreeMap::new();
        let lines = file.entries.into_iter().enumerate();
        for (number, line) in lines.filter(|(_, line)| !line.key.is_empty()) {
            if salt_of(&line.key).is_none() {
                return Err(BaselineError::Key(number + 1));
            }
            let place = EntryKey { path: path_of(&line.path), rule: line.rule, key: line.key };
            let known = entries.entry(place).or_insert(Entry {
                count: 0,
                history: line.history,
                note: None,
            });
            known.history &= line.history;
            known.count = known.count.max(line.count);
            known.note = known.note.take().or(line.note);
        }
        let baseline = Self { entries };
        if baseline.salts().len() > MAX_SALTS {
            return Err(BaselineError::Salts);
        }
        Ok(baseline)
    }

    /// The text of the file: one entry per line, sorted; deterministic.
    pub fn text(&self) -> String {
        let mut text = format!("{{\n\"version\": {VERSION},\n\"entries\": [\n");
        for (place, known) in &self.entries {
            let line = Line {
                path: text_of(&place.path),
                rule: place.rule.clone(),
                key: place.key.clone(),
                count: known.count,
                history: known.history,
                note: known.note.clone(),
            };
            // A struct of strings and numbers always serialises.
            let line = serde_json::to_string(&line).unwrap_or_default();
            let _ = writeln!(text, "{line},");
        }
        text.push_str("{}\n]\n}\n");
        text
    }
}

/// A path for JSON: a byte that is not UTF-8 as `\xff`, a backslash as `\\`.
fn text_of(path: &SourcePath) -> String {
    let mut text = String::new();
    for chunk in path.as_bytes().utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', "\\\\"));
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// The inverse of [`text_of`].
fn path_of(text: &str) -> SourcePath {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let digits = after.strip_prefix('x').and_then(|digits| digits.get(..2));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[3..];
            }
            None => {
                bytes.push(b'\\');
                rest = after.strip_prefix('\\').unwrap_or(after);
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    SourcePath::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_any_bytes_comes_back_as_it_was() {
        for bytes in [b"a/b.py".as_slice(), b"\xff\\x41\\\\.py", b"\\", b"a\nb"] {
            let path = SourcePath::from_bytes(bytes);
            assert_eq!(path_of(&text_of(&path)), path);
        }
    }

    #[test]
    fn an_entry_that_a_merge_left_twice_has_the_higher_count() {
        let line = |count| {
            format!(
                "{{\"path\":\"a\",\"rule\":\"r\",\"key\":\"t.0123456789abcdef.0123456789abcdef\",\"count\":{count}}},\n"
            )
        };
        let text = format!("{{\"version\":1,\"entries\":[\n{}{}{{}}\n]}}", line(1), line(3));
        let baseline = Baseline::read(text.as_bytes()).expect("it is valid");
        assert_eq!((baseline.entries.len(), baseline.len()), (1, 3));
        assert_eq!(Baseline::read(baseline.text().as_bytes()).expect("it is valid"), baseline);
    }

    #[test]
    fn a_merge_conflict_is_named_and_no_value_is_quoted() {
        let text = "{\"version\":1,\"entries\":[\n<<<<<<< HEAD\n{}\n=======\n>>>>>>> b\n]}";
        let error = Baseline::read(text.as_bytes()).expect_err("it has a conflict").to_string();
        assert!(error.starts_with("line 2: conflict marker;"), "{error}");
        for text in [r#"{"version":"s3cret"}"#, r#"{"version":1,"entries":[{"key":"s3cret"}]}"#] {
            let error = Baseline::read(text.as_bytes()).expect_err("it is wrong").to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn a_text_that_is_not_a_baseline_is_refused() {
        for text in [
            "",
            "[]",
            "{\"version\":2,\"entries\":[]}",
            "{\"version\":1,\"entries\":[{\"key\":\"x\"}]}",
        ] {
            assert!(Baseline::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
