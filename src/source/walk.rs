//! The files below some folders, found and read in parallel.

use super::{
    SourceError,
    document::{Content, Sink, Source, Worker},
    ignore_files::{IgnoreFiles, IgnoreRules, Nearest},
    mounts, pointer,
    reader::{self, FileReader},
    root::{Root, normalised},
    tracked::WorkTree,
};
use crate::{
    model::{
        FileState, Outcome, SkipReason, Skipped, SourcePath, TreeFile, Warning, tree::is_of_note,
    },
    rule::Globs,
};
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::{
    cell::LazyCell,
    collections::{BTreeSet, HashSet},
    ffi::OsStr,
    hash::{BuildHasher, RandomState},
    path::{Path, PathBuf},
    sync::Mutex,
};

/// Maximum size in bytes of a file that a check over the whole tree reads.
const MAX_SMALL: u64 = 1 << 20;

/// Options of a walk.
#[derive(Debug, Default)]
pub struct WalkOptions {
    /// Number of threads; 0 means one per processor, at most 12.
    pub threads: usize,
    /// Globs of paths to exclude, relative to the root.
    pub exclude: Globs,
    /// The ignore files to apply.
    pub ignore: IgnoreRules,
    /// Maximum size of a file in bytes; larger ones are skipped.
    pub max_file_bytes: Option<u64>,
}

impl WalkOptions {
    /// The number of threads to use. Beyond 12, threads mostly wait for each other in the kernel.
    pub fn thread_count(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from).min(12),
            given => given,
        }
    }
}

/// The files below some folders, and files named one by one.
///
/// Hidden files are read. `.gitignore`, `.ignore` and `.hfscanignore` apply below the folders, but
/// a file that git tracks, or that is named explicitly, is always read. A file that `exclude`
/// matches is never read, even if it is named explicitly.
#[derive(Debug)]
pub struct Walk {
    root: Root,
    paths: Vec<PathBuf>,
    options: WalkOptions,
    noted: Mutex<Vec<TreeFile>>,
    excluded: Mutex<Excluded>,
}

/// The matches of the `exclude` globs.
#[derive(Debug, Default)]
struct Excluded {
    /// The number of files, and of folders that were not walked.
    count: u64,
    /// The indexes of the globs that matched.
    used: BTreeSet<usize>,
}

impl Walk {
    /// A walk over `paths`, named relative to `root`.
    pub fn new(root: Root, paths: Vec<PathBuf>, options: WalkOptions) -> Self {
        let (noted, excluded) = (Mutex::default(), Mutex::default());
        Self { root, paths, options, noted, excluded }
    }

    /// A walk over `paths` with the default options. Names are relative to the working
    /// directory, or to the nearest folder that contains all of `paths`.
    ///
    /// # Errors
    /// Returns an error for a path that does not exist.
    pub fn of<P: Into<PathBuf>>(paths: impl IntoIterator<Item = P>) -> Result<Self, SourceError> {
        let paths: Vec<PathBuf> = paths.into_iter().map(Into::into).collect();
        let cwd = std::env::current_dir();
        let cwd = cwd.map_err(|error| SourceError::Path { path: ".".into(), error })?;
        Ok(Self::new(Root::of(&cwd, &paths)?, paths, WalkOptions::default()))
    }

    fn builder(&self) -> Option<WalkBuilder> {
        // A path given twice is read once.
        let mut known = HashSet::new();
        let paths = self.paths.iter().map(|path| normalised(&self.root_join(path)));
        let mut paths = paths.filter(|path| known.insert(path.clone()));
        let mut builder = WalkBuilder::new(paths.next()?);
        paths.for_each(|path| {
            builder.add(path);
        });
        builder
            // The walker skips dotfiles by default, but `.env` must be scanned.
            .hidden(false)
            .threads(self.options.thread_count())
            // The walker would follow links, wait for a FIFO, and read endless files, so
            // `IgnoreFiles` reads ignore files instead.
            .standard_filters(false);
        Some(builder)
    }

