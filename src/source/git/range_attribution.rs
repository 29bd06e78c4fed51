//! Finds the commits of a range that added and removed findings.

use super::{
    additions::Additions,
    advice,
    commits::{FileChange, describe, hide_email},
    objects::Objects,
    occurrences::present,
    repository::RepositoryRef,
};
use crate::model::{
    Exposure, Finding, Fingerprint, ObjectId, Origin, Outcome, Remote, Scope, Secret, SourcePath,
    Span,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The commits of a range, and the versions of files in them.
#[derive(Debug, Default)]
pub struct RangeLog {
    /// The commits, oldest first.
    pub commits: Vec<ObjectId>,
    /// The changes that produced each version of a file, with the index of the commit.
    pub versions: BTreeMap<(SourcePath, ObjectId), Vec<(usize, FileChange)>>,
    /// The blobs of each file, with the index of the commit; `None` where the file is deleted.
    pub files: BTreeMap<SourcePath, Vec<(usize, Option<ObjectId>)>>,
    /// The scopes of the changes.
    pub additions: Additions,
}

impl RangeLog {
    /// The part of a version of a file that any of the commits adds; for a blob without a commit,
    /// all of it.
    pub fn scope_of(
        &self,
        version: &(SourcePath, ObjectId),
        bytes: &[u8],
        objects: &Objects<'_>,
    ) -> Scope {
        let changes = self.versions.get(version).map(Vec::as_slice).unwrap_or_default();
        if changes.is_empty() {
            return Scope::All;
        }
        let added = |(commit, change): &(usize, FileChange)| {
            self.additions.of(change, *commit, bytes, objects)
        };
        Scope::any(changes.iter().map(added).collect())
    }
}

/// Adds to findings the commits that added and removed them.
pub struct RangeAttribution<'a> {
    /// The repository that is read.
    pub place: &'a RepositoryRef,
    /// Its objects.
    pub objects: &'a Objects<'a>,
    /// The last commit.
    pub head: Option<ObjectId>,
    /// The changes of the commits.
    pub log: &'a RangeLog,
    /// For each remote, the commits that it has.
    pub pushed: BTreeMap<Remote, HashSet<ObjectId>>,
    /// `true` if whole changed files are reported on, instead of only the added lines.
    pub whole_files: bool,
}

/// A finding, and the index of the commit that added it, if any.
type Brought = (Finding, Option<usize>);

/// The facts that the advice on a finding depends on: the commits that added and removed it, and
/// `true` if it is in a message.
type AdviceKey = (Option<usize>, Option<usize>, bool);

