//! The files that git tracks, from its index.

use super::{
    index_file::{IndexFile, SHA1_LEN, SHA256_LEN},
    regular,
    root::normalised,
    small_file,
};
use std::path::{Path, PathBuf};

/// Maximum size in bytes of a file that contains the path of a git folder.
const MAX_LINK: u64 = 4096;

/// A repository's work tree, with its git folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkTree {
    /// The folder with the files.
    pub dir: PathBuf,
    /// The folder with the index of this work tree.
    pub git_dir: PathBuf,
}

impl WorkTree {
    /// The repository whose work tree is `dir` itself, if it is one.
    ///
    /// `.git` is a folder or a link to one, or in worktrees and submodules a file with its path. The
    /// owner is not checked, because no setting of the repository's configuration is applied.
    pub fn at(dir: &Path) -> Option<Self> {
        let dot_git = dir.join(".git");
        let metadata = std::fs::symlink_metadata(&dot_git).ok()?;
        let git_dir = if metadata.is_dir() {
            dot_git
        } else if dot_git.is_dir() {
            std::fs::canonicalize(&dot_git).ok()?
        } else {
            // Git refuses a file without a path: with it as the folder, the index cannot be read.
            named_in(&dot_git).map_or(dot_git, |named| normalised(&dir.join(named)))
        };
        Some(Self { dir: dir.to_path_buf(), git_dir })
    }

    /// The folder shared by all work trees of the repository: `git_dir`, unless this is a linked
    /// work tree.
    pub fn shared_dir(&self) -> PathBuf {
        let Ok(text) = small_file::read(&self.git_dir.join("commondir"), MAX_LINK) else {
            return self.git_dir.clone();
        };
        let path = String::from_utf8_lossy(&text);
        normalised(&self.git_dir.join(path.trim_end()))
    }

    /// The repository that contains `dir`, found by searching upwards.
    pub fn around(dir: &Path) -> Option<Self> {
        dir.ancestors().find_map(Self::at)
    }

    /// The files in its index, as paths below `self.dir`, in the order of the index.
    ///
    /// # Errors
    /// Returns an error if the index cannot be read, or if `.git` is no folder and names none.
    pub fn tracked(&self) -> Result<Vec<PathBuf>, String> {
        if !self.git_dir.is_dir() {
            return Err("`.git` is no folder, and names none that exists".into());
        }
        let index = IndexFile::with_names_of(&self.index(), self.name_len())?;
        let files = index.entries.iter().filter(|entry| entry.is_regular());
        Ok(files.map(|entry| path_of(&entry.path)).collect())
    }

    /// The path of its index.
    pub fn index(&self) -> PathBuf {
        self.git_dir.join("index")
    }

    /// Length in bytes of an object name, from the repository's configuration.
    fn name_len(&self) -> usize {
        let config =
            regular::read(&self.shared_dir().join("config"), MAX_CONFIG).unwrap_or_default();
        let is_sha256 = |line: &[u8]| {
            let line = line.to_ascii_lowercase();
            let value = line.trim_ascii().strip_prefix(b"objectformat");
            value
                .and_then(|rest| rest.trim_ascii().strip_prefix(b"="))
                .is_some_and(|value| value.trim_ascii().trim_ascii_start().starts_with(b"sha256"))
        };
        match config.split(|byte| *byte == b'\n').any(is_sha256) {
            true => SHA256_LEN,
            false => SHA1_LEN,
        }
    }

    /// The files in the git folder that may hold remotes and credentials: its `config`,
    /// and those of its submodules and worktrees.
    pub fn config_files(&self) -> Vec<PathBuf> {
        let mut files = vec![self.git_dir.join("config"), self.git_dir.join("config.worktree")];
        for (folder, depth) in [("modules", MAX_MODULE_DEPTH), ("worktrees", 1)] {
            collect_configs(&self.git_dir.join(folder), depth, &mut files);
        }
        files.retain(|file| std::fs::symlink_metadata(file).is_ok_and(|found| found.is_file()));
        files
    }
}

/// The path that a `.git` file contains.
fn named_in(dot_git: &Path) -> Option<String> {
    let text = String::from_utf8(small_file::read(dot_git, MAX_LINK).ok()?).ok()?;
    Some(text.strip_prefix("gitdir:")?.trim().to_string())
}

/// Maximum size in bytes of a configuration read for the format of the index.
const MAX_CONFIG: u64 = 1 << 20;
/// Maximum nesting depth of submodule folders: `modules/a/b/modules/c`.
const MAX_MODULE_DEPTH: usize = 12;
/// Maximum number of submodule folders read: a hostile repository may have any number.
const MAX_CONFIGS: usize = 10_000;

fn collect_configs(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        // The objects and references of a submodule are large folders too.
        let is_data = ["objects", "refs", "logs", "hooks", "info"]
            .iter()
            .any(|name| entry.file_name() == *name);
        if is_dir && !is_data && depth > 0 && files.len() < MAX_CONFIGS {
            files.push(entry.path().join("config"));
            files.push(entry.path().join("config.worktree"));
            collect_configs(&entry.path(), depth - 1, files);
        }
    }
}

/// A path of git, which is bytes with `/` on every platform.
pub fn path_of(bytes: &[u8]) -> PathBuf {
    use bstr::ByteSlice;
    bytes
        .to_path()
        .map_or_else(|_| PathBuf::from(bytes.to_str_lossy().into_owned()), Path::to_path_buf)
}
