//! The tips from which history is read: references, stashes, the `HEAD` of work trees.

use super::{
    error::GitError, opened, references::References, remotes::Remotes, repository::RepositoryRef,
    revision,
};
use crate::{
    model::{ObjectId, Remote},
    source::regular,
};
use git2::Repository;
use std::sync::Arc;

/// Maximum size in bytes of the `HEAD` of another work tree.
const MAX_HEAD: u64 = 4096;

/// A name that refers to an object.
#[derive(Debug, Clone)]
pub struct Tip {
    /// The reference, or the revision as the user gave it.
    pub name: Box<str>,
    /// Its object: a commit or a tag, rarely a tree or a blob.
    pub object: ObjectId,
    /// The remote whose state it records.
    pub remote: Option<Arc<Remote>>,
}

/// Tips, and the references that cannot be read.
#[derive(Debug, Default)]
pub struct Tips {
    /// All tips, sorted by name.
    pub all: Vec<Tip>,
    /// References that cannot be read, and the reasons.
    pub broken: Vec<(String, String)>,
    /// The commit of `HEAD`.
    pub head: Option<ObjectId>,
}

impl Tips {
    /// The tips of `revisions`, or of all references if there are none.
    ///
    /// # Errors
    /// Returns an error for a revision that does not exist.
    pub fn find(
        place: &RepositoryRef,
        repository: &Repository,
        revisions: &[String],
    ) -> Result<Self, GitError> {
        opened::check_references(place.common_dir(repository))?;
        let references = place.references(repository);
        let head = references.head().ok().flatten();
        let mut tips = Self { head, ..Self::default() };
        tips.references(place, repository, &references);
        if revisions.is_empty() {
            return Ok(tips);
        }
        // References still show which remotes have a secret; only the requested revisions are read.
        let mut asked = Self { head, ..Self::default() };
        let (objects, folders) = (place.objects(repository), place.object_folders(repository));
        for revision in revisions {
            let object = revision::resolve(&objects, &folders, revision)?;
            asked.all.push(Tip { name: revision.as_str().into(), object, remote: None });
        }
        asked.broken = tips.broken;
        Ok(asked)
    }

    fn references(
        &mut self,
        place: &RepositoryRef,
        repository: &Repository,
        references: &References,
    ) {
        let remotes = Remotes::of(repository);
        self.broken = references.each(&mut |name, object| {
            let name = String::from_utf8_lossy(name);
            let remote = remotes.tracked_by(&name).cloned();
            self.all.push(Tip { name: name.into(), object, remote });
        });
        if let Some(object) = self.head {
            self.all.push(Tip { name: "HEAD".into(), object, remote: None });
        }
        self.stashes(references);
        self.work_trees(place, repository);
        self.all.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Adds all stashes, since the reference only refers to the last one.
    fn stashes(&mut self, references: &References) {
        for (number, object) in references.log("refs/stash").into_iter().rev().enumerate().skip(1) {
            let name = format!("stash@{{{number}}}").into();
            self.all.push(Tip { name, object, remote: None });
        }
    }

    /// Adds the commits that other work trees have checked out without a branch.
    fn work_trees(&mut self, place: &RepositoryRef, repository: &Repository) {
        let Ok(entries) = std::fs::read_dir(place.common_dir(repository).join("worktrees")) else {
            return;
        };
        for entry in entries.flatten().filter(|entry| entry.path() != place.git_dir) {
            let head = regular::read(&entry.path().join("HEAD"), MAX_HEAD).unwrap_or_default();
            if let Some(object) = ObjectId::from_hex(head.trim_ascii()) {
                let name = format!("worktrees/{}/HEAD", entry.file_name().to_string_lossy());
                self.all.push(Tip { name: name.into(), object, remote: None });
            }
        }
    }
}
