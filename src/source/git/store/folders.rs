//! The folders of a repository's object store.

use crate::source::{regular, tracked::path_of};
use std::path::{Path, PathBuf};

/// Maximum size in bytes of a list of alternates.
const MAX_ALTERNATES: u64 = 1 << 20;

/// The path in a line. Git quotes unusual paths with C escapes.
fn unquoted(line: &[u8]) -> Vec<u8> {
    let Some(quoted) = line.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) else {
        return line.to_vec();
    };
    let mut path = Vec::with_capacity(quoted.len());
    let mut bytes = quoted.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            path.push(byte);
            continue;
        }
        path.push(match bytes.next() {
            Some(b'a') => 7,
            Some(b'b') => 8,
            Some(b't') => b'\t',
            Some(b'n') => b'\n',
            Some(b'v') => 11,
            Some(b'f') => 12,
            Some(b'r') => b'\r',
            Some(digit @ b'0'..=b'3') => {
                let mut value = digit - b'0';
                for _ in 0..2 {
                    let digit = bytes.next().unwrap_or(b'0');
                    value = value.wrapping_mul(8).wrapping_add(digit.wrapping_sub(b'0') & 7);
                }
                value
            }
            Some(other) => other,
            None => break,
        });
    }
    path
}

/// The folders, and those in their `info/alternates`, without duplicates.
pub fn with_alternates(folders: &[PathBuf]) -> Vec<PathBuf> {
    // Git itself follows five levels.
    const MAX_DEPTH: usize = 5;
    let mut all: Vec<PathBuf> = Vec::new();
    let mut next: Vec<(PathBuf, usize)> = folders.iter().map(|one| (one.clone(), 0)).collect();
    next.reverse();
    while let Some((folder, depth)) = next.pop() {
        let folder = std::fs::canonicalize(&folder).unwrap_or(folder);
        if all.contains(&folder) || depth > MAX_DEPTH {
            continue;
        }
        let text =
            regular::read(&folder.join("info/alternates"), MAX_ALTERNATES).unwrap_or_default();
        let lines = text.split(|byte| *byte == b'\n');
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with(b"#")) {
            next.push((folder.join(path_of(&unquoted(line))), depth + 1));
        }
        all.push(folder);
    }
    all
}

/// The pack indexes in a folder, sorted.
pub fn index_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "idx"))
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_quotes_is_read_with_its_escapes() {
        assert_eq!(unquoted(b"../plain \\ \"path"), b"../plain \\ \"path");
        assert_eq!(unquoted(br#""/a\tb\303\244\"\\c""#), b"/a\tb\xc3\xa4\"\\c");
    }
}
