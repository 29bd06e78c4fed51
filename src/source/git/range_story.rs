//! Which commit of a range brought a finding, and which took it out again.

use super::{
    added::Added,
    advice,
    blobs::content,
    commits::{FileChange, changes_of, describe, hide_email},
    renames::Renames,
    repository::{Place, oid},
};
use crate::model::{Finding, Fingerprint, ObjectId, Origin, Outcome, Reach, Remote, Secret};
use git2::Repository;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What was handed over, to be asked again when there are findings.
#[derive(Debug, Default)]
pub struct Seen {
    /// The commits, the oldest first.
    pub commits: Vec<ObjectId>,
    /// For each file what the commits made of it, by the commit's number.
    pub files: BTreeMap<Vec<u8>, Vec<(usize, FileChange)>>,
}

/// Says of findings which commit brought them.
pub struct RangeStory<'a> {
    /// Where it is.
    pub place: &'a Place,
    /// The repository.
    pub repository: &'a Repository,
    /// What the commits did.
    pub seen: &'a Seen,
    /// For each remote, which of the commits it has.
    pub pushed: BTreeMap<Remote, HashSet<ObjectId>>,
    /// Whether all of a changed file counts, and not only what the commits add.
    pub whole: bool,
}

impl RangeStory<'_> {
    /// Tells what is known of a finding; `false` if no commit of the range adds it.
    pub fn tell(&self, finding: &mut Finding) -> bool {
        let Some(mut history) = finding.history.take() else { return true };
        let path = finding.location.path.clone();
        let introduced = match history.origin {
            Origin::Commit(id) => Some(id),
            Origin::Blob(id) => match self.first_touch(finding, id) {
                Some(Some(number)) => {
                    history.removed = self.removed(finding, number).and_then(|number| {
                        describe(
                            self.place,
                            self.repository,
                            self.seen.commits[number],
                            path.clone(),
                        )
                    });
                    Some(self.seen.commits[number])
                }
                Some(None) => None,
                None => return false,
            },
            Origin::File | Origin::Remote | Origin::Tag(_) => None,
        };
        history.reach = if history.removed.is_some() { Reach::Reachable } else { Reach::Head };
        if let Some(id) = introduced {
            history.introduced = describe(self.place, self.repository, id, path);
            let remotes = self.pushed.iter().filter(|(_, commits)| commits.contains(&id));
            history.pushed = remotes.map(|(remote, _)| remote.clone()).collect();
        }
        history.advice = advice::committed(self.repository, &history);
        finding.history = Some(history);
        hide_email(self.place, finding);
        true
    }

    /// The number of the first commit that adds the finding to its file: nothing if none
    /// does, and no number if the blob came without a commit.
    fn first_touch(&self, finding: &Finding, id: ObjectId) -> Option<Option<usize>> {
        let Some(events) = self.seen.files.get(finding.location.path.as_bytes()) else {
            return Some(None);
        };
        let Ok(new) = content(self.repository, id) else { return Some(None) };
        events
            .iter()
            .filter(|(_, change)| change.new == Some(id))
            .find(|(number, change)| self.whole || self.adds(*number, change, finding, &new))
            .map(|(number, _)| Some(*number))
    }

    /// Whether the commit adds the finding: to what each of its parents had.
    fn adds(&self, number: usize, change: &FileChange, finding: &Finding, new: &[u8]) -> bool {
        change.old.iter().all(|old| {
            let old = match old {
                Some(old) => content(self.repository, *old).ok(),
                None => self.renamed(number, change.new, new),
            };
            old.is_none_or(|old| Added::between(&old, new).touches(&finding.location, new))
        })
    }

    /// The content of the file that a commit renamed to this one.
    fn renamed(&self, number: usize, new: Option<ObjectId>, bytes: &[u8]) -> Option<Vec<u8>> {
        let commit = self.repository.find_commit(oid(self.seen.commits[number])).ok()?;
        let changes = changes_of(self.repository, &commit).ok()?;
        let deleted = changes.into_values().filter(|change| change.new.is_none());
        let deleted = deleted.filter_map(|change| change.old.into_iter().flatten().next());
        Renames::new(self.repository, deleted.collect()).source_of(new?, bytes)
    }

    /// The number of the commit after which the file does not hold the finding any more.
    fn removed(&self, finding: &Finding, introduced: usize) -> Option<usize> {
        let events = self.seen.files.get(finding.location.path.as_bytes())?;
        let needle = finding.secret.as_ref()?.expose();
        let mut removed = None;
        for (number, change) in events.iter().filter(|(number, _)| *number > introduced) {
            let holds = change.new.is_some_and(|id| {
                content(self.repository, id)
                    .is_ok_and(|bytes| memchr::memmem::find(&bytes, needle).is_some())
            });
            removed = match (holds, removed) {
                (true, _) => None,
                (false, None) => Some(*number),
                (false, known) => known,
            };
        }
        removed
    }
}

/// Of findings that are one, in several versions of a file, keeps the first.
pub fn keep_first(outcome: &mut Outcome, commits: &[ObjectId]) {
    let order: HashMap<ObjectId, usize> =
        commits.iter().enumerate().map(|(number, id)| (*id, number)).collect();
    let number = |finding: &Finding| {
        let commit = finding.history.as_ref().and_then(|one| one.introduced.as_ref());
        commit.and_then(|commit| order.get(&commit.id).copied()).unwrap_or(usize::MAX)
    };
    outcome.findings.sort_by_key(|finding| (number(finding), finding.location.clone()));
    // The secret as well: fingerprints tell apart only those that nobody can guess.
    let mut kept: HashMap<(Fingerprint, Option<Secret>), usize> = HashMap::new();
    let mut findings: Vec<Finding> = Vec::new();
    for finding in outcome.findings.drain(..) {
        let key = (finding.fingerprint.clone(), finding.secret.clone());
        match kept.get(&key) {
            // Twice in one version of a file is two places.
            Some(place)
                if findings[*place].history.as_ref().map(|one| one.origin)
                    != finding.history.as_ref().map(|one| one.origin) =>
            {
                if let Some(history) = &mut findings[*place].history {
                    history.occurrences += 1;
                }
            }
            _ => {
                kept.entry(key).or_insert(findings.len());
                findings.push(finding);
            }
        }
    }
    outcome.findings = findings;
}
