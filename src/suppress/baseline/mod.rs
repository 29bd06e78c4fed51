//! Findings that a team has accepted, so that only new ones count.

pub mod key;
pub mod peer;

use crate::model::{Finding, SourcePath, Suppressor, Warning};
use key::{Subject, new_salt, salt_of};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write as _,
};

/// The name of the baseline in the repository's root.
pub const DEFAULT_NAME: &str = ".hfscan-baseline.json";
/// Changes when the meaning of the format changes.
const VERSION: u32 = 1;
/// Maximum number of salts in one baseline: one for each baseline that was merged into it.
/// Each costs time for each finding.
const MAX_SALTS: usize = 64;

/// The reason why a baseline cannot be used. It quotes nothing from the file, because a misplaced
/// text may be a secret.
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
    /// A merge left its conflict markers in it.
    #[error("line {0}: conflict marker; keep the entries of both sides and delete the markers")]
    Conflict(usize),
    /// A later hfscan wrote it.
    #[error("version {0} of the format; this hfscan reads version {VERSION}")]
    Version(u32),
    /// An entry's key is invalid.
    #[error("the key of entry {0} is invalid")]
    Key(usize),
    /// It has more salts than any merge makes.
    #[error("more than {MAX_SALTS} different salts")]
    Salts,
}

impl BaselineError {
    /// The mistake in `text` that a parser found.
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

/// The findings that a baseline has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<EntryKey, Entry>,
}

/// A baseline, and the facts about its files that are needed to apply it.
#[derive(Debug, Clone, Default)]
pub struct AppliedBaseline {
    /// The baseline.
    pub baseline: Baseline,
    /// The prefix that turns a finding's path into one of the baseline's.
    pub folder: Vec<u8>,
    /// The files of the baseline that no longer exist; their entries may match in a renamed
    /// file.
    pub gone: BTreeSet<SourcePath>,
    /// The files of the baseline that the scan covers, whether they exist or not.
    pub covered: BTreeSet<SourcePath>,
    /// The name of the baseline's file, for warnings.
    pub name: SourcePath,
}

impl AppliedBaseline {
    /// For each finding, the suppressor if the baseline contains it.
    pub fn known(&self, findings: &[Finding]) -> Vec<Option<Suppressor>> {
        let exists = |path: &SourcePath| !self.gone.contains(path);
        let suppressor = |place: &EntryKey| Suppressor::Baseline {
            note: self.baseline.entries.get(place).and_then(|known| known.note.clone()),
        };
        let (matched, _) = self.baseline.matches(findings, &self.folder, &exists);
        matched.into_iter().map(|place| place.map(suppressor)).collect()
    }

    /// A warning about entries of the files that the scan covers which match nothing any more.
    /// `findings` are all findings in
    /// documents, and `is_of_documents` tells the rules that make such findings.
    pub fn stale(
        &self,
        findings: &[Finding],
        is_of_documents: &dyn Fn(&str) -> bool,
    ) -> Option<Warning> {
        let exists = |path: &SourcePath| !self.gone.contains(path);
        let (_, left) = self.baseline.matches(findings, &self.folder, &exists);
        let is_covered = |place: &EntryKey| {
            let is_history = self.baseline.entries.get(place).is_some_and(|known| known.history);
            !is_history && self.covered.contains(&place.path) && is_of_documents(&place.rule)
        };
        let count: u64 = left.iter().filter(|(place, _)| is_covered(place)).map(|one| one.1).sum();
        (count > 0).then(|| Warning {
            path: self.name.clone(),
            place: None,
            message: format!(
                "{count} finding{} of the baseline {} gone: `hfscan baseline prune` removes the \
                 entries, so that they hide nothing later",
                if count == 1 { "" } else { "s" },
                if count == 1 { "is" } else { "are" }
            ),
        })
    }
}

/// The key of an entry; entries are written in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct EntryKey {
    path: SourcePath,
    rule: String,
    key: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// The number of such findings that are known: one more is new.
    count: u64,
    /// `true` if it was found in git's history, so that the files cannot show that it is gone.
    history: bool,
    note: Option<String>,
}

/// The facts about files that are needed to renew a baseline.
pub struct Files<'a> {
    /// The prefix that turns a finding's path into one of the baseline's.
    pub folder: &'a [u8],
    /// Returns `true` if a file of the baseline still exists.
    pub exists: &'a dyn Fn(&SourcePath) -> bool,
    /// Returns `true` if an existing file of the baseline was scanned.
    pub in_scope: &'a dyn Fn(&SourcePath) -> bool,
    /// `true` if files were scanned, so that entries not found in them are gone.
    pub covers_files: bool,
    /// `true` if all of git's history was scanned.
    pub covers_history: bool,
}

