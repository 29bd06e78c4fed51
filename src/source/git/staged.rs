//! What is about to be committed.

use super::{
    additions::Additions,
    blobs::Blobs,
    changes::{Change, changes},
    commits::FileChange,
    error::GitError,
    index_file::IndexFile,
    repository::{Place, object_id},
};
use crate::{
    model::{ObjectId, Outcome, Reach, Scope, SourcePath},
    source::{Sink, Source, SourceError},
};
use git2::Repository;
use std::collections::HashMap;

/// The index against `HEAD`: blobs from the index, never the files.
#[derive(Debug)]
pub struct Staged {
    place: Place,
    /// Whether all of a changed file counts, and not only what the change adds.
    whole_files: bool,
}

impl Staged {
    /// What is about to be committed at `place`.
    pub fn new(place: Place, whole_files: bool) -> Self {
        Self { place, whole_files }
    }

    fn changes(&self, repository: &Repository) -> Result<Vec<Change>, GitError> {
        let index = IndexFile::read(&self.place.index)
            .map_err(|what| GitError::Index { path: self.place.index.clone(), what })?;
        changes(repository, &index, head_tree(repository)?)
    }
}

/// The tree of `HEAD`; none before the first commit.
fn head_tree(repository: &Repository) -> Result<Option<ObjectId>, GitError> {
    match repository.head().and_then(|head| head.peel_to_tree()) {
        Ok(tree) => Ok(Some(object_id(tree.id()))),
        Err(error)
            if matches!(
                error.code(),
                git2::ErrorCode::UnbornBranch | git2::ErrorCode::NotFound
            ) && error.class() == git2::ErrorClass::Reference =>
        {
            Ok(None)
        }
        Err(error) => Err(GitError::of("cannot read HEAD", &error)),
    }
}

impl Source for Staged {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let repository = self.place.open()?;
        let changes = self.changes(&repository)?;
        let deleted = changes.iter().filter(|change| change.new.is_none());
        let deleted: Vec<ObjectId> = deleted.filter_map(|change| change.old).collect();
        let additions = Additions::new(HashMap::from([(0, deleted)]));
        let (mut blobs, mut files) = (Vec::new(), Vec::new());
        for Change { path, old, new } in changes {
            let (path, Some(id)) = (SourcePath::from_bytes(path), new) else { continue };
            if self.place.wants(&path) {
                blobs.push((path, id));
                files.push(FileChange { new, old: vec![old] });
            }
        }
        let scope_of = |number: usize, bytes: &[u8], repository: &Repository| {
            if self.whole_files {
                return Scope::All;
            }
            additions.of(&files[number], 0, bytes, repository)
        };
        let read = Blobs { place: &self.place, blobs: &blobs, scope_of: &scope_of };
        read.hand_over(repository, sink)?;
        Ok(())
    }

    fn attribute(&self, outcome: &mut Outcome) -> Result<(), SourceError> {
        for history in outcome.findings.iter_mut().filter_map(|one| one.history.as_mut()) {
            history.reach = Reach::Staged;
            history.advice = super::advice::staged();
        }
        Ok(())
    }
}
