//! Findings inside containers, and the limits on hostile ones.

mod artefacts;
mod drain;
mod hidden;
mod hostile;
mod mutated;
mod page;
mod planted;
mod rows;
mod turned_down;
mod versions;
mod zip;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A text in the format of a token, generated when the test runs.
fn token() -> String {
    hfscan::internal::rule::example::expand("hf_{{alpha:34}}")
}

/// The report of hfscan on a folder, as JSON.
fn scan(folder: &Path) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_hfscan"))
        .args(["--no-progress", "--ignore", "token-reused", "--format", "json", "."])
        .current_dir(folder)
        .output()
        .expect("hfscan runs");
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{error}: {text}{:?}", String::from_utf8_lossy(&output.stderr))
    })
}

/// `file!member!key:line:column rule` of every finding.
fn places(report: &serde_json::Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("a list");
    let place = |finding: &serde_json::Value| {
        let location = &finding["location"];
        let mut name = location["path"].as_str().expect("a path").to_string();
        for part in location["inside"].as_array().into_iter().flatten() {
            name = format!("{name}!{}", part.as_str().expect("a name"));
        }
        let start = &location["start"];
        format!("{name}:{}:{} {}", start["line"], start["column"], finding["rule"])
    };
    findings.iter().map(place).collect()
}

/// The locations of the findings in one file.
fn found(name: &str, content: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), content).expect("it can be written");
    places(&scan(folder.path()))
}

/// Writes the artefacts for which the Python in use has libraries. Returns, for each, its name and
/// a text that its location must contain.
fn artefacts(folder: &Path, token: &str) -> Vec<(String, String)> {
    let python = std::env::var("HFSCAN_TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/make_artefacts.py");
    let output = Command::new(python)
        .arg(script)
        .arg(folder)
        .arg(token)
        .output()
        .expect("Python 3 makes the artefacts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let list = String::from_utf8_lossy(&output.stdout);
    let pair = |line: &str| line.split_once('\t').map(|(name, place)| (name.into(), place.into()));
    list.lines().filter_map(pair).collect()
}

/// The files of a folder that are small enough to be mutated many times.
fn small_files(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = files
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file() && path.metadata().is_ok_and(|data| data.len() < 1 << 20))
        .collect();
    files.sort();
    files
}
