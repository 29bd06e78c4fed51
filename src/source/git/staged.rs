//! What is about to be committed.

use super::{
    added::Added,
    blobs::{Blobs, content},
    changes::{Change, changes},
    error::GitError,
    index_file::IndexFile,
    renames::Renames,
    repository::{Place, object_id},
};
use crate::{
    model::{Location, ObjectId, Outcome, Reach, SourcePath},
    source::{Sink, Source, SourceError},
};
use git2::Repository;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// The index against `HEAD`: blobs from the index, never the files.
#[derive(Debug)]
pub struct Staged {
    place: Place,
    /// Whether all of a changed file counts, and not only what the change adds.
    whole_files: bool,
    /// What was handed over, to be asked again when there are findings.
    changes: Mutex<Vec<Change>>,
}

impl Staged {
    /// What is about to be committed at `place`.
    pub fn new(place: Place, whole_files: bool) -> Self {
        Self { place, whole_files, changes: Mutex::default() }
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
        let blobs: Vec<(SourcePath, ObjectId)> = changes
            .iter()
            .filter_map(|change| Some((SourcePath::from_bytes(&change.path), change.new?)))
            .filter(|(path, _)| self.place.wants(path))
            .collect();
        *self.changes.lock().unwrap_or_else(PoisonError::into_inner) = changes;
        Blobs { place: &self.place, blobs: &blobs }.hand_over(repository, sink)?;
        Ok(())
    }

    fn settle(&self, outcome: &mut Outcome) -> Result<(), SourceError> {
        if outcome.findings.is_empty() && outcome.dismissed.is_empty() {
            return Ok(());
        }
        let repository = self.place.open()?;
        let changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.whole_files {
            let mut additions = Additions::new(&repository, &changes);
            outcome.findings.retain(|finding| additions.touch(&finding.location));
            outcome.dismissed.retain(|dismissed| additions.touch(&dismissed.location));
        }
        for history in outcome.findings.iter_mut().filter_map(|one| one.history.as_mut()) {
            history.reach = Reach::Staged;
            history.advice = super::advice::staged();
        }
        Ok(())
    }
}

/// What each changed file adds, found out once it is asked for.
struct Additions<'a> {
    repository: &'a Repository,
    changes: HashMap<&'a [u8], &'a Change>,
    renames: Renames<'a>,
    known: HashMap<Vec<u8>, (Added, Vec<u8>)>,
}

impl<'a> Additions<'a> {
    fn new(repository: &'a Repository, changes: &'a [Change]) -> Self {
        let deleted = changes.iter().filter(|change| change.new.is_none());
        Self {
            repository,
            renames: Renames::new(repository, deleted.filter_map(|change| change.old).collect()),
            changes: changes.iter().map(|change| (change.path.as_slice(), change)).collect(),
            known: HashMap::new(),
        }
    }

    /// Whether the change adds what stands at `location`, or a part of it.
    fn touch(&mut self, location: &Location) -> bool {
        let path = location.path.as_bytes();
        if !self.known.contains_key(path) {
            let found = self.find(path);
            self.known.insert(path.to_vec(), found);
        }
        self.known.get(path).is_none_or(|(added, new)| added.touches(location, new))
    }

    fn find(&mut self, path: &[u8]) -> (Added, Vec<u8>) {
        let Some((change, id)) = self.changes.get(path).and_then(|one| Some((one, one.new?)))
        else {
            return (Added::All, Vec::new());
        };
        // What cannot be read again counts as added: nothing is to be missed.
        let Ok(new) = content(self.repository, id) else { return (Added::All, Vec::new()) };
        let old = match change.old {
            Some(old) => content(self.repository, old).ok(),
            None => self.renames.source_of(id, &new),
        };
        (old.map_or(Added::All, |old| Added::between(&old, &new)), new)
    }
}
