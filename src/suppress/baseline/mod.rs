//! Findings that are known, so that only new ones count.

pub mod key;
pub mod peer;

use crate::model::{Finding, Outcome, SourcePath};
use key::{Subject, new_salt, salt_of};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write as _,
};

/// The name under which a baseline is looked for in the repository's root.
pub const DEFAULT_NAME: &str = ".hfscan-baseline.json";
/// Changes when a baseline is read in another way.
const VERSION: u32 = 1;
/// Salts in one baseline: one for each that was merged into it. More are not made by
/// hand, and each costs time for each finding.
const MAX_SALTS: usize = 64;

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not JSON, or not of this shape.
    #[error("not a baseline: {0}")]
    Shape(#[from] serde_json::Error),
    /// It contains the marks of a merge conflict.
    #[error("line {0}: conflict marker; keep the entries of both sides and delete the markers")]
    Conflict(usize),
    /// A later hfscan wrote it.
    #[error("version {0} of the format; this hfscan reads version {VERSION}")]
    Version(u32),
    /// A key is none.
    #[error("`{0}` is not a key")]
    Key(String),
    /// More salts than any merge makes.
    #[error("more than {MAX_SALTS} different salts")]
    Salts,
}

/// Findings that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<Place, Known>,
}

/// What an entry is found by, in the order in which entries are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    path: SourcePath,
    rule: String,
    key: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    /// How many such findings are known: one more is new.
    count: u64,
    /// `true` if it was found in git's history, so that the files cannot say it is gone.
    history: bool,
    note: Option<String>,
}

/// Where files are, so that a renamed one can be told from a copied one.
pub struct Files<'a> {
    /// What a finding's path needs before it to be one of the baseline's.
    pub folder: &'a [u8],
    /// Whether a file of the baseline is still there.
    pub exists: &'a dyn Fn(&SourcePath) -> bool,
    /// Whether a file of the baseline, if it is there, was among what was scanned.
    pub in_scope: &'a dyn Fn(&SourcePath) -> bool,
    /// `true` if files were scanned, so that what is not found in them is gone.
    pub covers_files: bool,
    /// `true` if all of git's history was scanned.
    pub covers_history: bool,
}

