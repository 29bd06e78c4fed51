//! The source of the lines that a range of commits adds.

use super::{
    additions::Additions,
    between::Walk,
    blobs::{Blob, Blobs},
    commits::{changes_of, commit_path, tag_path, text_of},
    current::mark_current,
    error::GitError,
    graph::tag_target,
    objects::{Difference, Objects, Unread},
    oid::oid,
    opened,
    pushes::Push,
    range_attribution::{RangeAttribution, RangeLog},
    remotes::Remotes,
    repository::RepositoryRef,
    revision::{self, commit_of},
    skips::hand_over_excluded,
    store::Kind,
};
use crate::{
    model::{ObjectId, Origin, Outcome, Remote, Scope, SkipReason, Skipped, SourcePath},
    source::{LazyScope, Sink, Source, SourceError, Worker},
};
use git2::Repository;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

/// The commits of a range.
#[derive(Debug, Clone)]
pub enum Commits {
    /// `A..B` or `A...B`: the commits in the history of B, but not in that of A.
    Range(String),
    /// The commits in the history of `HEAD`, but not in that of this revision.
    Since(String),
    /// The commits that a push brings to this repository, from the input of a server's hook.
    Receive(Vec<Push>),
    /// The commits that a push brings to the remote of this name.
    Push {
        /// The references to push.
        pushes: Vec<Push>,
        /// The name of the remote, if known.
        remote: Option<String>,
    },
}

/// The lines that any commit of a range adds.
#[derive(Debug)]
pub struct Range {
    /// The repository.
    pub place: RepositoryRef,
    /// The commits.
    pub commits: Commits,
    /// `true` if whole changed files are reported on, instead of only the added lines.
    pub whole_files: bool,
    /// `true` if each occurrence of a secret is reported, instead of only the first.
    pub every_occurrence: bool,
    log: Mutex<RangeLog>,
}

impl Range {
    /// The additions of `commits`.
    pub fn new(place: RepositoryRef, commits: Commits) -> Self {
        Self { place, commits, whole_files: false, every_occurrence: false, log: Mutex::default() }
    }

    /// The tips, and the commits already known.
    fn ends(&self, objects: &Objects<'_>) -> Result<Ends, GitError> {
        let repository = objects.repository;
        let folders = self.place.object_folders(repository);
        let commit = |revision: &str| revision::commit(objects, &folders, revision);
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
                ends.new.push(commit(to)?);
                ends.known = known(objects, &commit, from, ends.new[0])?;
            }
            Commits::Since(from) => {
                ends.new.push(commit("HEAD")?);
                ends.known = known(objects, &commit, from, ends.new[0])?;
            }
            Commits::Receive(pushes) => {
                ends.new.extend(pushes.iter().filter_map(|push| push.new));
                ends.known = all_tips(objects)?;
                ends.known.extend(pushes.iter().filter_map(|push| push.old));
            }
            Commits::Push { pushes, remote } => {
                for push in pushes {
                    ends.new.extend(push.new);
                    // After another user's forced push, the remote's object may be missing here.
                    ends.known.extend(push.old.filter(|id| has(repository, *id)));
                }
                let tracking = Remotes::of(repository).tracking(objects);
                let known = tracking
                    .into_iter()
                    .filter(|one| remote.as_ref().is_none_or(|name| one.remote.name == *name));
                ends.known.extend(known.map(|one| one.tip));
            }
        }
        Ok(ends)
    }
}

/// The commits before a range: the one that `from` names. For zeros, which GitHub and others pass
/// for the first push of a branch, the commits of all other references.
fn known(
    objects: &Objects<'_>,
    commit: &dyn Fn(&str) -> Result<ObjectId, GitError>,
    from: &str,
    new: ObjectId,
) -> Result<Vec<ObjectId>, GitError> {
    let is_zero = from.len() >= 40 && from.bytes().all(|byte| byte == b'0');
    if !is_zero {
        return Ok(vec![commit(from)?]);
    }
    let mut tips = all_tips(objects)?;
    tips.retain(|tip| *tip != new);
    Ok(tips)
}

