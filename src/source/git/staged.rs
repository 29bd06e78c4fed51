//! The source of staged changes.

use super::{
    additions::Additions,
    blobs::Blobs,
    changes::{Change, changes},
    commits::FileChange,
    error::GitError,
    objects::Objects,
    repository::RepositoryRef,
    skips::hand_over_excluded,
};
use crate::{
    model::{Exposure, ObjectId, Outcome, Scope, SourcePath},
    source::{Sink, Source, SourceError, index_file::IndexFile, regular},
};
use std::collections::HashMap;

/// The index compared with `HEAD`: blobs from the index, never the files of the work tree.
#[derive(Debug)]
pub struct Staged {
    place: RepositoryRef,
    /// `true` if whole changed files are reported on, instead of only the added lines.
    whole_files: bool,
}

impl Staged {
    /// The staged changes of the repository at `place`.
    pub fn new(place: RepositoryRef, whole_files: bool) -> Self {
        Self { place, whole_files }
    }

    fn changes(&self, objects: &Objects<'_>) -> Result<Vec<Change>, GitError> {
        if self.place.work_dir.is_none() && !self.place.index.exists() {
            return Err(GitError::Bare(self.place.git_dir.clone()));
        }
        let index = IndexFile::read(&self.place.index)
            .map_err(|what| GitError::Index { path: self.place.index.clone(), what })?;
        let unread = |message| GitError::Git { what: "cannot read HEAD".into(), message };
        let head = objects.references.head().map_err(unread)?;
        let head = head.map(|head| objects.tree_of(head)).transpose();
        let head = head.map_err(|(_, message)| unread(message))?;
        changes(objects, &index, head)
    }

    /// The trees of the commits being merged into `HEAD`.
    fn merged(&self, objects: &Objects<'_>) -> Result<Vec<ObjectId>, GitError> {
        let path = self.place.git_dir.join("MERGE_HEAD");
        let text = match regular::read(&path, MAX_MERGE_HEAD) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unread_merge(error.to_string())),
        };
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines
            .map(|line| {
                let id = ObjectId::from_hex(line.trim_ascii())
                    .ok_or_else(|| unread_merge("it names no commit".into()))?;
                objects.tree_of(id).map_err(|(_, message)| unread_merge(message))
            })
            .collect()
    }

    /// The changes of the next commit: for a merge, those against each of its parents.
    fn files(&self, objects: &Objects<'_>) -> Result<Vec<(SourcePath, FileChange)>, GitError> {
        let changes = self.changes(objects)?;
        let merged = self.merged(objects)?;
        let mut files = Vec::new();
        for Change { path, old, new } in changes {
            let mut change = FileChange { new, old: vec![old] };
            for tree in &merged {
                let theirs = objects.file_at(*tree, &path);
                change.old.push(theirs.map_err(|(_, message)| unread_merge(message))?);
            }
            // A merge does not add a version that one of its parents has.
            if new.is_none() || !change.old.contains(&new) {
                files.push((SourcePath::from_bytes(path), change));
            }
        }
        Ok(files)
    }
}

/// Maximum size in bytes of `MERGE_HEAD`, the list of commits being merged.
const MAX_MERGE_HEAD: u64 = 1 << 20;

fn unread_merge(message: String) -> GitError {
    GitError::Git { what: "cannot read MERGE_HEAD".into(), message }
}

impl Source for Staged {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let repository = self.place.open()?;
        let files = self.files(&self.place.objects(&repository))?;
        let deleted = files.iter().filter(|(_, change)| change.new.is_none());
        let deleted: Vec<ObjectId> = deleted.filter_map(|(_, change)| change.old[0]).collect();
        let additions = Additions::new(HashMap::from([(0, deleted)]));
        let (mut blobs, mut changes) = (Vec::new(), Vec::new());
        let mut excluded = Vec::new();
        for (path, change) in files {
            let Some(id) = change.new else { continue };
            if self.place.wants(&path) {
                blobs.push((path, id));
                changes.push(change);
            } else if self.place.excludes(&path) {
                excluded.push(path);
            }
        }
        hand_over_excluded(excluded, sink);
        let scope_of = |number: usize, bytes: &[u8], objects: &Objects<'_>| {
            if self.whole_files {
                return Scope::All;
            }
            additions.of(&changes[number], 0, bytes, objects)
        };
        let read = Blobs { place: &self.place, blobs: &blobs, scope_of: &scope_of };
        read.hand_over(repository, sink)?;
        Ok(())
    }

    fn attribute(&self, outcome: &mut Outcome) -> Result<(), SourceError> {
        for finding in &mut outcome.findings {
            let Some(history) = &mut finding.history else { continue };
            history.exposure = Exposure::Staged;
            history.advice = super::advice::staged(finding.secret.is_some());
        }
        Ok(())
    }
}