    fn root_join(&self, path: &Path) -> PathBuf {
        std::env::current_dir().unwrap_or_else(|_| self.root.dir().to_path_buf()).join(path)
    }
}

impl Source for Walk {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let Some(builder) = self.builder() else { return Ok(()) };
        let shared = Shared::new(self);
        builder.build_parallel().run(|| {
            let reader = shared.reader().that_show_ends(shared.ends_show);
            let mut visitor = Visitor::new(&shared, sink.worker(), reader);
            Box::new(move |entry| visitor.visit(entry))
        });
        let tracked = shared.scan_tracked(sink);
        *lock(&self.noted) = shared.noted_files(tracked);
        *lock(&self.excluded) = std::mem::take(&mut *lock(&shared.excluded));
        Ok(())
    }

    fn attribute(&self, outcome: &mut Outcome) -> Result<(), SourceError> {
        let excluded = lock(&self.excluded);
        outcome.excluded += excluded.count;
        // In a part of the tree, the other globs may match nothing.
        let is_whole = self.options.exclude.folder().is_empty()
            && self.paths.iter().any(|path| normalised(&self.root_join(path)) == self.root.dir());
        if !is_whole || outcome.interrupted {
            return Ok(());
        }
        let globs = self.options.exclude.sources().iter().enumerate();
        for (_, glob) in globs.filter(|(number, _)| !excluded.used.contains(number)) {
            outcome.warnings.push(Warning {
                path: SourcePath::from_bytes("."),
                place: None,
                message: format!("the glob `{glob}` of `exclude` matches nothing"),
            });
        }
        Ok(())
    }

    fn files_of_note(&self) -> Vec<TreeFile> {
        lock(&self.noted).clone()
    }

    fn read_small(&self, path: &SourcePath) -> Option<Vec<u8>> {
        let path = self.root.dir().join(path.to_path());
        match FileReader::new(Some(MAX_SMALL)).read(&path) {
            Ok(Content::Whole(bytes)) => Some(bytes.to_vec()),
            _ => None,
        }
    }
}

/// The state that the threads of a walk share.
struct Shared<'a> {
    walk: &'a Walk,
    /// The repositories visited, and the one around the root.
    work_trees: Mutex<BTreeSet<PathBuf>>,
    /// Hashes of the files visited below a repository; their paths would take ten times the memory.
    visited: Mutex<Vec<Vec<u64>>>,
    /// Names of the files visited that checks over the whole tree need.
    noted: Mutex<Vec<SourcePath>>,
    hasher: RandomState,
    remember: bool,
    ignore_files: IgnoreFiles,
    excluded: Mutex<Excluded>,
    /// `true` if a short read reaches the end of every file.
    ends_show: bool,
    /// Hashes of the files visited so far, if overlapping paths could visit a file twice.
    met: Option<Mutex<HashSet<u64>>>,
}

impl<'a> Shared<'a> {
    fn new(walk: &'a Walk) -> Self {
        let paths = walk.paths.iter().map(|path| normalised(&walk.root_join(path)));
        let (folders, files): (BTreeSet<PathBuf>, BTreeSet<PathBuf>) =
            paths.partition(|path| path.is_dir());
        let around = folders.iter().filter_map(|folder| WorkTree::around(folder));
        let holds = |folder: &PathBuf, path: &PathBuf| path != folder && path.starts_with(folder);
        let overlaps = folders
            .iter()
            .any(|folder| folders.iter().chain(&files).any(|path| holds(folder, path)));
        Self {
            walk,
            work_trees: Mutex::new(around.map(|tree| tree.dir).collect()),
            visited: Mutex::default(),
            noted: Mutex::default(),
            hasher: RandomState::new(),
            // Without ignore files, the walk visits every tracked file.
            remember: walk.options.ignore != IgnoreRules::None,
            ignore_files: IgnoreFiles::new(walk.options.ignore),
            excluded: Mutex::default(),
            // The list of mounts is only read for walks of folders.
            ends_show: files.is_empty() && mounts::show_ends(folders.iter()),
            met: overlaps.then(Mutex::default),
        }
    }

