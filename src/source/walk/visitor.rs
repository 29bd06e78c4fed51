//! The work of each walk thread on the files that it visits.

use super::shared::{Shared, lock};
use crate::{
    model::{SkipReason, Skipped, SourcePath, tree::is_of_note},
    source::{
        document::Worker,
        ignore_files::Nearest,
        pointer,
        reader::{self, FileReader},
        tracked::WorkTree,
    },
};
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::{ffi::OsStr, path::Path};

/// One thread of a walk.
pub struct Visitor<'s> {
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
    /// A thread that passes the content that it reads to `worker`.
    pub fn new(shared: &'s Shared<'s>, worker: Box<dyn Worker + 's>, reader: FileReader) -> Self {
        let nearest = Nearest::default();
        Self { shared, worker, reader, visited: Vec::new(), noted: Vec::new(), nearest }
    }

    /// Scans a visited file, unless it is excluded.
    pub fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
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
        let name = self.shared.root.name_of(path);
        if entry.depth() == 0 && self.shared.options.exclude.covers(&name) {
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
            let name = self.shared.root.name_of(&one.path);
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
                let name = self.shared.root.name_of(&file);
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

    /// Records an index that cannot be read: git may track files that ignore rules match. If these
    /// were scanned too (`has_all`), nothing is missed.
    pub fn unknown_index(&mut self, tree: &WorkTree, detail: &str, has_all: bool) {
        let (reason, effect) = match has_all {
            true => (SkipReason::Malformed, "all files were scanned anyway"),
            false => {
                (SkipReason::Unreadable, "files that git tracks may be hidden by an ignore file")
            }
        };
        let name = self.shared.root.name_of(&tree.index());
        self.skip(name, reason, format!("{detail}: {effect}"));
    }

    /// Scans the files below a folder that the walk skipped because an ignore rule matches them.
    pub fn ignored_files(&mut self, folder: &Path, was_visited: &dyn Fn(&Path) -> bool) {
        let mut walk = WalkBuilder::new(folder);
        walk.standard_filters(false).filter_entry(|entry| entry.file_name() != ".git");
        for entry in walk.build().flatten() {
            if !was_visited(entry.path()) {
                self.ignored_but_tracked(entry.path());
            }
        }
    }

    /// Scans a tracked file that an ignore rule matches.
    pub fn ignored_but_tracked(&mut self, path: &Path) {
        let name = self.shared.root.name_of(path);
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
                    at.map_or_else(SourcePath::default, |path| self.shared.root.name_of(path));
                let gone =
                    other.io_error().is_some_and(|e| e.kind() == std::io::ErrorKind::NotFound);
                let reason = if gone { SkipReason::Vanished } else { SkipReason::Unreadable };
                self.skip(name, reason, other.to_string());
            }
        }
    }
}
