//! Ignore files, read as git reads them, within limits.
//!
//! The scanned tree may be hostile. Therefore links are not followed, only regular files are read
//! (git treats `.gitignore` the same way since 2.32), the number and size of patterns are limited,
//! and a file that exceeds the limits ignores nothing.

use super::small_file;
use crate::model::text_start;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Maximum size in bytes of an ignore file that is applied.
const MAX_FILE: u64 = 1 << 20;
/// Maximum number of patterns of one file.
const MAX_PATTERNS: usize = 20_000;
/// Maximum number of bytes in the patterns of one file that need an automaton, which takes about
/// 600 times its length in memory.
const MAX_COMPILED: usize = 32 << 10;
/// The same limit for a folder and all its ancestors together.
const MAX_COMPILED_TOGETHER: usize = 2 * MAX_COMPILED;
/// The same limit for all files of a walk: compiling 1 MiB takes 1.5 s.
const MAX_COMPILED_IN_ALL: usize = 1 << 20;

/// The ignore files that a walk applies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IgnoreRules {
    /// `.hfscanignore`, `.ignore`, `.gitignore`, `.git/info/exclude` and the user's own
    /// file for git.
    #[default]
    All,
    /// In a repository `.gitignore` and the user's own file for git, which decide what git leaves
    /// untracked; outside a repository none.
    Git,
    /// No ignore files.
    None,
}

/// The kinds of ignore files in a folder, the strongest first.
const KINDS: [&str; 4] = [".hfscanignore", ".ignore", ".gitignore", "info/exclude"];
const GITIGNORE: usize = 2;
const EXCLUDE: usize = 3;

/// The patterns of the ignore files in a folder and in all its ancestors.
#[derive(Debug, Default)]
struct Level {
    parent: Option<Arc<Level>>,
    /// The patterns, by the index of their kind in [`KINDS`].
    files: [Option<Gitignore>; 4],
    /// `true` for the root of a work tree, beyond which git does not search.
    has_git: bool,
    /// `true` if the folder is in a work tree.
    in_git: bool,
    /// Number of bytes of the patterns that need an automaton, in this level and all its ancestors.
    compiled: usize,
}

impl Level {
    /// `true` if the pattern that decides on `path` ignores it; `None` if no pattern does.
    fn decision(self: &Arc<Self>, path: &Path, is_dir: bool) -> Option<bool> {
        (0..KINDS.len()).find_map(|kind| {
            let mut level = Some(self);
            while let Some(here) = level {
                let found = here.files[kind].as_ref().map(|file| file.matched(path, is_dir));
                if let Some(found) = found.filter(|found| !found.is_none()) {
                    return Some(found.is_ignore());
                }
                if here.has_git && kind >= GITIGNORE {
                    break;
                }
                level = here.parent.as_ref();
            }
            None
        })
    }
}

/// An ignore file whose patterns are not applied, and the reason.
#[derive(Debug, PartialEq, Eq)]
pub struct Unapplied {
    /// The ignore file.
    pub path: PathBuf,
    /// The limit that it exceeds.
    pub detail: String,
}

/// The ignore files of one walk, shared by its threads.
#[derive(Debug)]
pub struct IgnoreFiles {
    rules: IgnoreRules,
    /// The user's global ignore file of git, read when no other file decides on a path.
    global: OnceLock<Gitignore>,
    /// The levels of the folders visited, by the hash of the path. A level lives as long as a
    /// thread is in its folder, so that memory does not grow with the tree.
    known: Mutex<HashMap<u64, Weak<Level>>>,
    hasher: RandomState,
    compiled: AtomicUsize,
}

/// The current folder of a thread, with its level.
#[derive(Debug, Default)]
pub struct Nearest {
    dir: PathBuf,
    level: Option<Arc<Level>>,
}

impl IgnoreFiles {
    /// The ignore files selected by `rules`, none of them read yet.
    pub fn new(rules: IgnoreRules) -> Self {
        let (global, known, hasher) = (OnceLock::new(), Mutex::default(), RandomState::new());
        Self { rules, global, known, hasher, compiled: AtomicUsize::new(0) }
    }

