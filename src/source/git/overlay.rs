//! Repositories with an extension that git supports but libgit2 rejects.

use super::error::GitError;
use crate::source::{
    regular,
    root::normalised,
    temporary::TemporaryFolder,
    tracked::{WorkTree, path_of},
};
use std::path::{Path, PathBuf};

/// Extensions that do not change the storage of objects, references and the index, each with the
/// value that this requires, if any.
///
/// <https://git-scm.com/docs/git-config#Documentation/git-config.txt-extensions>
const HARMLESS: &[(&str, Option<&str>)] = &[
    ("compatobjectformat", None),
    ("noop", None),
    ("noop-v1", None),
    ("objectformat", Some("sha1")),
    ("partialclone", None),
    ("preciousobjects", None),
    ("refstorage", Some("files")),
    ("relativeworktrees", None),
    ("submodulepathconfig", None),
    ("worktreeconfig", None),
];
/// Maximum number of files and folders directly in a repository.
const MAX_ENTRIES: usize = 4096;
/// Maximum size in bytes of a file that contains the path of a folder.
const MAX_LINK: u64 = 4096;
/// Files of a linked work tree that only point to its repository.
const OF_LINK: [&str; 3] = ["commondir", "config", "gitdir"];

/// A folder that libgit2 can open in place of a repository whose extensions it rejects. It has
/// links to everything in the repository, and a configuration that includes the repository's own
/// but declares no extension. It is deleted when dropped.
#[derive(Debug)]
pub struct Overlay {
    folder: TemporaryFolder,
    /// The repository's own folder.
    pub git_dir: PathBuf,
    /// The folder that all its work trees share.
    pub common_dir: PathBuf,
}

impl Overlay {
    /// An overlay of the repository around `start`, or with `is_named` in `start` itself. `None` if
    /// it has an extension that changes its storage.
    ///
    /// # Errors
    /// Returns an error if the repository belongs to another user.
    pub fn around(start: &Path, is_named: bool) -> Result<Option<Self>, GitError> {
        let is_git_dir = |dir: &Path| {
            dir.join("HEAD").is_file()
                && ["objects", "commondir"].iter().any(|one| dir.join(one).exists())
        };
        let found = start.ancestors().take(if is_named { 1 } else { usize::MAX }).find_map(|dir| {
            let work_tree = WorkTree::at(dir).map(|one| (one.git_dir, Some(one.dir)));
            work_tree.or_else(|| is_git_dir(dir).then(|| (dir.to_path_buf(), work_dir_of(dir))))
        });
        match found {
            Some((git_dir, work_dir)) => Self::of(&git_dir, work_dir.as_deref()),
            None => Ok(None),
        }
    }

    /// An overlay of the repository in `git_dir` whose files are in `work_dir`; `None` if it has an
    /// extension that changes how it is stored, or if no overlay can be made.
    ///
    /// # Errors
    /// Returns an error if the repository belongs to another user.
    pub fn of(git_dir: &Path, work_dir: Option<&Path>) -> Result<Option<Self>, GitError> {
        let git_dir = normalised(git_dir);
        let dir = work_dir.unwrap_or(&git_dir).to_path_buf();
        let common_dir = WorkTree { dir, git_dir: git_dir.clone() }.shared_dir();
        if !is_harmless(&common_dir.join("config")) {
            return Ok(None);
        }
        // libgit2 only checks the owner of the overlay.
        for folder in [&git_dir, &common_dir] {
            if !is_own(folder) {
                return Err(GitError::Owner(folder.clone()));
            }
        }
        let Ok(folder) = TemporaryFolder::new() else { return Ok(None) };
        let overlay = Self { folder, git_dir, common_dir };
        Ok(overlay.fill(work_dir).ok().map(|()| overlay))
    }

    /// The folder that libgit2 opens.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    fn fill(&self, work_dir: Option<&Path>) -> std::io::Result<()> {
        let is_linked = self.git_dir != self.common_dir;
        if is_linked {
            // A file of the work tree takes precedence over a shared file of the same name.
            self.link(&self.git_dir, |path| path.is_file())?;
        }
        self.link(&self.common_dir, |_| true)?;
        let mut config = b"[include]\n\tpath = ".to_vec();
        config.extend(quoted(&self.common_dir.join("config")));
        config.extend_from_slice(b"\n[core]\n\trepositoryFormatVersion = 0\n");
        match work_dir {
            Some(dir) => {
                config.extend_from_slice(b"\tbare = false\n\tworktree = ");
                config.extend(quoted(dir));
                config.push(b'\n');
            }
            // The folder around the overlay is not a work tree.
            None => config.extend_from_slice(b"\tbare = true\n"),
        }
        std::fs::write(self.path().join("config"), config)
    }

    /// Links the wanted entries of `folder`, unless the overlay already has them.
    fn link(&self, folder: &Path, is_wanted: fn(&Path) -> bool) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)?.take(MAX_ENTRIES).flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let link = self.path().join(&name);
            let is_of_link = OF_LINK.iter().any(|one| name == *one);
            if !is_of_link && is_wanted(&path) && link.symlink_metadata().is_err() {
                symlink(&path, &link)?;
            }
        }
        Ok(())
    }
}

/// The work tree of a git folder that was named directly; `None` if it is bare.
fn work_dir_of(git_dir: &Path) -> Option<PathBuf> {
    if git_dir.file_name().is_some_and(|name| name == ".git") {
        return git_dir.parent().map(Path::to_path_buf);
    }
    // A linked work tree stores the path of its own `.git`.
    let text = regular::read(&git_dir.join("gitdir"), MAX_LINK).ok()?;
    path_of(text.trim_ascii_end()).parent().map(Path::to_path_buf)
}

/// `true` if a configuration is that of a repository of format version 1 with only harmless
/// extensions.
fn is_harmless(config: &Path) -> bool {
    // libgit2 would block on a FIFO.
    if regular::open(config).is_err() {
        return false;
    }
    let Ok(config) = git2::Config::open(config) else { return false };
    // Only this format version has extensions that must be understood.
    if !config.get_i32("core.repositoryformatversion").is_ok_and(|version| version == 1) {
        return false;
    }
    let Ok(entries) = config.entries(Some("^extensions\\.")) else { return false };
    let mut is_harmless = true;
    let read = entries.for_each(|entry| {
        let name = entry.name().unwrap_or_default();
        let name = name.strip_prefix("extensions.").unwrap_or(name);
        let value = entry.value().unwrap_or_default();
        is_harmless &= HARMLESS.iter().any(|(known, wanted)| {
            *known == name && wanted.is_none_or(|wanted| value.eq_ignore_ascii_case(wanted))
        });
    });
    read.is_ok() && is_harmless
}

/// A path as a quoted configuration value.
fn quoted(path: &Path) -> Vec<u8> {
    let mut value = vec![b'"'];
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'\n' => value.extend_from_slice(b"\\n"),
            b'"' | b'\\' => value.extend_from_slice(&[b'\\', *byte]),
            _ => value.push(*byte),
        }
    }
    value.push(b'"');
    value
}

#[cfg(unix)]
fn is_own(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    std::fs::metadata(folder).is_ok_and(|found| found.uid() == user)
}

#[cfg(unix)]
fn symlink(path: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(path, link)
}

/// No overlay is made on platforms where the owner cannot be determined.
#[cfg(not(unix))]
fn is_own(_folder: &Path) -> bool {
    true
}

#[cfg(not(unix))]
fn symlink(_path: &Path, _link: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