    /// A reader for files on any file system.
    fn reader(&self) -> FileReader {
        FileReader::new(self.walk.options.max_file_bytes)
    }

    fn hash(&self, path: &Path) -> u64 {
        // Hashing a `Path` splits it into its parts. Both sides are normalised, so they can only
        // differ in their separators, of which some platforms have two.
        if cfg!(unix) { self.hasher.hash_one(path.as_os_str()) } else { self.hasher.hash_one(path) }
    }

    /// `true` if the file was already visited below another path.
    fn is_repeated(&self, path: &Path) -> bool {
        self.met.as_ref().is_some_and(|met| !lock(met).insert(self.hash(path)))
    }

    fn is_excluded(&self, name: &SourcePath) -> bool {
        let exclude = &self.walk.options.exclude;
        if exclude.is_empty() {
            return false;
        }
        exclude.matches_path(name)
    }

    /// Records that a file or a folder is excluded, and the globs that match.
    fn note_excluded(&self, name: &SourcePath) {
        let mut excluded = lock(&self.excluded);
        excluded.count += 1;
        excluded.used.extend(self.walk.options.exclude.matching(&name.real_text()));
    }

    /// `true` if the user's own globs exclude a file, or a folder that contains it.
    fn leaves_out(&self, name: &SourcePath) -> bool {
        name.ancestors().any(|folder| self.is_excluded(&folder)) || self.is_excluded(name)
    }

    /// Scans the tracked files that the walk skipped because an ignore rule matches them.
    ///
    /// Returns the tracked files that checks over the whole tree need.
    fn scan_tracked(&self, sink: &dyn Sink) -> BTreeSet<SourcePath> {
        let mut noted = BTreeSet::new();
        // Computed only in a repository; sorting is faster than building a set.
        let visited = LazyCell::new(|| {
            let mut visited: Vec<u64> = lock(&self.visited).drain(..).flatten().collect();
            visited.sort_unstable();
            visited
        });
        // A folder may since have been replaced by a link.
        let mut visitor = Visitor::new(self, sink.worker(), self.reader());
        // Only folders can contain files that were not visited, and hooks name thousands of files.
        let (roots, files): (Vec<PathBuf>, Vec<PathBuf>) = self
            .walk
            .paths
            .iter()
            .map(|path| normalised(&self.walk.root_join(path)))
            .partition(|path| path.is_dir());
        let is_noted = |path: &PathBuf| is_of_note(path.as_os_str().as_encoded_bytes());
        let named: HashSet<PathBuf> = files.into_iter().filter(is_noted).collect();
        if roots.is_empty() && named.is_empty() {
            return noted;
        }
        for tree in lock(&self.work_trees).iter().filter_map(|dir| WorkTree::at(dir)) {
            match tree.tracked() {
                Ok(files) => {
                    for file in files.into_iter().map(|file| tree.dir.join(file)) {
                        let in_root = roots.iter().any(|root| file.starts_with(root));
                        if !in_root && !named.contains(&file) {
                            continue;
                        }
                        let was_visited = || visited.binary_search(&self.hash(&file)).is_ok();
                        if in_root && self.remember && !was_visited() {
                            visitor.ignored_but_tracked(&file);
                        }
                        let name = is_noted(&file).then(|| self.walk.root.name_of(&file));
                        noted.extend(name.filter(|name| !self.leaves_out(name)));
                    }
                }
                Err(detail) if self.remember && !tree.git_dir.is_dir() => {
                    let was_visited = |file: &Path| visited.binary_search(&self.hash(file)).is_ok();
                    for root in roots.iter().filter_map(|root| common(root, &tree.dir)) {
                        visitor.ignored_files(root, &was_visited);
                    }
                    visitor.unknown_index(&tree, &detail, true);
                }
                Err(detail) => visitor.unknown_index(&tree, &detail, !self.remember),
            }
        }
        noted
    }

