//! Files as in real repositories: each leak is found, and its clean twin is not.

use crate::support::Workspace;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// A workspace with the expanded copy of a folder of fixtures.
fn copy_of(folder: &str) -> Workspace {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let workspace = Workspace::new();
    for file in files(&root) {
        let path = file.strip_prefix(&root).unwrap().to_str().unwrap();
        if path != "expected.txt" {
            workspace.write(path, &std::fs::read_to_string(&file).unwrap());
        }
    }
    workspace
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// The names of the files below `folder`, relative to it.
fn names(folder: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let name = |file: PathBuf| file.strip_prefix(&root).unwrap().to_str().unwrap().to_string();
    files(&root).into_iter().map(name).filter(|name| name != "expected.txt").collect()
}

#[test]
fn every_leaky_file_gives_exactly_the_findings_it_is_meant_to() {
    let expected = include_str!("../../fixtures/leaky/expected.txt");
    let expected: BTreeSet<String> = expected.lines().map(str::to_string).collect();
    let found: BTreeSet<String> = copy_of("leaky")
        .run(&["--format", "json", "--ignore", "token-reused"])
        .places()
        .into_iter()
        .collect();
    let missed: Vec<_> = expected.difference(&found).collect();
    let unexpected: Vec<_> = found.difference(&expected).collect();
    assert!(missed.is_empty() && unexpected.is_empty(), "{missed:#?}\nnot {unexpected:#?}");
}

#[test]
fn no_clean_file_gives_a_finding() {
    let run = copy_of("clean").run(&["--format", "json"]);
    assert_eq!(run.places(), [] as [&str; 0]);
    assert_eq!(run.code, Some(0));
}

#[test]
fn every_leaky_file_has_findings_and_a_clean_twin() {
    let leaky = names("leaky");
    assert_eq!(leaky, names("clean"));
    let expected = include_str!("../../fixtures/leaky/expected.txt");
    for file in &leaky {
        let start = format!("{file}:");
        assert!(expected.lines().any(|line| line.starts_with(&start)), "{file}");
    }
}
