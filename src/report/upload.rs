//! The files of an upload in reports.

use super::wording::{counted, human_bytes, listed};
use crate::model::{
    SourcePath, Upload,
    upload::{LeftOut, LeftOutBy},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// The lines of the text report; with `is_verbose`, each file is listed.
pub fn lines(upload: &Upload, is_verbose: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if is_verbose {
        lines.extend(upload.included.iter().map(|file| format!("uploaded: {}", file.path)));
        lines.extend(upload.excluded.iter().map(left_out));
    }
    let to = upload
        .destination
        .as_deref()
        .map_or(String::new(), |to| format!(" to {}", crate::model::escaped(to.as_bytes())));
    let count = counted(upload.included.len() as u64, "file");
    let mut first = match upload.failures.len() as u64 {
        0 => format!("would upload{to}: {count}, {}", human_bytes(upload.bytes())),
        failures => format!(
            "would fail{to}: {} blocking {count}, {}",
            counted(failures, "file"),
            human_bytes(upload.bytes())
        ),
    };
    let mut kinds = BTreeMap::<&str, u64>::new();
    for one in &upload.excluded {
        *kinds.entry(one.by.as_str()).or_default() += 1;
    }
    if let Some(kinds) = listed(kinds.into_iter()) {
        first.push_str(&format!("; excluded: {} ({kinds})", upload.excluded.len()));
    }
    lines.push(first);
    lines.extend(upload.notes.iter().map(|note| format!("note: {note}")));
    if !upload.excludes.is_empty() {
        let options: Vec<String> =
            upload.excludes.iter().map(|one| format!("--exclude {}", quoted(one))).collect();
        lines.push(format!("to exclude the files with findings: {}", options.join(" ")));
    }
    lines
}

fn left_out(one: &LeftOut) -> String {
    let by = match &one.by {
        LeftOutBy::NotIncluded => "no --include matches".to_string(),
        LeftOutBy::Excluded(pattern) => format!("--exclude {}", quoted(pattern)),
        LeftOutBy::BuiltIn(pattern) => format!("built-in pattern {pattern}"),
        LeftOutBy::Gitignore => ".gitignore, after its first 512 bytes are sent".to_string(),
        LeftOutBy::NotAFile => "not a regular file".to_string(),
        LeftOutBy::Unreadable => "cannot be listed".to_string(),
    };
    format!("excluded: {}: {by}", one.path)
}

/// A word quoted for a shell.
fn quoted(text: &str) -> String {
    let text = crate::model::escaped(text.as_bytes());
    match text.contains(['"', '$', '`', '\\', '!']) {
        true => format!("'{}'", text.replace('\'', r"'\''")),
        false => format!("\"{text}\""),
    }
}

/// The record of an upload in hfscan's own JSON formats.
#[derive(Serialize)]
pub struct UploadRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<&'a str>,
    kind: &'static str,
    gitignore: &'static str,
    bytes: u64,
    included: Vec<IncludedRecord>,
    excluded: Vec<ExcludedRecord<'a>>,
    fails: Vec<FailureRecord>,
    notes: &'a [String],
    excludes: &'a [String],
}

#[derive(Serialize)]
struct IncludedRecord {
    path: String,
    name: String,
    size: u64,
}

#[derive(Serialize)]
struct ExcludedRecord<'a> {
    path: String,
    by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'a str>,
}

#[derive(Serialize)]
struct FailureRecord {
    path: String,
    reason: &'static str,
}

impl<'a> UploadRecord<'a> {
    /// The record of an upload.
    pub fn of(upload: &'a Upload) -> Self {
        let text = SourcePath::to_text;
        Self {
            destination: upload.destination.as_deref(),
            kind: if upload.is_bucket { "bucket" } else { "repository" },
            gitignore: upload.gitignore.as_str(),
            bytes: upload.bytes(),
            included: upload
                .included
                .iter()
                .map(|file| IncludedRecord {
                    path: text(&file.path),
                    name: text(&file.name),
                    size: file.size,
                })
                .collect(),
            excluded: upload
                .excluded
                .iter()
                .map(|one| ExcludedRecord {
                    path: text(&one.path),
                    by: one.by.as_str(),
                    pattern: one.by.pattern(),
                })
                .collect(),
            fails: upload
                .failures
                .iter()
                .map(|(path, why)| FailureRecord { path: text(path), reason: why.reason() })
                .collect(),
            notes: &upload.notes,
            excludes: &upload.excludes,
        }
    }
}
