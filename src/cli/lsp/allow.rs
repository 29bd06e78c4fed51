//! Edits of other files that ignore a finding: a digest in the configuration, or an entry in the
//! baseline.

use super::{analysis::Analysis, edit::Beside};
use crate::{
    cli::{
        known::{Scope, with_files},
        surroundings::folder_in_repository,
    },
    config::read_file,
    model::{Finding, Span},
    suppress::{Baseline, baseline::DEFAULT_NAME},
};
use std::path::PathBuf;
use toml::{Spanned, de::DeTable};

/// The file name of a new configuration.
const NEW: &str = ".hfscan.toml";

/// The configuration file of an analysis' project, which may not exist yet.
pub fn configuration(analysis: &Analysis) -> PathBuf {
    let project = &analysis.project;
    project.config.clone().unwrap_or_else(|| project.root.dir().join(NEW))
}

/// The position for a new digest in a configuration, and the text to insert; `None` if the result
/// would be invalid.
pub fn digest(file: &Beside, name: &str, digest: &str) -> Option<(Span, String)> {
    let text = file.text();
    let is_part = name == "pyproject.toml";
    let table: &[&str] = if is_part { &["tool", "hfscan"] } else { &[] };
    let document = DeTable::parse(text).ok()?;
    let mut section = Some(document.get_ref());
    for part in table {
        section = section.and_then(|found| found.get(*part)?.get_ref().as_table());
    }
    let allow = section.and_then(|found| found.get("allow"));
    let list = allow.and_then(|allow| allow.get_ref().as_table()?.get("sha256"));
    let insert = |at: usize, text: String| (Span::new(at, at), text);
    let entry = format!("\"{digest}\"");
    let header = if is_part { "[tool.hfscan.allow]" } else { "[allow]" };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let (span, new) = match (list, allow.map(Spanned::span)) {
        (Some(list), _) => {
            let comma = if list.get_ref().as_array()?.is_empty() { "" } else { ", " };
            insert(list.span().start + 1, format!("{entry}{comma}"))
        }
        (None, Some(table)) if text[table.clone()].starts_with('{') => {
            let comma =
                if text[table.clone()].trim_matches(['{', '}', ' ']).is_empty() { "" } else { "," };
            insert(table.start + 1, format!(" sha256 = [{entry}]{comma}"))
        }
        (None, Some(_)) => {
            let after = text.find(header)? + header.len();
            let at = text[after..].find(['\r', '\n']).map_or(text.len(), |end| after + end);
            insert(at, format!("{newline}sha256 = [{entry}]"))
        }
        (None, None) => {
            let lines = match text {
                "" => 0,
                text if text.ends_with('\n') => 1,
                _ => 2,
            };
            let before = newline.repeat(lines);
            insert(text.len(), format!("{before}{header}{newline}sha256 = [{entry}]{newline}"))
        }
    };
    let changed = [&text[..span.start], &new, &text[span.start..]].concat();
    let layer = read_file(name, &changed, table).ok()??;
    let said = layer.get("allow.sha256")?;
    said.texts().any(|one| one == digest).then_some((span, new))
}

/// The baseline file of an analysis' project.
pub fn baseline_file(analysis: &Analysis) -> PathBuf {
    analysis.project.root.dir().join(DEFAULT_NAME)
}

/// The baseline's new text with a finding; `None` if the baseline cannot be read.
pub fn baseline(file: &Beside, analysis: &Analysis, finding: &Finding) -> Option<String> {
    let known = match file.text() {
        "" => Baseline::default(),
        text => Baseline::read(text.as_bytes()).ok()?,
    };
    let root = &analysis.project.root;
    let folder = folder_in_repository(root);
    // Only this finding was searched for, so all entries are kept.
    let scope = Scope { paths: &[], covers_files: false, covers_history: false };
    let mut text = None;
    with_files(Some(root.dir()), &folder, scope, |files| {
        text = Some(known.renewed(std::slice::from_ref(finding), files, true).text());
    });
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    fn with_digest(name: &str, text: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        let file = Beside::of(&path, &[]).expect("it is a file");
        let (span, new) = digest(&file, name, DIGEST).expect("it can be added");
        [&text[..span.start], &new, &text[span.end..]].concat().replace(DIGEST, "D")
    }

    #[test]
    fn a_digest_is_added_wherever_the_configuration_has_its_place() {
        for (text, expected) in [
            ("", "[allow]\nsha256 = [\"D\"]\n"),
            ("ignore = []", "ignore = []\n\n[allow]\nsha256 = [\"D\"]\n"),
            ("ignore = []\r\n", "ignore = []\r\n\r\n[allow]\r\nsha256 = [\"D\"]\r\n"),
            ("[allow]\nsha256 = []\n", "[allow]\nsha256 = [\"D\"]\n"),
            ("[allow] # x\npaths = [\"a\"]\n", "[allow] # x\nsha256 = [\"D\"]\npaths = [\"a\"]\n"),
            ("allow = { paths = [\"a\"] }\n", "allow = { sha256 = [\"D\"], paths = [\"a\"] }\n"),
            ("allow = {}\n", "allow = { sha256 = [\"D\"]}\n"),
            ("allow.sha256 = [\n  # é\n]\n", "allow.sha256 = [\"D\"\n  # é\n]\n"),
        ] {
            assert_eq!(with_digest(".hfscan.toml", text), expected, "{text}");
        }
        let other = "0".repeat(64);
        let text = format!("[allow]\nsha256 = [\n  \"{other}\",\n]\n");
        let expected = format!("[allow]\nsha256 = [\"D\", \n  \"{other}\",\n]\n");
        assert_eq!(with_digest("hfscan.toml", &text), expected);
    }

    #[test]
    fn in_a_project_file_of_python_the_place_is_that_of_hfscan() {
        let expected = "[project]\nname = \"a\"\n\n[tool.hfscan.allow]\nsha256 = [\"D\"]\n";
        assert_eq!(with_digest("pyproject.toml", "[project]\nname = \"a\"\n"), expected);
    }
}