/// The commits that all references lead to.
fn all_tips(objects: &Objects<'_>) -> Result<Vec<ObjectId>, GitError> {
    let mut targets = BTreeSet::new();
    let broken = objects.references.each(&mut |_, id| targets.extend([id]));
    // A single broken reference only makes more commits count as new.
    match broken.into_iter().find(|(name, _)| name == "packed-refs") {
        Some((what, message)) => Err(GitError::Git { what, message }),
        None => Ok(targets.into_iter().filter_map(|id| commit_of(objects, id).ok()).collect()),
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

impl Source for Range {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let repository = self.place.open()?;
        opened::check_references(self.place.common_dir(&repository))?;
        let objects = self.place.objects(&repository);
        let ends = self.ends(&objects)?;
        let mut log = RangeLog::default();
        let mut blobs = {
            let mut worker = sink.worker();
            let mut read = Reading::new(&objects, &mut log);
            let tips =
                ends.new.iter().filter_map(|id| read.tip(*id, &mut *worker)).collect::<Vec<_>>();
            for id in Walk::new(&objects).between(&tips, &ends.known)? {
                if worker.is_stopped() {
                    break;
                }
                if let Err((reason, detail)) = read.commit(id, &mut *worker) {
                    let (path, inside) = (commit_path(id), Vec::new());
                    worker.skipped(Skipped { path, inside, reason, detail });
                }
            }
            read.finish()
        };
        blobs.extend(log.versions.keys().cloned());
        blobs.sort();
        blobs.dedup();
        let mut excluded: Vec<SourcePath> = blobs
            .extract_if(.., |(path, _)| !self.place.wants(path))
            .filter(|(path, _)| self.place.excludes(path))
            .map(|(path, _)| path)
            .collect();
        excluded.dedup();
        hand_over_excluded(excluded, sink);
        let scope_of = |number: usize, bytes: &[u8], objects: &Objects<'_>| {
            if self.whole_files {
                return Scope::All;
            }
            log.scope_of(&blobs[number], bytes, objects)
        };
        let read = Blobs { place: &self.place, blobs: &blobs, scope_of: &scope_of };
        drop(objects);
        read.hand_over(repository, sink)?;
        *self.log.lock().unwrap_or_else(PoisonError::into_inner) = log;
        Ok(())
    }

    fn attribute(&self, outcome: &mut Outcome) -> Result<(), SourceError> {
        if outcome.findings.is_empty() {
            return Ok(());
        }
        let repository = self.place.open()?;
        let objects = &self.place.objects(&repository);
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let pushed = match self.commits {
            // The remote does not have the commits of a push yet.
            Commits::Push { .. } | Commits::Receive(_) => BTreeMap::new(),
            _ => pushed(objects, &log.commits),
        };
        let (place, whole_files) = (&self.place, self.whole_files);
        let head = objects.references.head().ok().flatten();
        RangeAttribution { place, objects, head, log: &log, pushed, whole_files }
            .attribute(outcome, self.every_occurrence);
        mark_current(objects, &mut outcome.findings);
        Ok(())
    }
}

/// The commits that each remote is known to have. All tips of a remote are walked at once, because
/// a mirror has thousands of them.
fn pushed(objects: &Objects<'_>, commits: &[ObjectId]) -> BTreeMap<Remote, HashSet<ObjectId>> {
    let asked: HashSet<ObjectId> = commits.iter().copied().collect();
    let mut tips: BTreeMap<Arc<Remote>, Vec<ObjectId>> = BTreeMap::new();
    for one in Remotes::of(objects.repository).tracking(objects) {
        tips.entry(one.remote).or_default().push(one.tip);
    }
    let known = |tips: &[ObjectId]| -> HashSet<ObjectId> {
        let walked = Walk::new(objects).between(tips, &[]).unwrap_or_default();
        walked.into_iter().filter(|id| asked.contains(id)).collect()
    };
    tips.into_iter().map(|(remote, tips)| ((*remote).clone(), known(&tips))).collect()
}

/// Reads commits one by one.
struct Reading<'a> {
    objects: &'a Objects<'a>,
    log: &'a mut RangeLog,
    /// Blobs that belong to no commit.
    blobs: Vec<(SourcePath, ObjectId)>,
    /// The blobs of the files that each commit deletes.
    deleted: HashMap<usize, Vec<ObjectId>>,
}

impl<'a> Reading<'a> {
    fn new(objects: &'a Objects<'a>, log: &'a mut RangeLog) -> Self {
        Self { objects, log, blobs: Vec::new(), deleted: HashMap::new() }
    }

    /// Finishes reading, and returns the blobs that belong to no commit.
    fn finish(self) -> Vec<(SourcePath, ObjectId)> {
        self.log.additions = Additions::new(self.deleted);
        self.blobs
    }

    /// The commit that a pushed object leads to. Tags on the path to it are scanned.
    fn tip(&mut self, id: ObjectId, worker: &mut dyn Worker) -> Option<ObjectId> {
        match self.try_tip(id, worker) {
            Ok(commit) => commit,
            Err((reason, detail)) => {
                let path = SourcePath::from_bytes(format!(".git/objects/{id}"));
                worker.skipped(Skipped { path, inside: Vec::new(), reason, detail });
                None
            }
        }
    }

    fn try_tip(
        &mut self,
        id: ObjectId,
        worker: &mut dyn Worker,
    ) -> Result<Option<ObjectId>, Unread> {
        let mut id = id;
        // Tags can refer to tags, but no legitimate chain is this long.
        for _ in 0..32 {
            let (kind, bytes) = self.objects.read(id, None)?;
            match kind {
                Kind::Commit => return Ok(Some(id)),
                Kind::Tag => {
                    let (path, origin) = (tag_path(id), Origin::Tag(id));
                    Blob { path, origin, bytes: &text_of(&bytes) }.deliver(LazyScope::All, worker);
                    let Some(target) = tag_target(&bytes) else { break };
                    id = target;
                }
                Kind::Blob => {
                    self.blobs.push((SourcePath::from_bytes(format!(".git/blobs/{id}")), id));
                    return Ok(None);
                }
                // A tree pushed without a commit: all its files are new.
                Kind::Tree => {
                    let files = self.objects.differences(None, Some(id))?.into_iter();
                    let new =
                        |(path, _, new): Difference| Some((SourcePath::from_bytes(path), new?));
                    self.blobs.extend(files.filter_map(new));
                    return Ok(None);
                }
            }
        }
        Err((SkipReason::Unreadable, "it is a tag that leads to no object".into()))
    }

    fn commit(&mut self, id: ObjectId, worker: &mut dyn Worker) -> Result<(), Unread> {
        let number = self.log.commits.len();
        self.log.commits.push(id);
        let text = text_of(&self.objects.content(id, Kind::Commit)?);
        let (path, origin) = (commit_path(id), Origin::Commit(id));
        Blob { path, origin, bytes: &text }.deliver(LazyScope::All, worker);
        for (path, change) in changes_of(self.objects, id)? {
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