    /// `true` if an ignore file ignores `path`. Files that exceed the limits are added to
    /// `unapplied`, once each.
    pub fn ignore(
        &self,
        path: &Path,
        is_dir: bool,
        nearest: &mut Nearest,
        unapplied: &mut Vec<Unapplied>,
    ) -> bool {
        let Some(dir) = path.parent().filter(|_| self.rules != IgnoreRules::None) else {
            return false;
        };
        if nearest.level.is_none() || nearest.dir.as_os_str() != dir.as_os_str() {
            nearest.level = self.level(dir, unapplied);
            nearest.dir = dir.to_path_buf();
        }
        let Some(level) = &nearest.level else { return false };
        if self.rules == IgnoreRules::Git && !level.in_git {
            return false;
        }
        let global = || self.global.get_or_init(|| Gitignore::global().0);
        level.decision(path, is_dir).unwrap_or_else(|| global().matched(path, is_dir).is_ignore())
    }

    /// The level of a folder: its parent's, unless it has ignore files or is the root of a work
    /// tree.
    fn level(&self, dir: &Path, unapplied: &mut Vec<Unapplied>) -> Option<Arc<Level>> {
        let mut missing = Vec::new();
        let mut level = None;
        for folder in dir.ancestors() {
            let hash = self.hasher.hash_one(folder.as_os_str());
            let known = self.lock().get(&hash).map(Weak::upgrade);
            if let Some(Some(found)) = known {
                level = Some(found);
                break;
            }
            missing.push((folder, hash, known.is_none()));
        }
        for (folder, hash, is_new) in missing.into_iter().rev() {
            let mut over = Vec::new();
            let own = self.read(folder, level.as_ref(), is_new, &mut over);
            let own = own.map_or_else(|| level.clone().unwrap_or_default(), Arc::new);
            // Several threads may read the same folder at once; only one of them reports it.
            if self.lock().insert(hash, Arc::downgrade(&own)).is_none() {
                unapplied.append(&mut over);
            }
            level = Some(own);
        }
        level
    }

    /// The level of a folder that has ignore files or is the root of a work tree.
    fn read(
        &self,
        dir: &Path,
        parent: Option<&Arc<Level>>,
        is_new: bool,
        over: &mut Vec<Unapplied>,
    ) -> Option<Level> {
        let has_git = std::fs::symlink_metadata(dir.join(".git")).is_ok();
        let mut level = Level {
            parent: parent.cloned(),
            has_git,
            in_git: has_git || parent.is_some_and(|parent| parent.in_git),
            compiled: parent.map_or(0, |parent| parent.compiled),
            ..Level::default()
        };
        for (kind, name) in KINDS.iter().enumerate() {
            if self.rules == IgnoreRules::Git && kind != GITIGNORE {
                continue;
            }
            let path = match kind {
                EXCLUDE if has_git => match exclude_file(dir) {
                    Some(path) => path,
                    None => continue,
                },
                EXCLUDE => continue,
                _ => dir.join(name),
            };
            match self.patterns(dir, &path, &mut level.compiled, is_new) {
                Ok(patterns) => level.files[kind] = patterns,
                Err(detail) => over.push(Unapplied { path, detail }),
            }
        }
        (has_git || level.files.iter().any(Option::is_some)).then_some(level)
    }

