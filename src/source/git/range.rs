//! What some commits add.

use super::{
    additions::Additions,
    blobs::{Blob, Blobs},
    commits::{changes_of, commit_path, tag_path, text_of},
    error::GitError,
    pushes::Push,
    range_attribution::{RangeAttribution, RangeLog},
    remotes::Remotes,
    repository::{Place, object_id, oid},
};
use crate::{
    model::{ObjectId, Origin, Outcome, Remote, Scope, SkipReason, Skipped, SourcePath},
    source::{LazyScope, Sink, Source, SourceError, Worker},
};
use git2::{ObjectType, Repository, Revwalk, Sort};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

/// Which commits.
#[derive(Debug, Clone)]
pub enum Commits {
    /// `A..B`, or `A...B`: those that B has and A has not.
    Range(String),
    /// Those that `HEAD` has and this revision has not.
    Since(String),
    /// Those that a push brings to the remote of this name.
    Push {
        /// What is pushed.
        pushes: Vec<Push>,
        /// To where, if it is known.
        remote: Option<String>,
    },
}

/// Everything that some commits add, in any of them.
#[derive(Debug)]
pub struct Range {
    /// The repository.
    pub place: Place,
    /// The commits.
    pub commits: Commits,
    /// Whether all of a changed file counts, and not only what the commits add.
    pub whole_files: bool,
    /// Whether each place of a secret is told, and not only the first.
    pub every_occurrence: bool,
    log: Mutex<RangeLog>,
}

impl Range {
    /// What `commits` add.
    pub fn new(place: Place, commits: Commits) -> Self {
        Self { place, commits, whole_files: false, every_occurrence: false, log: Mutex::default() }
    }

    /// The tips, and what is known already.
    fn ends(&self, repository: &Repository) -> Result<Ends, GitError> {
        let mut ends = Ends::default();
        match &self.commits {
            Commits::Range(text) => {
                let (from, to) = text
                    .split_once("...")
                    .or_else(|| text.split_once(".."))
                    .ok_or_else(|| GitError::Revision {
                        revision: text.clone(),
                        message: "expected A..B or A...B".into(),
                    })?;
                ends.known.push(commit(repository, from)?);
                ends.new.push(commit(repository, to)?);
            }
            Commits::Since(from) => {
                ends.known.push(commit(repository, from)?);
                ends.new.push(commit(repository, "HEAD")?);
            }
            Commits::Push { pushes, remote } => {
                for push in pushes {
                    ends.new.extend(push.new);
                    // After another's forced push, what the remote has may not be here.
                    ends.known.extend(push.old.filter(|id| has(repository, *id)));
                }
                let tracking = Remotes::of(repository).tracking(repository);
                let known = tracking
                    .into_iter()
                    .filter(|one| remote.as_ref().is_none_or(|name| one.remote.name == *name));
                ends.known.extend(known.map(|one| one.tip));
            }
        }
        Ok(ends)
    }
}

#[derive(Debug, Default)]
struct Ends {
    new: Vec<ObjectId>,
    known: Vec<ObjectId>,
}

fn has(repository: &Repository, id: ObjectId) -> bool {
    repository.odb().is_ok_and(|odb| odb.exists(oid(id)))
}

fn commit(repository: &Repository, revision: &str) -> Result<ObjectId, GitError> {
    let revision = if revision.is_empty() { "HEAD" } else { revision };
    let found = repository.revparse_single(revision).and_then(|object| object.peel_to_commit());
    match found {
        Ok(commit) => Ok(object_id(commit.id())),
        Err(error) => Err(GitError::Revision {
            revision: revision.to_string(),
            message: error.message().to_string(),
        }),
    }
}

impl Source for Range {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let repository = self.place.open()?;
        let ends = self.ends(&repository)?;
        let mut log = RangeLog::default();
        let mut blobs = {
            let mut worker = sink.worker();
            let mut read = Reading::new(&repository, &mut log);
            let tips =
                ends.new.iter().filter_map(|id| read.tip(*id, &mut *worker)).collect::<Vec<_>>();
            for id in commits_between(&repository, &tips, &ends.known)? {
                if worker.is_stopped() {
                    break;
                }
                if let Err(error) = read.commit(id, &mut *worker) {
                    worker.skipped(Skipped {
                        path: commit_path(id),
                        inside: Vec::new(),
                        reason: SkipReason::Unreadable,
                        detail: error.to_string(),
                    });
                }
            }
            read.finish()
        };
        blobs.extend(log.versions.keys().cloned());
        blobs.sort();
        blobs.dedup();
        blobs.retain(|(path, _)| self.place.wants(path));
        let scope_of = |number: usize, bytes: &[u8], repository: &Repository| {
            if self.whole_files {
                return Scope::All;
            }
            log.scope_of(&blobs[number], bytes, repository)
        };
        let read = Blobs { place: &self.place, blobs: &blobs, scope_of: &scope_of };
        read.hand_over(repository, sink)?;
        *self.log.lock().unwrap_or_else(PoisonError::into_inner) = log;
        Ok(())
    }

    fn attribute(&self, outcome: &mut Outcome) -> Result<(), SourceError> {
        if outcome.findings.is_empty() {
            return Ok(());
        }
        let repository = self.place.open()?;
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let pushed = match self.commits {
            // What a push brings, the remote has not.
            Commits::Push { .. } => BTreeMap::new(),
            _ => pushed(&repository, &log.commits),
        };
        let (place, whole_files) = (&self.place, self.whole_files);
        RangeAttribution { place, repository: &repository, log: &log, pushed, whole_files }
            .attribute(outcome, self.every_occurrence);
        Ok(())
    }
}

