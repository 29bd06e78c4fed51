//! The state that the threads of a walk share.

use super::options::{Excluded, WalkOptions};
use crate::{
    model::{FileState, SourcePath, TreeFile},
    source::{
        ignore_files::{IgnoreFiles, IgnoreRules},
        mounts,
        reader::FileReader,
        root::Root,
        tracked::WorkTree,
    },
};
use std::{
    collections::{BTreeSet, HashSet},
    hash::{BuildHasher, RandomState},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The state that the threads of a walk share.
pub struct Shared<'a> {
    /// The folder that names are relative to.
    pub root: &'a Root,
    /// The options of the walk.
    pub options: &'a WalkOptions,
    /// The folders to walk.
    pub folders: BTreeSet<PathBuf>,
    /// The files given explicitly.
    pub files: BTreeSet<PathBuf>,
    /// The repositories visited, and the one around the root.
    pub work_trees: Mutex<BTreeSet<PathBuf>>,
    /// Hashes of the files visited below a repository; their paths would take ten times the memory.
    pub visited: Mutex<Vec<Vec<u64>>>,
    /// Names of the files visited that checks over the whole tree need.
    pub noted: Mutex<Vec<SourcePath>>,
    hasher: RandomState,
    /// `true` if visited files are remembered.
    pub remember: bool,
    /// The ignore files.
    pub ignore_files: IgnoreFiles,
    /// The excluded files and folders.
    pub excluded: Mutex<Excluded>,
    /// `true` if a short read reaches the end of every file.
    pub ends_show: bool,
    /// Hashes of the files visited so far, if overlapping paths could visit a file twice.
    met: Option<Mutex<HashSet<u64>>>,
}

impl<'a> Shared<'a> {
    /// The state of a walk over `paths`, which are absolute.
    pub fn new(
        root: &'a Root,
        options: &'a WalkOptions,
        paths: impl Iterator<Item = PathBuf>,
    ) -> Self {
        let (folders, files): (BTreeSet<PathBuf>, BTreeSet<PathBuf>) =
            paths.partition(|path| path.is_dir());
        let around = folders.iter().filter_map(|folder| WorkTree::around(folder));
        let work_trees = Mutex::new(around.map(|tree| tree.dir).collect());
        let holds = |folder: &PathBuf, path: &PathBuf| path != folder && path.starts_with(folder);
        let overlaps = folders
            .iter()
            .any(|folder| folders.iter().chain(&files).any(|path| holds(folder, path)));
        // The list of mounts is only read for walks of folders.
        let ends_show = files.is_empty() && mounts::show_ends(folders.iter());
        Self {
            root,
            options,
            folders,
            files,
            work_trees,
            visited: Mutex::default(),
            noted: Mutex::default(),
            hasher: RandomState::new(),
            // Without ignore files, the walk visits every tracked file.
            remember: options.ignore != IgnoreRules::None,
            ignore_files: IgnoreFiles::new(options.ignore),
            excluded: Mutex::default(),
            ends_show,
            met: overlaps.then(Mutex::default),
        }
    }

    /// A reader for files on any file system.
    pub fn reader(&self) -> FileReader {
        FileReader::new(self.options.max_file_bytes)
    }

    /// A hash of the file's path.
    pub fn hash(&self, path: &Path) -> u64 {
        // Hashing a `Path` splits it into its parts. Both sides are normalised, so they can only
        // differ in their separators, of which some platforms have two.
        if cfg!(unix) { self.hasher.hash_one(path.as_os_str()) } else { self.hasher.hash_one(path) }
    }

    /// `true` if the file was already visited below another path.
    pub fn is_repeated(&self, path: &Path) -> bool {
        self.met.as_ref().is_some_and(|met| !lock(met).insert(self.hash(path)))
    }

    /// `true` if the user's own globs exclude a file or a folder itself.
    pub fn is_excluded(&self, name: &SourcePath) -> bool {
        let exclude = &self.options.exclude;
        if exclude.is_empty() {
            return false;
        }
        exclude.matches_path(name)
    }

    /// Records that a file or a folder is excluded, and the globs that match.
    pub fn note_excluded(&self, name: &SourcePath) {
        let mut excluded = lock(&self.excluded);
        excluded.count += 1;
        excluded.used.extend(self.options.exclude.matching(&name.real_text()));
    }

    /// `true` if the user's own globs exclude a file, or a folder that contains it.
    pub fn leaves_out(&self, name: &SourcePath) -> bool {
        name.ancestors().any(|folder| self.is_excluded(&folder)) || self.is_excluded(name)
    }

    /// The files of note, with their git states.
    pub fn noted_files(&self, tracked: BTreeSet<SourcePath>) -> Vec<TreeFile> {
        let trees = lock(&self.work_trees);
        let met: Vec<SourcePath> =
            lock(&self.noted).drain(..).filter(|path| !tracked.contains(path)).collect();
        let untracked = met.into_iter().map(|path| {
            let file = self.root.dir().join(path.to_path());
            let in_repository = trees.iter().any(|dir| file.starts_with(dir));
            let state = if in_repository { FileState::Untracked } else { FileState::NoRepository };
            TreeFile { path, state }
        });
        let mut files: Vec<TreeFile> = untracked.collect();
        files.extend(tracked.into_iter().map(|path| TreeFile { path, state: FileState::Tracked }));
        files.sort_unstable();
        files
    }
}

/// Locks the mutex, even if another thread panicked while holding it, since its content is only
/// ever appended to.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
