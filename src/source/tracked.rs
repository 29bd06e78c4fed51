//! What git tracks, asked of its index.

use std::path::{Path, PathBuf};

/// A repository's work tree, with the folder that git keeps its data in.
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
    /// `.git` is a folder, or in worktrees and submodules a file that names one. Who
    /// owns it does not matter: nothing of the repository's configuration is obeyed.
    pub fn at(dir: &Path) -> Option<Self> {
        let dot_git = dir.join(".git");
        let metadata = std::fs::symlink_metadata(&dot_git).ok()?;
        let git_dir = if metadata.is_dir() {
            dot_git
        } else if metadata.is_file() && metadata.len() <= 4096 {
            let text = std::fs::read_to_string(&dot_git).ok()?;
            super::root::normalised(&dir.join(text.strip_prefix("gitdir:")?.trim()))
        } else {
            return None;
        };
        Some(Self { dir: dir.to_path_buf(), git_dir })
    }

    /// The repository that holds `dir`, from there upwards.
    pub fn around(dir: &Path) -> Option<Self> {
        dir.ancestors().find_map(Self::at)
    }

    /// The files its index lists, as paths below `self.dir`, in the index's order.
    ///
    /// # Errors
    /// What libgit2 said, for an index that is broken or of a kind it does not know.
    pub fn tracked(&self) -> Result<Vec<PathBuf>, String> {
        const REGULAR: u32 = 0o100_000;
        const KIND: u32 = 0o170_000;
        let path = self.git_dir.join("index");
        if !path.is_file() {
            return Ok(Vec::new());
        }
        let index = git2::Index::open(&path).map_err(|error| error.message().to_string())?;
        Ok(index
            .iter()
            .filter(|entry| entry.mode & KIND == REGULAR)
            .map(|entry| path_of(&entry.path))
            .collect())
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

/// Submodules may stand in folders, and hold submodules: `modules/a/b/modules/c`.
const MAX_MODULE_DEPTH: usize = 12;
/// No repository has as many submodules; a hostile one would have us walk for ever.
const MAX_CONFIGS: usize = 10_000;

fn collect_configs(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        // Objects and references of a submodule are folders as well, and large ones.
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
fn path_of(bytes: &[u8]) -> PathBuf {
    use bstr::ByteSlice;
    bytes
        .to_path()
        .map_or_else(|_| PathBuf::from(bytes.to_str_lossy().into_owned()), Path::to_path_buf)
}
