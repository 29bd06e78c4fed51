//! `docs/architecture.md`: its table of floors, and the files that it names.

use std::path::{Path, PathBuf};

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    std::fs::read_to_string(path).unwrap()
}

/// The words between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The folders of each floor, from the bottom up; folders of one floor do not refer to each other.
pub fn floors() -> Vec<Vec<String>> {
    let page = page();
    let table = page.lines().skip_while(|line| !line.starts_with("| floor |")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    let folders = |row: &str| -> Vec<String> {
        let cell = row.split('|').nth(2).unwrap();
        quoted(cell).map(|name| name.trim_end_matches(['/']).replace(".rs", "")).collect()
    };
    let mut floors: Vec<_> = rows.map(folders).collect();
    floors.reverse();
    assert!(floors.len() > 5, "the table of floors is read");
    floors
}

/// The files and folders below `folder`, relative to `root`.
fn entries(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        found.push(path.strip_prefix(root).unwrap().to_path_buf());
        if path.is_dir() {
            entries(root, &path, found);
        }
    }
}

#[test]
fn every_file_that_the_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = vec![PathBuf::from("README.md"), PathBuf::from("CHANGELOG.md")];
    for folder in ["src", "rules", "tests", "docs", "fixtures"] {
        known.push(folder.into());
        entries(root, &root.join(folder), &mut known);
    }
    let page = page();
    // In the fenced drawing, backquotes are part of the text.
    let prose: String = page.split("```").step_by(2).collect();
    let is_path = |name: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte);
        let is_file = [".rs", ".toml", ".md", ".txt"].iter().any(|ending| name.ends_with(ending));
        name.bytes().all(plain) && (name.contains('/') || is_file)
    };
    // `x` stands for the name of a new file.
    let is_new = |name: &str| Path::new(name).file_stem().is_some_and(|stem| stem == "x");
    let names: Vec<&str> = quoted(&prose).filter(is_path).filter(|name| !is_new(name)).collect();
    assert!(names.len() > 60, "{names:?}");
    let is_there = |name: &str| known.iter().any(|path| path.ends_with(name));
    let missing: Vec<&str> = names.into_iter().filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "docs/architecture.md names {missing:?}");
}