/// The commits that the tips have and the known ones have not, the oldest first.
fn commits_between(
    repository: &Repository,
    tips: &[ObjectId],
    known: &[ObjectId],
) -> Result<Vec<ObjectId>, GitError> {
    let failed = |error: git2::Error| GitError::of("cannot walk the commits", &error);
    let mut walk: Revwalk<'_> = repository.revwalk().map_err(failed)?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE).map_err(failed)?;
    for tip in tips {
        walk.push(oid(*tip)).map_err(failed)?;
    }
    for id in known {
        // A reference to what is no commit, or not here, keeps nothing out.
        let _ = walk.hide(oid(*id));
    }
    walk.map(|id| id.map(object_id).map_err(failed)).collect()
}

/// Which of the commits each remote is known to have. All tips of a remote are walked at
/// once: a mirror has thousands.
fn pushed(repository: &Repository, commits: &[ObjectId]) -> BTreeMap<Remote, HashSet<ObjectId>> {
    let asked: HashSet<ObjectId> = commits.iter().copied().collect();
    let mut tips: BTreeMap<Remote, Vec<ObjectId>> = BTreeMap::new();
    for one in Remotes::of(repository).tracking(repository) {
        tips.entry(one.remote).or_default().push(one.tip);
    }
    let known = |tips: &[ObjectId]| -> HashSet<ObjectId> {
        let walked = commits_between(repository, tips, &[]).unwrap_or_default();
        walked.into_iter().filter(|id| asked.contains(id)).collect()
    };
    tips.into_iter().map(|(remote, tips)| (remote, known(&tips))).collect()
}

/// Reads commits one after the other.
struct Reading<'a> {
    repository: &'a Repository,
    log: &'a mut RangeLog,
    /// Blobs that come without a commit.
    blobs: Vec<(SourcePath, ObjectId)>,
    /// The blobs of the files that each commit deletes.
    deleted: HashMap<usize, Vec<ObjectId>>,
}

impl<'a> Reading<'a> {
    fn new(repository: &'a Repository, log: &'a mut RangeLog) -> Self {
        Self { repository, log, blobs: Vec::new(), deleted: HashMap::new() }
    }

    /// Ends the reading, and returns the blobs that came without a commit.
    fn finish(self) -> Vec<(SourcePath, ObjectId)> {
        self.log.additions = Additions::new(self.deleted);
        self.blobs
    }

    /// The commit that a pushed object leads to; the tags on the way are scanned.
    fn tip(&mut self, id: ObjectId, worker: &mut dyn Worker) -> Option<ObjectId> {
        let mut id = id;
        // Tags can name tags; no honest chain is this long.
        for _ in 0..32 {
            let object = self.repository.odb().and_then(|odb| {
                odb.read(oid(id)).map(|object| (object.kind(), object.data().to_vec()))
            });
            match object {
                Ok((ObjectType::Commit, _)) => return Some(id),
                Ok((ObjectType::Tag, bytes)) => {
                    let (path, origin, bytes) = (tag_path(id), Origin::Tag(id), &text_of(&bytes));
                    Blob { path, origin, bytes }.deliver(LazyScope::All, worker);
                    id = object_id(self.repository.find_tag(oid(id)).ok()?.target_id());
                }
                Ok((ObjectType::Blob, _)) => {
                    self.blobs.push((SourcePath::from_bytes(format!(".git/blobs/{id}")), id));
                    return None;
                }
                Ok((ObjectType::Tree, _)) => {
                    self.tree(id);
                    return None;
                }
                Ok(_) => return None,
                Err(error) => {
                    worker.skipped(Skipped {
                        path: SourcePath::from_bytes(format!(".git/objects/{id}")),
                        inside: Vec::new(),
                        reason: SkipReason::Unreadable,
                        detail: error.message().to_string(),
                    });
                    return None;
                }
            }
        }
        None
    }

    /// A tree that is pushed without a commit: all of its files are new.
    fn tree(&mut self, id: ObjectId) {
        let Ok(tree) = self.repository.find_tree(oid(id)) else { return };
        let walked = tree.walk(git2::TreeWalkMode::PreOrder, |folder, entry| {
            if entry.kind() == Some(ObjectType::Blob) {
                let path = [folder.as_bytes(), entry.name_bytes()].concat();
                self.blobs.push((SourcePath::from_bytes(path), object_id(entry.id())));
            }
            git2::TreeWalkResult::Ok
        });
        // What cannot be read further is named when its blobs are.
        drop(walked);
    }

    fn commit(&mut self, id: ObjectId, worker: &mut dyn Worker) -> Result<(), GitError> {
        let failed =
            |error: git2::Error| GitError::of(format!("cannot read the commit {id}"), &error);
        let number = self.log.commits.len();
        self.log.commits.push(id);
        let odb = self.repository.odb().map_err(failed)?;
        let text = text_of(odb.read(oid(id)).map_err(failed)?.data());
        let (path, origin) = (commit_path(id), Origin::Commit(id));
        Blob { path, origin, bytes: &text }.deliver(LazyScope::All, worker);
        let commit = self.repository.find_commit(oid(id)).map_err(failed)?;
        for (path, change) in changes_of(self.repository, &commit)? {
            let path = SourcePath::from_bytes(path);
            self.log.files.entry(path.clone()).or_default().push((number, change.new));
            match change.new {
                Some(new) => {
                    self.log.versions.entry((path, new)).or_default().push((number, change));
                }
                None => {
                    let old = change.old.into_iter().flatten().next();
                    self.deleted.entry(number).or_default().extend(old);
                }
            }
        }
        Ok(())
    }
}
