//! The repository to read, and the filters for its files.

use super::{error::GitError, objects::Objects, opened, overlay::Overlay, references::References};
use crate::{
    model::{ObjectId, SourcePath},
    rule::Globs,
    source::{ignore_files::is_ignored_by_git, root::normalised},
};
use git2::{ErrorCode, Repository, RepositoryOpenFlags};
use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// A repository to read, and the filters for its files.
#[derive(Debug, Clone)]
pub struct RepositoryRef {
    /// The git folder of this work tree.
    pub git_dir: PathBuf,
    /// The work tree; `None` if the repository is bare.
    pub work_dir: Option<PathBuf>,
    /// The index of this work tree.
    pub index: PathBuf,
    /// Options of reading.
    pub options: GitOptions,
    /// Files and folders to read, relative to the work tree; empty means all.
    within: Vec<SourcePath>,
    from_environment: bool,
    /// The folder of a submodule, in the work tree that the globs refer to; otherwise empty.
    folder: SourcePath,
    /// The overlay that is opened in its place if libgit2 rejects one of its extensions.
    overlay: Arc<OnceLock<Overlay>>,
}

/// Options of all sources that read git.
#[derive(Debug, Clone, Default)]
pub struct GitOptions {
    /// Number of threads.
    pub threads: usize,
    /// Globs of paths to exclude, relative to the work tree.
    pub exclude: Globs,
    /// Maximum size of an object in bytes; larger ones are skipped.
    pub max_file_bytes: Option<u64>,
    /// `true` if reports contain the e-mail addresses of authors.
    pub author_email: bool,
}

impl RepositoryRef {
    /// The repository around `paths`, seen from `cwd`. Without paths, the repository that git
    /// itself would use, so that hooks read the repository that git passes them.
    ///
    /// # Errors
    /// Returns an error if there is none, or if it cannot be read.
    pub fn find(cwd: &Path, paths: &[PathBuf], options: GitOptions) -> Result<Self, GitError> {
        let named = env::var_os("GIT_DIR").map(|dir| normalised(&cwd.join(dir)));
        let start = match paths.first() {
            Some(path) => normalised(&cwd.join(path)),
            None => named.clone().unwrap_or_else(|| cwd.to_path_buf()),
        };
        // A hook passes files of the repository that git passes to the hook; a path then only
        // restricts the files to read. Any other repository is read as if the environment set none.
        let of_hook = named.as_ref().and_then(|dir| of_environment(cwd, dir, paths));
        let from_environment = of_hook.is_some() || paths.is_empty() && named.is_some();
        let (repository, overlay) = match of_hook {
            Some(found) => found,
            None => open_or_overlay(&start, from_environment)?,
        };
        let work_dir = match env::var_os("GIT_WORK_TREE").filter(|_| from_environment) {
            Some(dir) => Some(normalised(&cwd.join(dir))),
            None => repository.workdir().map(normalised),
        };
        let git_dir = match overlay.get() {
            Some(overlay) => overlay.git_dir.clone(),
            None => normalised(repository.path()),
        };
        let is_own = paths.is_empty() || from_environment || is_below(cwd, paths, &work_dir);
        let index = match env::var_os("GIT_INDEX_FILE").filter(|_| is_own) {
            // Git gives its path relative to the top of the work tree, where it runs hooks.
            Some(file) => {
                let index = normalised(&work_dir.as_deref().unwrap_or(cwd).join(file));
                if !index.exists() {
                    let what = "GIT_INDEX_FILE names it, but it does not exist".into();
                    return Err(GitError::Index { path: index, what });
                }
                index
            }
            None => git_dir.join("index"),
        };
        let within = within(cwd, paths, work_dir.as_deref(), &git_dir)?;
        let folder = SourcePath::default();
        let overlay = Arc::new(overlay);
        Ok(Self { git_dir, work_dir, index, options, within, from_environment, folder, overlay })
    }

    /// A submodule whose own files are in `git_dir`, and whose work tree is `folder` in the work
    /// tree of this repository.
    pub fn of_submodule(&self, git_dir: PathBuf, folder: SourcePath) -> Self {
        let (index, options, within) =
            (git_dir.join("index"), self.options.clone(), self.within.clone());
        let (work_dir, from_environment, overlay) = (None, false, Arc::default());
        Self { git_dir, work_dir, index, options, within, from_environment, folder, overlay }
    }

    /// `true` if it is a submodule of the requested repository.
    pub fn is_submodule(&self) -> bool {
        !self.folder.as_bytes().is_empty()
    }