impl RangeAttribution<'_> {
    /// Attributes all findings. Of equal findings in several versions of a file, only the first is
    /// kept unless `every_occurrence` is set.
    pub fn attribute(&self, outcome: &mut Outcome, every_occurrence: bool) {
        let mut findings = self.brought(std::mem::take(&mut outcome.findings));
        let found_in = found_in(&findings);
        if !every_occurrence {
            findings = first_of_each(findings);
        }
        let removed = self.removed(&findings, &found_in);
        let mut advice = HashMap::new();
        for ((mut finding, brought), removed) in findings.into_iter().zip(removed) {
            self.describe(&mut finding, brought, removed, &mut advice);
            outcome.findings.push(finding);
        }
    }

    /// Finds the commit that added each finding.
    fn brought(&self, findings: Vec<Finding>) -> Vec<Brought> {
        let numbers: HashMap<ObjectId, usize> =
            self.log.commits.iter().enumerate().map(|(number, id)| (*id, number)).collect();
        let mut all = Vec::with_capacity(findings.len());
        let mut in_files: BTreeMap<(SourcePath, ObjectId), Vec<Finding>> = BTreeMap::new();
        for finding in findings {
            match finding.history.as_ref().map(|history| history.origin) {
                Some(Origin::Blob(id)) => {
                    in_files.entry((finding.location.path.clone(), id)).or_default().push(finding);
                }
                Some(Origin::Commit(id)) => all.push((finding, numbers.get(&id).copied())),
                _ => all.push((finding, None)),
            }
        }
        for (version, findings) in in_files {
            let numbers = self.first_commits(&version, &findings);
            all.extend(findings.into_iter().zip(numbers));
        }
        all
    }

    /// For each finding in a version of a file, the first commit that adds it.
    fn first_commits(
        &self,
        version: &(SourcePath, ObjectId),
        findings: &[Finding],
    ) -> Vec<Option<usize>> {
        let changes = self.log.versions.get(version).map(Vec::as_slice).unwrap_or_default();
        let first = changes.first().map(|(number, _)| *number);
        let mut numbers = vec![first; findings.len()];
        if changes.len() < 2 || self.whole_files {
            return numbers;
        }
        let Ok(bytes) = self.objects.blob(version.1) else { return numbers };
        let spans: Vec<Span> = findings.iter().map(|one| one.location.span).collect();
        // In reverse order, so that the first commit that adds a finding remains. Changes between
        // the same versions add the same lines.
        let mut known = HashSet::new();
        let changes: Vec<_> =
            changes.iter().filter(|(_, change)| known.insert(change.old.clone())).collect();
        for (number, change) in changes.into_iter().rev() {
            let scope = self.log.additions.of(change, *number, &bytes, self.objects);
            let covered = scope.covers(&spans, &bytes.as_slice()).unwrap_or_default();
            for (own, _) in numbers.iter_mut().zip(covered).filter(|(_, is_covered)| *is_covered) {
                *own = Some(*number);
            }
        }
        numbers
    }

    /// For each finding, the index of the commit from which on its file no longer contains it, if
    /// any.
    fn removed(&self, findings: &[Brought], found_in: &FoundIn) -> Vec<Option<usize>> {
        let mut by_file: BTreeMap<&SourcePath, Vec<usize>> = BTreeMap::new();
        for (number, (finding, _)) in findings.iter().enumerate() {
            let is_in_file =
                finding.history.as_ref().is_some_and(|one| matches!(one.origin, Origin::Blob(_)));
            if is_in_file && finding.secret.is_some() {
                by_file.entry(&finding.location.path).or_default().push(number);
            }
        }
        let mut removed = vec![None; findings.len()];
        for (path, numbers) in by_file {
            let Some(versions) = self.log.files.get(path) else { continue };
            let own: Vec<&Brought> = numbers.iter().map(|number| &findings[*number]).collect();
            let found = Removals { objects: self.objects, versions, found_in }.of(&own);
            for (number, commit) in numbers.into_iter().zip(found) {
                removed[number] = commit;
            }
        }
        removed
    }

    /// Adds information on the commits to a finding.
    fn describe(
        &self,
        finding: &mut Finding,
        brought: Option<usize>,
        removed: Option<usize>,
        known: &mut HashMap<AdviceKey, Vec<String>>,
    ) {
        let Some(history) = &mut finding.history else { return };
        let describe = |number: usize| {
            let id = self.log.commits[number];
            describe(self.place, self.objects.repository, id, finding.location.path.clone())
        };
        history.introduced = brought.and_then(describe);
        history.removed = removed.and_then(describe);
        history.exposure = if removed.is_some() { Exposure::Reachable } else { Exposure::Head };
        if let Some(id) = brought.map(|number| self.log.commits[number]) {
            let remotes = self.pushed.iter().filter(|(_, commits)| commits.contains(&id));
            history.pushed = remotes.map(|(remote, _)| remote.clone()).collect();
        }
        history.advice = match finding.secret {
            None => advice::habit(history),
            Some(_) => {
                let key = (brought, removed, matches!(history.origin, Origin::Commit(_)));
                let advice = || advice::committed(self.objects.repository, self.head, history);
                known.entry(key).or_insert_with(advice).clone()
            }
        };
        hide_email(self.place, finding);
    }
}

/// The secrets found, with their blobs.
type FoundIn = HashSet<(ObjectId, Secret)>;