/// A line of the file. All fields are optional, because the list ends with `{}`: so each entry ends
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
    /// If an entry occurs twice, as a merge line by line may leave it, the higher count applies.
    ///
    /// # Errors
    /// Returns an error if the text is not a baseline that this version reads.
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

    /// The text of the file: one entry per line, sorted. The same findings give the same text.
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

    /// The number of findings it has.
    pub fn len(&self) -> u64 {
        self.entries.values().fold(0, |sum, known| sum.saturating_add(known.count))
    }

    /// `true` if it contains no finding.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The path, rule, count and note of each entry, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&SourcePath, &str, u64, Option<&str>)> {
        self.entries
            .iter()
            .map(|(place, known)| (&place.path, &*place.rule, known.count, known.note.as_deref()))
    }

    /// The files that have entries.
    pub fn paths(&self) -> impl Iterator<Item = &SourcePath> {
        let mut last = None;
        self.entries.keys().map(|place| &place.path).filter(move |path| {
            let is_new = last != Some(*path);
            last = Some(*path);
            is_new
        })
    }

    /// The baseline after a scan that found `findings`: without entries that match nothing
    /// any more, with entries of renamed files under the new name, and if `add` is `true`
    /// with the new findings. Entries of files that were not scanned stay.
    pub fn renewed(&self, findings: &[Finding], files: &Files<'_>, add: bool) -> Self {
        let (matched, _) = self.matches(findings, files.folder, files.exists);
        let salt = self.salts().first().map_or_else(new_salt, |salt| salt.to_string());
        let mut keys = Keys::default();
        let mut entries: BTreeMap<EntryKey, Entry> = BTreeMap::new();
        for (finding, old) in findings.iter().zip(&matched) {
            if old.is_none() && !add {
                continue;
            }
            let place = EntryKey {
                path: placed(files.folder, finding),
                rule: finding.rule.to_string(),
                key: old.map_or_else(|| keys.key(finding, &salt), |old| old.key.clone()),
            };
            let old = old.and_then(|old| self.entries.get(old));
            let history = old.map_or(finding.history.is_some(), |old| old.history);
            let note = old.and_then(|old| old.note.clone());
            let known = entries.entry(place).or_insert(Entry { count: 0, history, note: None });
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

    /// For each finding the entry that matches it. An entry matches at most as many findings as its
    /// count.
    ///
    /// A finding of a secret is also matched under the other rules that found it, so that a new
    /// rule which reports the place does not make it new. After a merge, a finding may have an
    /// entry with each of two salts. It uses both entries, since a copy of the secret would match
    /// the other one otherwise.
    fn matches(
        &self,
        findings: &[Finding],
        folder: &[u8],
        exists: &dyn Fn(&SourcePath) -> bool,
    ) -> (Vec<Option<&EntryKey>>, Vec<(&EntryKey, u64)>) {
        let mut left: BTreeMap<&EntryKey, u64> =
            self.entries.iter().map(|(place, known)| (place, known.count)).collect();
        let salts: Vec<String> = self.salts().into_iter().map(str::to_string).collect();
        let mut keys = Keys::default();
        let mut matched: Vec<Option<&EntryKey>> = vec![None; findings.len()];
        for (finding, matched) in findings.iter().zip(&mut matched) {
            let path = placed(folder, finding);
            for salt in &salts {
                let key = keys.key(finding, salt);
                for rule in rules(finding) {
                    let (path, key) = (path.clone(), key.clone());
                    let place = EntryKey { path, rule: rule.to_string(), key };
                    let Some((place, _)) = self.entries.get_key_value(&place) else { continue };
                    if let Some(left) = left.get_mut(place).filter(|left| **left > 0) {
                        *left -= 1;
                        matched.get_or_insert(place);
                    }
                }
            }
        }
        // Entries of files that are gone may match in a file with another name.
        let mut moved: HashMap<(String, String), Vec<(&EntryKey, u64)>> = HashMap::new();
        let mut rest: Vec<(&EntryKey, u64)> = Vec::new();
        for (place, left) in left.into_iter().filter(|(_, left)| *left > 0) {
            let is_history = self.entries.get(place).is_some_and(|known| known.history);
            if !is_history && !exists(&place.path) {
                let name = (place.rule.clone(), place.key.clone());
                moved.entry(name).or_default().push((place, left));
            } else {
                rest.push((place, left));
            }
        }
        if moved.is_empty() {
            return (matched, rest);
        }
        let new = findings.iter().zip(&mut matched).filter(|(_, matched)| matched.is_none());
        for (finding, matched) in new {
            for salt in &salts {
                let key = keys.key(finding, salt);
                let name = finding
                    .names()
                    .map(|rule| (rule.to_string(), key.clone()))
                    .find(|name| moved.contains_key(name));
                let Some(places) = name.and_then(|name| moved.get_mut(&name)) else { continue };
                if let Some((place, left)) = places.last_mut() {
                    matched.get_or_insert(place);
                    *left -= 1;
                    if *left == 0 {
                        places.pop();
                    }
                }
            }
        }
        rest.extend(moved.into_values().flatten());
        (matched, rest)
    }

    fn salts(&self) -> BTreeSet<&str> {
        self.entries.keys().filter_map(|place| salt_of(&place.key)).collect()
    }
}

/// The rules under which the baseline may contain a finding.
fn rules(finding: &Finding) -> impl Iterator<Item = &str> {
    let also = finding.also.iter().filter(|_| finding.secret.is_some());
    finding.names().chain(also.map(|rule| &**rule))
}

/// Keys that were computed; those of weak secrets take time.
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

/// A finding's path in the baseline. A path that contains a secret is masked, because a baseline is
/// committed.
fn placed(folder: &[u8], finding: &Finding) -> SourcePath {
    let path = &finding.location.path;
    let name = path.masked().map_or(path.as_bytes(), str::as_bytes);
    SourcePath::from_bytes([folder, name].concat())
}

/// A path in JSON: a byte that is not UTF-8 as `\xff`, a backslash as `\\`.
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