    /// Opens the repository, for one thread.
    ///
    /// # Errors
    /// Returns an error if it cannot be read.
    pub fn open(&self) -> Result<Repository, GitError> {
        let mut flags = RepositoryOpenFlags::NO_SEARCH;
        // The files of a submodule may be deleted although its store is kept.
        flags.set(RepositoryOpenFlags::BARE, self.is_submodule());
        let repository = match self.overlay.get() {
            Some(overlay) => open(overlay.path(), flags)?,
            None => match open(&self.git_dir, flags) {
                Err(error @ GitError::Format { .. }) => {
                    let overlay = Overlay::of(&self.git_dir, self.work_dir.as_deref())?;
                    let overlay = overlay.ok_or(error)?;
                    open(self.overlay.get_or_init(|| overlay).path(), flags)?
                }
                opened => opened?,
            },
        };
        if self.from_environment {
            add_object_folders(&repository)?;
        }
        Ok(repository)
    }

    /// The folder shared by all work trees of the repository.
    pub fn common_dir<'r>(&'r self, repository: &'r Repository) -> &'r Path {
        self.overlay.get().map_or(repository.commondir(), |overlay| &overlay.common_dir)
    }

    /// The folders that hold the objects of the repository. Those in the environment do not apply
    /// to a submodule.
    pub fn object_folders(&self, repository: &Repository) -> Vec<PathBuf> {
        let mut folders = vec![self.common_dir(repository).join("objects")];
        if self.is_submodule() {
            return folders;
        }
        for name in ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"] {
            if let Some(list) = env::var_os(name) {
                let named = env::split_paths(&list).filter(|path| !path.as_os_str().is_empty());
                folders.extend(named);
            }
        }
        folders
    }

    /// For each object, `true` if it contains these bytes. An object that cannot be read counts as
    /// one that does.
    ///
    /// # Errors
    /// Returns an error if the repository cannot be read.
    pub fn contain(&self, wanted: &[(ObjectId, &[u8])]) -> Result<Vec<bool>, GitError> {
        let repository = self.open()?;
        let objects = self.objects(&repository);
        let contains = |(id, bytes): &(ObjectId, &[u8])| match objects.read(*id, None) {
            Ok((_, content)) => memchr::memmem::find(&content, bytes).is_some(),
            Err(_) => true,
        };
        Ok(wanted.iter().map(contains).collect())
    }

    /// The references of this work tree and the repository.
    pub fn references(&self, repository: &Repository) -> References {
        References::new(&self.git_dir, self.common_dir(repository))
    }

    /// The objects of the repository, for one thread.
    pub fn objects<'r>(&self, repository: &'r Repository) -> Objects<'r> {
        let references = self.references(repository);
        Objects::new(repository, references, &self.object_folders(repository))
    }

    /// `true` if a file of this name is to be scanned.
    pub fn wants(&self, path: &SourcePath) -> bool {
        let below = self.is_submodule().then(|| path.below(&self.folder));
        let path = below.as_ref().unwrap_or(path);
        (self.within.is_empty() || self.within.iter().any(|folder| holds(folder, path)))
            && !self.options.exclude.covers(path)
    }

    /// `true` if the user's globs exclude a file.
    pub fn excludes(&self, path: &SourcePath) -> bool {
        let below = self.is_submodule().then(|| path.below(&self.folder));
        let path = below.as_ref().unwrap_or(path);
        let is_within =
            self.within.is_empty() || self.within.iter().any(|folder| holds(folder, path));
        is_within && self.options.exclude.covers(path)
    }

    /// `true` if files of the submodule may be scanned.
    pub fn may_want_some(&self) -> bool {
        let folder = &self.folder;
        let meets = |one: &SourcePath| holds(one, folder) || holds(folder, one);
        (self.within.is_empty() || self.within.iter().any(meets))
            && !self.options.exclude.covers(folder)
    }

    /// `true` if git would treat a file at this path as an addable file of the work tree.
    pub fn would_track(&self, path: &Path) -> bool {
        let path = normalised(path);
        // The folder's real path, since that of the work tree is resolved as well.
        let real = path.parent().and_then(|folder| std::fs::canonicalize(folder).ok());
        let path = match (real, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path,
        };
        let Some(dir) = &self.work_dir else { return false };
        if !path.starts_with(dir) || path.starts_with(&self.git_dir) {
            return false;
        }
        path.strip_prefix(dir).is_ok_and(|below| !is_ignored_by_git(dir, below))
    }

    /// The prefix that makes a path in the work tree valid from `cwd`.
    pub fn prefix(&self, cwd: &Path) -> String {
        match &self.work_dir {
            Some(dir) if *dir != normalised(cwd) => SourcePath::from_path(dir).to_text() + "/",
            _ => String::new(),
        }
    }
}