fn found_in(findings: &[Brought]) -> FoundIn {
    let of = |(finding, _): &Brought| {
        let object = finding.history.as_ref().and_then(|history| history.origin.object());
        object.zip(finding.secret.clone())
    };
    findings.iter().filter_map(of).collect()
}

/// The versions of one file, from which removals of findings are computed.
struct Removals<'a> {
    objects: &'a Objects<'a>,
    versions: &'a [(usize, Option<ObjectId>)],
    found_in: &'a FoundIn,
}

impl Removals<'_> {
    /// For each finding, the index of the commit that removed it.
    ///
    /// That is the commit after the last version that contains the secret.
    fn of(&self, findings: &[&Brought]) -> Vec<Option<usize>> {
        let texts: Vec<Vec<u8>> = findings.iter().map(|(finding, _)| self.text(finding)).collect();
        let last = self.last_versions(&texts, findings);
        let number = |(finding, last): (&&Brought, Option<usize>)| {
            let (_, brought) = finding;
            let own = self.versions.iter().position(|(number, _)| Some(*number) == *brought)?;
            let last = last.map_or(own, |last| last.max(own));
            self.versions.get(last + 1).map(|(number, _)| *number)
        };
        findings.iter().zip(last).map(number).collect()
    }

    /// The text that identifies the finding in a version: the secret, or its encoded form.
    fn text(&self, finding: &Finding) -> Vec<u8> {
        let secret = finding.secret.as_ref().map(|secret| secret.expose().to_vec());
        let secret = secret.unwrap_or_default();
        let span = finding.location.span;
        let origin = finding.history.as_ref().and_then(|history| history.origin.object());
        if span.len() == secret.len() || !finding.location.inside.is_empty() {
            return secret;
        }
        let written = origin.and_then(|id| self.objects.blob(id).ok());
        written.map_or(secret, |bytes| span.slice(&bytes).to_vec())
    }

    /// For each text, the index of the last version that contains it. The versions are read in
    /// reverse order until all texts are found or no older version can contain them.
    fn last_versions(&self, texts: &[Vec<u8>], findings: &[&Brought]) -> Vec<Option<usize>> {
        let mut last = vec![None; texts.len()];
        let first = findings.iter().filter_map(|(_, brought)| *brought).min().unwrap_or(0);
        for (place, (number, blob)) in self.versions.iter().enumerate().rev() {
            let left: Vec<usize> = (0..texts.len()).filter(|one| last[*one].is_none()).collect();
            if left.is_empty() || *number <= first {
                break;
            }
            let Some(blob) = blob else { continue };
            let Ok(bytes) = self.objects.blob(*blob) else { continue };
            let needles: Vec<&[u8]> = left.iter().map(|one| texts[*one].as_slice()).collect();
            for (one, is_present) in left.iter().zip(present(&needles, &bytes)) {
                let secret = findings[*one].0.secret.clone();
                let is_found =
                    secret.is_some_and(|secret| self.found_in.contains(&(*blob, secret)));
                if is_present || is_found {
                    last[*one] = Some(place);
                }
            }
        }
        last
    }
}

fn origin(finding: &Finding) -> Option<Origin> {
    finding.history.as_ref().map(|history| history.origin)
}

/// The first of equal findings in several versions of a file.
fn first_of_each(mut findings: Vec<Brought>) -> Vec<Brought> {
    findings
        .sort_by_key(|(finding, number)| (number.unwrap_or(usize::MAX), finding.location.clone()));
    // Includes the secret, because fingerprints only distinguish secrets that cannot be guessed.
    let mut kept: HashMap<(Fingerprint, Option<Secret>), usize> = HashMap::new();
    let mut first: Vec<Brought> = Vec::new();
    for (finding, number) in findings {
        let key = (finding.fingerprint.clone(), finding.secret.clone());
        match kept.get(&key) {
            // Two findings in one version of a file are separate.
            Some(place) if origin(&first[*place].0) != origin(&finding) => {
                if let Some(history) = &mut first[*place].0.history {
                    history.occurrences += 1;
                }
            }
            _ => {
                kept.entry(key).or_insert(first.len());
                first.push((finding, number));
            }
        }
    }
    first
}