    /// The files of note, with their git states.
    fn noted_files(&self, tracked: BTreeSet<SourcePath>) -> Vec<TreeFile> {
        let trees = lock(&self.work_trees);
        let met: Vec<SourcePath> =
            lock(&self.noted).drain(..).filter(|path| !tracked.contains(path)).collect();
        let untracked = met.into_iter().map(|path| {
            let file = self.walk.root.dir().join(path.to_path());
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

/// The inner one of two folders, if one contains the other.
fn common<'p>(one: &'p Path, other: &'p Path) -> Option<&'p Path> {
    match () {
        () if one.starts_with(other) => Some(one),
        () if other.starts_with(one) => Some(other),
        () => None,
    }
}

/// One thread of a walk.
struct Visitor<'s> {
    shared: &'s Shared<'s>,
    worker: Box<dyn Worker + 's>,
    reader: FileReader,
    visited: Vec<u64>,
    noted: Vec<SourcePath>,
    nearest: Nearest,
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        lock(&self.shared.noted).append(&mut self.noted);
        lock(&self.shared.visited).push(std::mem::take(&mut self.visited));
    }
}

impl<'s> Visitor<'s> {
    fn new(shared: &'s Shared<'s>, worker: Box<dyn Worker + 's>, reader: FileReader) -> Self {
        let nearest = Nearest::default();
        Self { shared, worker, reader, visited: Vec::new(), noted: Vec::new(), nearest }
    }

    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        if self.worker.is_stopped() {
            return WalkState::Quit;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                self.walk_error(&error, None);
                return WalkState::Continue;
            }
        };
        let Some(kind) = entry.file_type() else { return WalkState::Continue };
        let path = entry.path();
        if entry.file_name() == OsStr::new(".git") && entry.depth() > 0 {
            return self.git_entry(path);
        }
        if entry.depth() > 0 && self.is_ignored(path, kind.is_dir()) {
            return WalkState::Skip;
        }
        let name = self.shared.walk.root.name_of(path);
        if entry.depth() == 0 && self.shared.walk.options.exclude.covers(&name) {
            // Hooks name files one by one, so their exclusions are recorded.
            if !kind.is_dir() {
                self.skip(name, SkipReason::Excluded, String::new());
            }
            return WalkState::Skip;
        }
        if entry.depth() > 0 && self.shared.is_excluded(&name) {
            self.shared.note_excluded(&name);
            return WalkState::Skip;
        }
        if kind.is_dir() || self.shared.is_repeated(path) {
            return WalkState::Continue;
        }
        if self.shared.remember {
            self.visited.push(self.shared.hash(path));
            // A file that is named explicitly is visited regardless of ignore rules.
            if entry.depth() > 0 && is_of_note(name.as_bytes()) {
                self.noted.push(name.clone());
            }
        }
        // The walker has already followed an explicitly named link.
        if entry.depth() == 0 && path.is_symlink() {
            self.named_link(path, name);
        } else if kind.is_file() {
            self.scan(path, name);
        } else if kind.is_symlink() {
            self.skip(name, SkipReason::Symlink, String::new());
        } else {
            self.skip(name, SkipReason::Special, String::new());
        }
        WalkState::Continue
    }

    /// `true` if an ignore file ignores the path. Ignore files that exceed the limits are reported.
    fn is_ignored(&mut self, path: &Path, is_dir: bool) -> bool {
        let mut unapplied = Vec::new();
        let files = &self.shared.ignore_files;
        let is_ignored = files.ignore(path, is_dir, &mut self.nearest, &mut unapplied);
        for one in unapplied {
            let name = self.shared.walk.root.name_of(&one.path);
            self.skip(name, SkipReason::OverLimit, one.detail);
        }
        is_ignored
    }