/// A line of the file. All is optional, since the list ends with `{}`: so each entry ends
/// with a comma, and adding one changes no other line.
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
    /// Reads a baseline.
    ///
    /// An entry that is there twice, as merging line by line can leave it, counts as often
    /// as the higher of the two says.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(text: &[u8]) -> Result<Self, BaselineError> {
        let file: File =
            serde_json::from_slice(text).map_err(|error| match conflict_line(text) {
                Some(line) => BaselineError::Conflict(line),
                None => BaselineError::Shape(error),
            })?;
        if file.version != VERSION {
            return Err(BaselineError::Version(file.version));
        }
        let mut entries: BTreeMap<Place, Known> = BTreeMap::new();
        for line in file.entries.into_iter().filter(|line| !line.key.is_empty()) {
            if salt_of(&line.key).is_none() {
                return Err(BaselineError::Key(line.key));
            }
            let place = Place { path: path_of(&line.path), rule: line.rule, key: line.key };
            let known = entries.entry(place).or_insert(Known {
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

    /// The file's text: an entry a line, sorted, and nothing that changes by itself.
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
            // A struct of texts and numbers is always JSON.
            let line = serde_json::to_string(&line).unwrap_or_default();
            let _ = writeln!(text, "{line},");
        }
        text.push_str("{}\n]\n}\n");
        text
    }

    /// How many findings it knows.
    pub fn len(&self) -> u64 {
        self.entries.values().fold(0, |sum, known| sum.saturating_add(known.count))
    }

    /// Path, rule, count and note of each entry, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&SourcePath, &str, u64, Option<&str>)> {
        self.entries
            .iter()
            .map(|(place, known)| (&place.path, &*place.rule, known.count, known.note.as_deref()))
    }

    /// Takes out of `outcome` what is known, and counts it.
    pub fn apply(&self, outcome: &mut Outcome, files: &Files<'_>) {
        let matched = self.matches(&outcome.findings, files);
        let count = matched.iter().flatten().count() as u64;
        let mut known = matched.into_iter().map(|place| place.is_some());
        outcome.findings.retain(|_| !known.next().unwrap_or(false));
        if count > 0 {
            *outcome.suppressed.entry("baseline").or_default() += count;
        }
    }

    /// The baseline after a scan that found `findings`: entries of renamed files under the
    /// new name, without what is gone, and with what is new if `add` says so. What was out
    /// of the scan's scope stays.
    pub fn renewed(&self, findings: &[Finding], files: &Files<'_>, add: bool) -> Self {
        let matched = self.matches(findings, files);
        let salt = self.salts().first().map_or_else(new_salt, |salt| salt.to_string());
        let mut keys = Keys::default();
        let mut entries: BTreeMap<Place, Known> = BTreeMap::new();
        for (finding, old) in findings.iter().zip(&matched) {
            if old.is_none() && !add {
                continue;
            }
            let place = Place {
                path: placed(files.folder, finding),
                rule: finding.rule.to_string(),
                key: old.map_or_else(|| keys.key(finding, &salt), |old| old.key.clone()),
            };
            let old = old.and_then(|old| self.entries.get(old));
            let history = old.map_or(finding.history.is_some(), |old| old.history);
            let note = old.and_then(|old| old.note.clone());
            let known = entries.entry(place).or_insert(Known { count: 0, history, note: None });
            known.count += 1;
            known.note = known.note.take().or(note);
        }
        for (place, known) in &self.entries {
            let is_covered = match known.history {
                true => files.covers_history,
                false => {
                    let is_elsewhere =
                        (files.exists)(&place.path) && !(files.in_scope)(&place.path);
                    files.covers_files && !is_elsewhere
                }
            };
            if !is_covered {
                let kept = entries.entry(place.clone()).or_insert_with(|| known.clone());
                kept.count = kept.count.max(known.count);
            }
        }
        Self { entries }
    }

    /// For each finding the entry that knows it. Each entry knows as many as it counts.
    ///
    /// After a merge one finding may have an entry with each of two salts. It uses up
    /// both, or a copy of the secret would go for the other.
    fn matches(&self, findings: &[Finding], files: &Files<'_>) -> Vec<Option<&Place>> {
        let mut left: BTreeMap<&Place, u64> =
            self.entries.iter().map(|(place, known)| (place, known.count)).collect();
        let salts: Vec<String> = self.salts().into_iter().map(str::to_string).collect();
        let mut keys = Keys::default();
        let mut matched: Vec<Option<&Place>> = vec![None; findings.len()];
        for (finding, matched) in findings.iter().zip(&mut matched) {
            let path = placed(files.folder, finding);
            for salt in &salts {
                let key = keys.key(finding, salt);
                let place = Place { path: path.clone(), rule: finding.rule.to_string(), key };
                let Some((place, _)) = self.entries.get_key_value(&place) else { continue };
                if let Some(left) = left.get_mut(place).filter(|left| **left > 0) {
                    *left -= 1;
                    matched.get_or_insert(place);
                }
            }
        }
        // What is left of files that are gone may stand in a file with another name.
        let mut moved: HashMap<(String, String), Vec<(&Place, u64)>> = HashMap::new();
        for (place, left) in left {
            let is_history = self.entries.get(place).is_some_and(|known| known.history);
            if left > 0 && !is_history && !(files.exists)(&place.path) {
                let name = (place.rule.clone(), place.key.clone());
                moved.entry(name).or_default().push((place, left));
            }
        }
        if moved.is_empty() {
            return matched;
        }
        let new = findings.iter().zip(&mut matched).filter(|(_, matched)| matched.is_none());
        for (finding, matched) in new {
            for salt in &salts {
                let name = (finding.rule.to_string(), keys.key(finding, salt));
                let Some(places) = moved.get_mut(&name) else { continue };
                if let Some((place, left)) = places.last_mut() {
                    matched.get_or_insert(place);
                    *left -= 1;
                    if *left == 0 {
                        places.pop();
                    }
                }
            }
        }
        matched
    }

    fn salts(&self) -> BTreeSet<&str> {
        self.entries.keys().filter_map(|place| salt_of(&place.key)).collect()
    }
}

/// Keys that were made, since some take time.
#[derive(Default)]
struct Keys(HashMap<(String, Vec<u8>), String>);

impl Keys {
    fn key(&mut self, finding: &Finding, salt: &str) -> String {
        let subject = Subject::of(finding);
        let bytes = match subject {
            Subject::Secret(secret) => secret.expose(),
            Subject::Text(text) => return Subject::Text(text).key(salt),
        };
        self.0
            .entry((salt.to_string(), bytes.to_vec()))
            .or_insert_with(|| subject.key(salt))
            .clone()
    }
}

/// The line of the first conflict marker, counted from 1.
fn conflict_line(text: &[u8]) -> Option<usize> {
    let marks = [b"<<<<<<<".as_slice(), b"=======", b">>>>>>>"];
    let is_mark = |line: &[u8]| marks.iter().any(|mark| line.starts_with(mark));
    text.split(|byte| *byte == b'\n').position(is_mark).map(|line| line + 1)
}

/// A finding's path as the baseline names it.
fn placed(folder: &[u8], finding: &Finding) -> SourcePath {
    SourcePath::from_bytes([folder, finding.location.path.as_bytes()].concat())
}

/// A path as JSON can hold it: a byte that is not UTF-8 as `\xff`, a backslash as `\\`.
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

/// The path that [`text_of`] wrote.
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
    fn what_a_merge_left_twice_counts_once_and_as_the_higher_says() {
        let line = |count| {
            format!(
                "{{\"path\":\"a\",\"rule\":\"r\",\"key\":\"t.0123456789abcdef.0123456789abcdef\",\"count\":{count}}},\n"
            )
        };
        let text = format!("{{\"version\":1,\"entries\":[\n{}{}{{}}\n]}}", line(1), line(3));
        let baseline = Baseline::read(text.as_bytes()).expect("it is one");
        assert_eq!((baseline.entries.len(), baseline.len()), (1, 3));
        assert_eq!(Baseline::read(baseline.text().as_bytes()).expect("it is one"), baseline);
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
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
