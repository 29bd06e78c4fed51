//! Reads git's configuration files, and all files that they include, before libgit2, which would
//! block on a FIFO and does not limit the number of files.

use super::error::GitError;
use crate::{
    model::text_start,
    source::{regular, tracked::path_of},
};
use std::{
    env,
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// Maximum nesting depth of includes, as in libgit2.
const MAX_DEPTH: usize = 10;
/// Maximum number of files read; a file counts once per include.
const MAX_FILES: usize = 1000;
/// Maximum total size of all files in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// Checks `files`, which need not exist, and the files that they include under any condition.
///
/// # Errors
/// Returns an error if a file is not regular, or if they are too many or too large.
pub fn check(files: &[PathBuf]) -> Result<(), GitError> {
    let (mut number, mut left) = (0, MAX_BYTES);
    let mut waiting: Vec<_> = files.iter().map(|file| (file.clone(), 0, None)).collect();
    while let Some((path, depth, named)) = waiting.pop() {
        let refused = |what: &str| Err(refusal(&path, named.as_ref(), what));
        number += 1;
        if number > MAX_FILES || depth > MAX_DEPTH {
            return refused("one file too many");
        }
        let text = match regular::read(&path, left) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                // libgit2 itself reports a folder as an error.
                if path.is_dir() {
                    continue;
                }
                return refused("not a regular file");
            }
            Err(error) if error.kind() == ErrorKind::FileTooLarge => {
                return refused("too large");
            }
            Err(_) => continue,
        };
        left -= text.len() as u64;
        for (line, value) in includes(&text) {
            let included = resolved(&path, &value);
            waiting.push((included, depth + 1, Some((path.clone(), line))));
        }
    }
    Ok(())
}

fn refusal(path: &Path, named: Option<&(PathBuf, usize)>, what: &str) -> GitError {
    let (path, what) = (path.to_path_buf(), what.to_string());
    match named.cloned() {
        Some((config, line)) => GitError::Include { config, line, path, what },
        None => GitError::Config { path, what },
    }
}

/// The path of a file included in `config`.
fn resolved(config: &Path, value: &[u8]) -> PathBuf {
    match (value.strip_prefix(b"~/"), env::home_dir()) {
        (Some(rest), Some(home)) => home.join(path_of(rest)),
        _ => config.parent().unwrap_or(config).join(path_of(value)),
    }
}

/// The files that a configuration includes, with their line numbers, from 1.
fn includes(text: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let mut found = Vec::new();
    let (mut is_include, mut line) = (false, 1);
    let mut rest = &text[text_start(text)..];
    while !rest.is_empty() {
        let start = line;
        let len = statement_len(rest);
        let (mut statement, after) = rest.split_at(len);
        line += memchr::memchr_iter(b'\n', statement).count();
        rest = after;
        statement = statement.trim_ascii();
        if statement.starts_with(b"[") {
            let name = statement[1..].trim_ascii_start().to_ascii_lowercase();
            is_include = name.starts_with(b"include");
            statement = statement[header_len(statement)..].trim_ascii_start();
        }
        let Some(at) = memchr::memchr(b'=', statement).filter(|_| is_include) else { continue };
        if statement[..at].trim_ascii().eq_ignore_ascii_case(b"path") {
            found.push((start, value_of(&statement[at + 1..])));
        }
    }
    found
}

/// Length in bytes of the first line, with its continuation lines.
fn statement_len(text: &[u8]) -> usize {
    let mut ends = memchr::memchr_iter(b'\n', text);
    let end = ends.find(|end| {
        let line = &text[..*end];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        !line.ends_with(b"\\")
    });
    end.map_or(text.len(), |end| end + 1)
}

/// Length in bytes of a section header. Brackets may be quoted.
fn header_len(statement: &[u8]) -> usize {
    let mut is_quoted = false;
    let mut bytes = statement.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'"' => is_quoted = !is_quoted,
            b']' if !is_quoted => return at + 1,
            _ => {}
        }
    }
    statement.len()
}

/// A value without its quotes, escapes and comment.
fn value_of(text: &[u8]) -> Vec<u8> {
    let mut value = Vec::new();
    let (mut is_quoted, mut kept) = (false, 0);
    let mut bytes = text.trim_ascii().iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'#' | b';' if !is_quoted => break,
            b'\\' => match bytes.next() {
                Some(b'\r') => drop(bytes.next_if_eq(&b'\n')),
                Some(b'\n') | None => {}
                Some(b'n') => value.push(b'\n'),
                Some(b't') => value.push(b'\t'),
                Some(b'b') => value.push(8),
                Some(other) => value.push(other),
            },
            _ => value.push(byte),
        }
        if is_quoted || !byte.is_ascii_whitespace() {
            kept = value.len();
        }
    }
    value.truncate(kept);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<(usize, String)> {
        let text_of = |value: Vec<u8>| String::from_utf8_lossy(&value).into_owned();
        includes(text.as_bytes()).into_iter().map(|(line, value)| (line, text_of(value))).collect()
    }

    #[test]
    fn an_include_is_found_however_it_is_written() {
        for text in [
            "[include]\n\tpath = a b",
            "\u{feff}[include]\npath=a b\n",
            "[core]\n[Include]\r\n  PATH = \"a b\" # why\r\n",
            "[include] path = a b ; why\n",
            "[includeIf \"gitdir:[x\\\"]/\"] path = a\" \"b",
            "[includeif \"onbranch:main\"]\n\tother = 1\n\tpath = a \\\nb",
            "[ include ]\npath = \"a\\u0020\\\\\"\n[include]\npath = a b",
        ] {
            let found = paths(text);
            assert_eq!(found.last().map(|one| one.1.as_str()), Some("a b"), "{text:?}");
        }
        assert_eq!(paths("[a]\n\\\n\n[include]\npath=x\n"), [(5, "x".to_string())]);
    }

    #[test]
    fn other_paths_are_no_includes() {
        for text in ["[core]\npath = a", "[include]\n#path = a\n", "path = a", "[include]\npath\n"]
        {
            assert!(paths(text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn files_that_include_others_without_end_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name);
        std::fs::write(file("itself"), "[include]\npath = itself\n").expect("a file");
        assert!(check(&[file("itself")]).is_err());
        // Each file includes the next a hundred times.
        for level in 0..9 {
            let text = format!("[include]\n{}", format!("path = {}\n", level + 1).repeat(100));
            std::fs::write(file(&level.to_string()), text).expect("a file");
        }
        assert!(check(&[file("0")]).is_err());
        assert!(check(&[file("8"), file("none")]).is_ok());
    }
}