    /// Scans a symbolic link to a file that was named on the command line, since the user means the
    /// file.
    fn named_link(&mut self, path: &Path, name: SourcePath) {
        match std::fs::canonicalize(path) {
            Ok(file) if file.is_file() => self.scan(&file, name),
            Ok(_) => self.skip(name, SkipReason::Special, String::new()),
            Err(error) => {
                let (reason, detail) = reader::of_error(error);
                self.skip(name, reason, detail);
            }
        }
    }

    /// Handles `.git`: of its own files, only those that may hold remotes are scanned.
    fn git_entry(&mut self, path: &Path) -> WalkState {
        if let Some(tree) = path.parent().and_then(WorkTree::at) {
            // The git folder of a worktree or a submodule may be outside the scanned tree.
            let inside = tree.git_dir.starts_with(path);
            for file in tree.config_files().into_iter().filter(|_| inside) {
                let name = self.shared.walk.root.name_of(&file);
                if !self.shared.is_excluded(&name) {
                    // `.git` may be a link to another folder.
                    let reader = &mut self.shared.reader();
                    pointer::hand_over_file(&file, name, reader, &mut *self.worker);
                }
            }
            lock(&self.shared.work_trees).insert(tree.dir);
        }
        WalkState::Skip
    }

    /// Records an index that cannot be read: it is unknown whether git tracks the files that ignore
    /// rules match. If these were scanned too (`has_all`), nothing is missed.
    fn unknown_index(&mut self, tree: &WorkTree, detail: &str, has_all: bool) {
        let (reason, effect) = match has_all {
            true => (SkipReason::Malformed, "all files were scanned anyway"),
            false => {
                (SkipReason::Unreadable, "files that git tracks may be hidden by an ignore file")
            }
        };
        let name = self.shared.walk.root.name_of(&tree.index());
        self.skip(name, reason, format!("{detail}: {effect}"));
    }

    /// Scans the files below a folder that the walk skipped because an ignore rule matches them.
    fn ignored_files(&mut self, folder: &Path, was_visited: &dyn Fn(&Path) -> bool) {
        let mut walk = WalkBuilder::new(folder);
        walk.standard_filters(false).filter_entry(|entry| entry.file_name() != ".git");
        for entry in walk.build().flatten() {
            if !was_visited(entry.path()) {
                self.ignored_but_tracked(entry.path());
            }
        }
    }

    /// Scans a tracked file that an ignore rule matches.
    fn ignored_but_tracked(&mut self, path: &Path) {
        let name = self.shared.walk.root.name_of(path);
        let excluded = self.shared.leaves_out(&name);
        // A file deleted from the work tree, or replaced by a folder, cannot be scanned.
        let is_file = std::fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
        if is_file && !excluded && !self.worker.is_stopped() {
            self.scan(path, name);
        }
    }

    fn scan(&mut self, path: &Path, name: SourcePath) {
        pointer::hand_over_file(path, name, &mut self.reader, &mut *self.worker);
    }

    fn skip(&mut self, path: SourcePath, reason: SkipReason, detail: String) {
        self.worker.skipped(Skipped { path, inside: Vec::new(), reason, detail });
    }

    /// Records an error of the walker, with the path if it has one.
    fn walk_error(&mut self, error: &ignore::Error, at: Option<&Path>) {
        match error {
            ignore::Error::WithPath { path, err } => self.walk_error(err, Some(path)),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                self.walk_error(err, at);
            }
            ignore::Error::Partial(errors) => {
                errors.iter().for_each(|error| self.walk_error(error, at))
            }
            other => {
                let name =
                    at.map_or_else(SourcePath::default, |path| self.shared.walk.root.name_of(path));
                let gone =
                    other.io_error().is_some_and(|e| e.kind() == std::io::ErrorKind::NotFound);
                let reason = if gone { SkipReason::Vanished } else { SkipReason::Unreadable };
                self.skip(name, reason, other.to_string());
            }
        }
    }
}

/// Locks the mutex, even if another thread panicked while holding it, since its content is only
/// ever appended to.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
