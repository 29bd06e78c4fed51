//! The page on containers is correct for every reader.

use super::{artefacts, small_files, token};
use hfscan::internal::decode::container::{CONTAINERS, identify};
use std::{collections::BTreeSet, path::Path};

/// The cells of every row of the first table.
fn rows() -> Vec<Vec<String>> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/containers.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let table = page.lines().skip_while(|line| !line.starts_with("|---"));
    let rows = table.skip(1).take_while(|line| line.starts_with('|'));
    let cells =
        |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().into()).collect();
    rows.map(cells).collect()
}

/// The readers that a row describes.
fn readers(row: &[String]) -> BTreeSet<&'static str> {
    let names = CONTAINERS.iter().map(|container| container.name());
    names.filter(|name| row[0].contains(&format!("`{name}`"))).collect()
}

#[test]
fn every_reader_has_one_row_and_every_row_a_reader() {
    let (mut listed, mut count) = (BTreeSet::new(), 0);
    for row in rows() {
        let names = readers(&row);
        assert!(!names.is_empty(), "{row:?} is about no reader");
        assert!(row.len() == 5 && row.iter().all(|cell| !cell.is_empty()), "{row:?}");
        count += names.len();
        listed.extend(names);
    }
    let known: BTreeSet<_> = CONTAINERS.iter().map(|container| container.name()).collect();
    assert_eq!(listed, known);
    assert_eq!(count, known.len(), "a reader stands in two rows");
}

/// With all libraries, each reader has an artefact with a token that is found.
#[test]
fn every_reader_that_is_listed_is_tried_on_a_real_file() {
    let folder = tempfile::tempdir().expect("a folder");
    artefacts(folder.path(), &token());
    let mut tried = BTreeSet::new();
    let mut folders = vec![folder.path().to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        files.extend(small_files(&folder));
        let inner =
            std::fs::read_dir(folder).expect("a folder").map(|one| one.expect("one").path());
        folders.extend(inner.filter(|path| path.is_dir()));
    }
    for path in files {
        let bytes = std::fs::read(path).expect("it can be read");
        tried.extend(identify(&bytes).map(|container| container.name()));
    }
    let known: BTreeSet<_> = CONTAINERS.iter().map(|container| container.name()).collect();
    let all = std::env::var_os("HFSCAN_TEST_PYTHON").is_some();
    let missed: Vec<_> = known.difference(&tried).collect();
    assert!(tried.len() >= 8 && (missed.is_empty() || !all), "not tried: {missed:?}");
}

#[test]
fn a_reader_is_fuzzed_if_the_page_says_so() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    for row in rows() {
        for name in readers(&row) {
            assert_eq!(row[4] == "yes", corpus.join(name).is_dir(), "{name}");
        }
    }
}
