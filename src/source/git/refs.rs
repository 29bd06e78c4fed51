//! References that cannot be read. libgit2 silently omits them from its list.

use crate::{
    model::{ObjectId, SourcePath},
    source::regular,
};
use std::{fs, io, path::Path};

/// Maximum size in bytes of a reference file.
const MAX_REFERENCE: u64 = 64 << 10;
/// Maximum size in bytes of `packed-refs`.
const MAX_PACKED: u64 = 1 << 30;
/// Maximum number of files and folders read: a hostile repository may have any number.
const MAX_ENTRIES: usize = 1 << 20;
/// Maximum nesting depth of folders read.
const MAX_DEPTH: usize = 64;
/// Maximum number of symbolic references that lead from one to the next, as in git.
const MAX_SYMBOLIC: usize = 5;

/// A reference, or a file of references, and the defect in it.
pub type Broken = (String, String);

/// The unreadable references below the folder `common`, and the `HEAD` in `git_dir` if it is
/// unreadable.
pub fn broken(common: &Path, git_dir: &Path) -> Vec<Broken> {
    let mut broken = Vec::new();
    if let Err(detail) = check(&git_dir.join("HEAD"), common) {
        broken.push(("HEAD".to_string(), detail));
    }
    match regular::read(&common.join("packed-refs"), MAX_PACKED) {
        Ok(text) => {
            let wrong = text.split(|byte| *byte == b'\n').position(|line| !is_packed(line));
            if let Some(line) = wrong {
                let detail = format!("line {} is malformed", line + 1);
                broken.push(("packed-refs".to_string(), detail));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => broken.push(("packed-refs".to_string(), error.to_string())),
    }
    let mut folders = vec![(common.join("refs"), 0)];
    let mut left = MAX_ENTRIES;
    while let Some((folder, depth)) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                broken.push((name_of(common, &folder), error.to_string()));
                continue;
            }
        };
        for entry in entries.flatten() {
            let path = entry.path();
            left = left.saturating_sub(1);
            if left == 0 || depth > MAX_DEPTH {
                broken.push((name_of(common, &path), "there are too many references".into()));
                return broken;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push((path, depth + 1));
            } else if !path.as_os_str().as_encoded_bytes().ends_with(b".lock")
                && let Err(detail) = check(&path, common)
            {
                broken.push((name_of(common, &path), detail));
            }
        }
    }
    broken.sort();
    broken
}

fn name_of(common: &Path, path: &Path) -> String {
    crate::model::SourcePath::from_path(path.strip_prefix(common).unwrap_or(path)).to_text()
}

/// Checks a reference file. Returns an error if it contains neither an object name nor the name of
/// another reference, or if that leads back to itself. A reference to one that does not exist is
/// valid, as `HEAD` is before the first commit.
fn check(path: &Path, common: &Path) -> Result<(), String> {
    let mut text = regular::read(path, MAX_REFERENCE).map_err(|error| error.to_string())?;
    for _ in 0..=MAX_SYMBOLIC {
        let Some(target) = text.strip_prefix(b"ref:") else {
            let name = text.get(..40).and_then(ObjectId::from_hex);
            let is_object = name.is_some() && text.get(40).is_none_or(u8::is_ascii_whitespace);
            let broken = "a broken reference: it names no object";
            return if is_object { Ok(()) } else { Err(broken.into()) };
        };
        let target = SourcePath::from_bytes(target.trim_ascii());
        let target = common.join(target.to_path());
        match regular::read(&target, MAX_REFERENCE) {
            Ok(next) => text = next,
            // It is in `packed-refs`, or does not exist; if it cannot be read, it is listed itself.
            Err(_) => return Ok(()),
        }
    }
    Err("a broken reference: it leads to too many others, or to itself".into())
}

/// `true` if a line of `packed-refs` is a comment, a reference or a peeled tag.
fn is_packed(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match line {
        [] | [b'#', ..] => true,
        [b'^', rest @ ..] => ObjectId::from_hex(rest).is_some(),
        _ => {
            let name = line.get(..40).and_then(ObjectId::from_hex);
            name.is_some() && line.get(40) == Some(&b' ') && line.len() > 41
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_packed_references_are_told_from_others() {
        let id = "a".repeat(40);
        for line in [String::new(), "# pack-refs with: peeled".into(), format!("^{id}")] {
            assert!(is_packed(line.as_bytes()), "{line}");
        }
        assert!(is_packed(format!("{id} refs/heads/x").as_bytes()));
        for line in [&id, "x", "\0\0\0", &format!("{id}x refs/heads/x"), "^a"] {
            assert!(!is_packed(line.as_bytes()), "{line}");
        }
    }
}
