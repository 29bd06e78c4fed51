//! The folder that paths in reports are relative to.

use super::SourceError;
use crate::model::SourcePath;
use std::path::{Component, Path, PathBuf};

/// The folder that paths in reports are relative to: the working directory if it contains
/// everything scanned, otherwise the nearest folder that does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    dir: PathBuf,
    /// The prefix that makes a path in a report valid from the working directory.
    prefix: String,
}

impl Root {
    /// The root for `paths`, seen from the folder `cwd`.
    ///
    /// # Errors
    /// Returns an error for the first path that does not exist.
    pub fn of(cwd: &Path, paths: &[PathBuf]) -> Result<Self, SourceError> {
        let mut root: Option<PathBuf> = None;
        for path in paths {
            let absolute = normalised(&cwd.join(path));
            let metadata = std::fs::metadata(&absolute)
                .map_err(|error| SourceError::Path { path: path.clone(), error })?;
            let dir = match absolute.parent() {
                Some(parent) if !metadata.is_dir() => parent.to_path_buf(),
                _ => absolute,
            };
            root = Some(match root {
                Some(known) => common_ancestor(&known, &dir),
                None => dir,
            });
        }
        let cwd = normalised(cwd);
        match root {
            Some(root) if !root.starts_with(&cwd) => {
                let shown = SourcePath::from_path(&root).to_text();
                let prefix = if shown.ends_with('/') { shown } else { shown + "/" };
                Ok(Self { dir: root, prefix })
            }
            _ => Ok(Self { dir: cwd, prefix: String::new() }),
        }
    }

    /// The folder itself.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn dir_bytes(&self) -> &[u8] {
        self.dir.as_os_str().as_encoded_bytes()
    }

    /// The prefix that makes a path in a report valid from the working directory.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The name of a file relative to the root; for a file outside, the whole path.
    pub fn name_of(&self, path: &Path) -> SourcePath {
        // A fast path: paths of a walk have the root as a prefix, and splitting them is slow.
        if cfg!(unix)
            && let Some(below) = path.as_os_str().as_encoded_bytes().strip_prefix(self.dir_bytes())
            && let [b'/', name @ ..] = below
            && !name.starts_with(b"/")
        {
            return SourcePath::from_bytes(name);
        }
        SourcePath::from_path(path.strip_prefix(&self.dir).unwrap_or(path))
    }
}

/// The path without `.` and `..`, from its text alone: symbolic links are not resolved.
pub fn normalised(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}

/// The nearest folder that contains both.
pub fn common_ancestor(a: &Path, b: &Path) -> PathBuf {
    a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_below_the_working_directory_are_relative_to_it() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("a")).expect("a folder");
        let root = Root::of(folder.path(), &["a".into(), ".".into()]).expect("both are there");
        assert_eq!(root.prefix(), "");
        assert_eq!(root.name_of(&folder.path().join("a/x.py")).to_string(), "a/x.py");
    }

    #[test]
    fn paths_elsewhere_are_relative_to_what_holds_them_all() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["a", "b", "cwd"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        let root = Root::of(&folder.path().join("cwd"), &["../a".into(), "../b".into()])
            .expect("both are there");
        assert_eq!(root.dir(), folder.path());
        assert_eq!(root.name_of(&folder.path().join("a/x.py")).to_string(), "a/x.py");
        assert!(root.prefix().ends_with('/'));
    }

    #[test]
    fn a_path_that_is_not_there_is_named() {
        let error = Root::of(Path::new("/"), &["no-such-folder".into()]).expect_err("not there");
        assert!(error.to_string().starts_with("no-such-folder: "), "{error}");
    }
}