    /// The patterns of one file; `None` if it is missing, a link, or not a regular file.
    fn patterns(
        &self,
        dir: &Path,
        path: &Path,
        compiled: &mut usize,
        is_new: bool,
    ) -> Result<Option<Gitignore>, String> {
        let bytes = match small_file::read(path, MAX_FILE) {
            Ok(bytes) => bytes,
            Err(small_file::Unread::TooLarge(len)) => {
                return Err(over_limit(&format!("{len} bytes, the limit is {MAX_FILE}")));
            }
            Err(small_file::Unread::NotRegular | small_file::Unread::Failed) => return Ok(None),
        };
        let room = MAX_COMPILED.min(MAX_COMPILED_TOGETHER.saturating_sub(*compiled));
        let Lines { builder, count, own } = lines(dir, &bytes, room)?;
        if count == 0 {
            return Ok(None);
        }
        let spent = if is_new { own } else { 0 };
        if self.compiled.fetch_add(spent, Ordering::Relaxed) + spent > MAX_COMPILED_IN_ALL {
            return Err(over_limit("too many wildcards in all ignore files together"));
        }
        *compiled += own;
        builder.build().map(Some).map_err(|_| over_limit("patterns that are too large"))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Weak<Level>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `true` if git ignores the file `below` the work tree: the `.gitignore` files or the user's own
/// file for git match it or one of its folders, or it is one of git's own.
pub fn is_ignored_by_git(work_dir: &Path, below: &Path) -> bool {
    if below.starts_with(".git") {
        return true;
    }
    let files = IgnoreFiles::new(IgnoreRules::Git);
    let (mut nearest, mut unapplied) = (Nearest::default(), Vec::new());
    below.ancestors().filter(|path| !path.as_os_str().is_empty()).any(|path| {
        let is_dir = path != below;
        files.ignore(&work_dir.join(path), is_dir, &mut nearest, &mut unapplied)
    })
}

/// The patterns of an ignore file, not yet compiled.
struct Lines {
    builder: GitignoreBuilder,
    count: usize,
    /// Number of bytes of the patterns that need an automaton.
    own: usize,
}

/// Parses the lines of an ignore file in `dir`. Patterns that need an automaton may have `room`
/// bytes in all.
fn lines(dir: &Path, bytes: &[u8], room: usize) -> Result<Lines, String> {
    let bytes = &bytes[text_start(bytes)..];
    let mut builder = GitignoreBuilder::new(dir);
    let (mut count, mut own) = (0, 0);
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(line) = std::str::from_utf8(line) else { continue };
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        count += 1;
        own += if needs_automaton(line) { line.len() } else { 0 };
        if count > MAX_PATTERNS {
            return Err(over_limit(&format!("more than {MAX_PATTERNS} patterns")));
        }
        if own > room {
            return Err(over_limit(&format!("more than {MAX_COMPILED} bytes of wildcards")));
        }
        // An invalid pattern matches nothing, as in git.
        let _ = builder.add_line(None, line);
    }
    Ok(Lines { builder, count, own })
}

/// The patterns of the bytes of one `.gitignore`, for names relative to its folder.
///
/// # Errors
/// Returns an error if they exceed the limits.
pub(super) fn compiled(bytes: &[u8]) -> Result<Gitignore, String> {
    if bytes.len() as u64 > MAX_FILE {
        return Err(over_limit(&format!("{} bytes, the limit is {MAX_FILE}", bytes.len())));
    }
    let Lines { builder, .. } = lines(Path::new(""), bytes, MAX_COMPILED)?;
    builder.build().map_err(|_| over_limit("patterns that are too large"))
}

fn over_limit(what: &str) -> String {
    format!("its patterns are not applied: {what}")
}

/// `true` if a pattern is neither a name, nor a path, nor an extension; only those are looked up in
/// tables.
fn needs_automaton(line: &str) -> bool {
    let name = line.trim_end().trim_start_matches('!').trim_matches('/');
    let name = name.strip_prefix("**/").unwrap_or(name);
    let name = name.strip_prefix("*.").filter(|ending| !ending.contains('.')).unwrap_or(name);
    name.contains(['*', '?', '[', '{', '\\'])
}

/// The file `info/exclude` of the repository whose work tree is `dir`.
fn exclude_file(dir: &Path) -> Option<PathBuf> {
    let tree = super::tracked::WorkTree::at(dir)?;
    Some(tree.shared_dir().join(KINDS[EXCLUDE]))
}