fn holds(folder: &SourcePath, path: &SourcePath) -> bool {
    let rest = path.as_bytes().strip_prefix(folder.as_bytes());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// The files and folders below the work tree that `paths` name.
fn within(
    cwd: &Path,
    paths: &[PathBuf],
    work_dir: Option<&Path>,
    git_dir: &Path,
) -> Result<Vec<SourcePath>, GitError> {
    let mut within = Vec::new();
    for path in paths {
        let path = normalised(&cwd.join(path));
        let real = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        // A folder that contains the git folder means the whole repository. A bare repository
        // without a configuration looks like the `.git` of the folder around it.
        if git_dir.starts_with(&path) || git_dir.starts_with(&real) {
            return Ok(Vec::new());
        }
        let below = work_dir.and_then(|dir| {
            path.strip_prefix(dir)
                .ok()
                .or_else(|| real.strip_prefix(dir).ok())
                .map(Path::to_path_buf)
        });
        match below {
            Some(below) if below.as_os_str().is_empty() => return Ok(Vec::new()),
            Some(below) => within.push(SourcePath::from_path(&below)),
            None => return Err(GitError::NoRepository(path)),
        }
    }
    Ok(within)
}

/// The repository in `dir`, taken from the environment, if all `paths` are in its work tree.
fn of_environment(cwd: &Path, dir: &Path, paths: &[PathBuf]) -> Option<Opened> {
    let (repository, overlay) = open_or_overlay(dir, true).ok()?;
    let work_dir = match env::var_os("GIT_WORK_TREE") {
        Some(dir) => Some(normalised(&cwd.join(dir))),
        None => repository.workdir().map(normalised),
    };
    (!paths.is_empty() && is_below(cwd, paths, &work_dir)).then_some((repository, overlay))
}

/// `true` if all `paths` are in the work tree that git passes to a hook: the one around the working
/// directory.
fn is_below(cwd: &Path, paths: &[PathBuf], work_dir: &Option<PathBuf>) -> bool {
    let Some(dir) = work_dir else { return false };
    let is_inside = |path: &Path| {
        let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        path.starts_with(dir) || real.starts_with(dir)
    };
    is_inside(&normalised(cwd)) && paths.iter().all(|path| is_inside(&normalised(&cwd.join(path))))
}

/// An open repository, and the overlay opened in its place, if any.
type Opened = (Repository, OnceLock<Overlay>);

/// Opens the repository around `start`, or with `is_named` in `start` itself.
fn open_or_overlay(start: &Path, is_named: bool) -> Result<Opened, GitError> {
    let mut flags = RepositoryOpenFlags::empty();
    flags.set(RepositoryOpenFlags::NO_SEARCH, is_named);
    match open(start, flags) {
        Err(error @ GitError::Format { .. }) => {
            let overlay = Overlay::around(start, is_named)?.ok_or(error)?;
            let repository = open(overlay.path(), RepositoryOpenFlags::NO_SEARCH)?;
            Ok((repository, OnceLock::from(overlay)))
        }
        opened => Ok((opened?, OnceLock::new())),
    }
}

fn open(start: &Path, flags: RepositoryOpenFlags) -> Result<Repository, GitError> {
    let flags = flags | RepositoryOpenFlags::CROSS_FS;
    opened::check(start)?;
    // A file belongs to the repository of its folder.
    let start = match start.parent() {
        Some(folder) if start.is_file() => folder,
        _ => start,
    };
    Repository::open_ext(start, flags, std::iter::empty::<&OsStr>())
        .map_err(|error| explain(start, &error))
}

/// The error for a repository that cannot be opened.
fn explain(start: &Path, error: &git2::Error) -> GitError {
    let message = error.message();
    let path = start.to_path_buf();
    match error.code() {
        ErrorCode::Owner => {
            let named = message.split('\'').nth(1).map(PathBuf::from);
            GitError::Owner(named.unwrap_or(path))
        }
        ErrorCode::NotFound => GitError::NoRepository(path),
        _ if message.contains("objectformat") || message.contains("object format") => {
            GitError::Format { path, what: "its object names are SHA-256".into() }
        }
        _ if message.contains("refstorage") => {
            GitError::Format { path, what: "its references are kept in a reftable".into() }
        }
        _ if message.contains("extension") || message.contains("repository version") => {
            GitError::Format { path, what: message.to_string() }
        }
        _ => GitError::of(
            format!("cannot open the repository at {}", SourcePath::from_path(start)),
            error,
        ),
    }
}

/// Adds the object folders that git passes to a hook: the objects of a push that is not yet
/// accepted are stored separately.
fn add_object_folders(repository: &Repository) -> Result<(), GitError> {
    let odb = repository.odb().map_err(|error| GitError::of("cannot read the objects", &error))?;
    let own = env::var_os("GIT_OBJECT_DIRECTORY");
    let others = env::var_os("GIT_ALTERNATE_OBJECT_DIRECTORIES");
    let folders = own
        .into_iter()
        .chain(others.iter().flat_map(|list| env::split_paths(list).map(PathBuf::into_os_string)));
    for folder in folders.filter(|folder| !folder.is_empty()) {
        if let Some(folder) = folder.to_str() {
            odb.add_disk_alternate(folder).map_err(|error| {
                GitError::of(format!("cannot read the objects in {folder}"), &error)
            })?;
        }
    }
    Ok(())
}
