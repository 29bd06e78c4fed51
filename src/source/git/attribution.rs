//! Turns findings in objects into one finding per secret, with its history: the commits that added
//! and removed it, and its spread.

use super::{
    advice,
    commits::{describe, hide_email},
    object_index::ObjectIndex,
    reach::{Holdings, Holds, peel, tags_of},
    repository::RepositoryRef,
    sets::EMPTY,
    store::NONE,
    trees::find_in,
};
use crate::judge::guessable::known_by;
use crate::model::{
    Commit, Exposure, Finding, Fingerprint, ObjectId, Origin, Outcome, Remote, SourcePath,
    Suppressor,
};
use git2::Repository;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// Maximum number of references listed; the rest are only counted.
const MAX_REFS: usize = 5;

/// Attributes the findings of a history scan.
pub struct Attribution<'a> {
    /// The location of the repository.
    pub place: &'a RepositoryRef,
    /// The repository.
    pub repository: &'a Repository,
    /// The objects that were read.
    pub remembered: &'a ObjectIndex,
    /// `true` if each occurrence is reported separately.
    pub every_occurrence: bool,
    /// `true` if habits that are no longer in `HEAD` are reported.
    pub past_habits: bool,
    /// `true` if secrets that no reference reaches are reported as well.
    pub unreachable: bool,
}

/// Findings with the same key have one history: the rule, the subject and, if occurrences are
/// separate, the origin and the position.
type Key = (Arc<str>, Vec<u8>, Option<(Origin, usize)>);

/// The history of a secret over all of its occurrences.
struct Lineage {
    findings: Vec<Finding>,
    /// The first commit whose files contain it although no parent's files do.
    first: Option<u32>,
    /// The last commit whose files do not contain it although all parents' files do, with one
    /// parent. `dropped` is the same for a commit where only some parents do, used if there is no
    /// other.
    removed: Option<(u32, u32)>,
    dropped: Option<(u32, u32)>,
    refs: Vec<usize>,
}

impl Attribution<'_> {
    /// Replaces findings by one finding for each secret, with its history.
    pub fn attribute(&self, outcome: &mut Outcome) {
        let (mut lineages, others) = self.lineages(std::mem::take(&mut outcome.findings));
        outcome.findings = others;
        let (mut blobs, mut messages, mut tags) = (Holds::new(), Holds::new(), Holds::new());
        for (number, lineage) in (0_u32..).zip(&lineages) {
            for finding in &lineage.findings {
                let Some(origin) = finding.history.as_ref().map(|history| history.origin) else {
                    continue;
                };
                let holds = match origin {
                    Origin::Commit(_) => &mut messages,
                    Origin::Tag(_) => &mut tags,
                    _ => &mut blobs,
                };
                let object = origin.object().and_then(|id| self.remembered.store.table.find(&id));
                holds.entry(object.unwrap_or(NONE)).or_default().insert(number);
            }
        }
        let threads = self.place.options.threads;
        let holdings = Holdings::find(self.remembered, threads, &blobs, &messages);
        self.follow(&holdings, &mut lineages);
        self.references(&holdings, &mut lineages, &[&blobs, &messages, &tags]);
        for (number, lineage) in (0_u32..).zip(lineages) {
            outcome.findings.extend(self.finding(number, lineage, &holdings, &blobs));
        }
    }

    /// The histories of the findings, and the findings that are not in an object.
    fn lineages(&self, findings: Vec<Finding>) -> (Vec<Lineage>, Vec<Finding>) {
        let (mut lineages, mut others) = (BTreeMap::<Key, Lineage>::new(), Vec::new());
        for finding in findings {
            let Some(history) = &finding.history else {
                others.push(finding);
                continue;
            };
            let subject = history.subject.expose().to_vec();
            let place =
                self.every_occurrence.then_some((history.origin, finding.location.span.start));
            // A secret in a message cannot be removed like a secret in a file.
            let is_file = matches!(history.origin, Origin::Blob(_));
            let mut key = subject;
            key.push(u8::from(is_file));
            let lineage =
                lineages.entry((finding.rule.clone(), key, place)).or_insert_with(|| Lineage {
                    findings: Vec::new(),
                    first: None,
                    removed: None,
                    dropped: None,
                    refs: Vec::new(),
                });
            lineage.findings.push(finding);
        }
        (lineages.into_values().collect(), others)
    }

    /// Finds the commits that added the secrets to files, and those that removed them.
    fn follow(&self, holdings: &Holdings, lineages: &mut [Lineage]) {
        let graph = &self.remembered.graph;
        let head_past = graph.past(&self.head().into_iter().collect::<Vec<_>>());
        for number in &holdings.order {
            let own = holdings.files[*number as usize];
            let parents: Vec<(u32, u32)> =
                graph.parents(*number).map(|one| (one, holdings.files[one as usize])).collect();
            if parents.iter().all(|(_, files)| *files == own)
                && (own == EMPTY || !parents.is_empty())
            {
                continue;
            }
            for lineage in holdings.sets.members(own).iter() {
                let is_new = !parents.iter().any(|(_, files)| holdings.sets.has(*files, *lineage));
                let first = &mut lineages[*lineage as usize].first;
                if is_new && first.is_none() {
                    *first = Some(*number);
                }
            }
            // A commit outside the history of `HEAD` cannot have removed the secret there.
            if self.head().is_some() && !head_past[*number as usize] {
                continue;
            }
            for (parent, files) in &parents {
                for lineage in holdings.sets.members(*files).iter() {
                    if holdings.sets.has(own, *lineage) {
                        continue;
                    }
                    let all = parents.iter().all(|(_, files)| holdings.sets.has(*files, *lineage));
                    let lineage = &mut lineages[*lineage as usize];
                    let slot = if all { &mut lineage.removed } else { &mut lineage.dropped };
                    *slot = Some((*number, *parent));
                }
            }
        }
    }

    fn head(&self) -> Option<u32> {
        let remembered = self.remembered;
        remembered.graph.number(remembered.store.table.find(remembered.tips.head.as_ref()?)?)
    }

    /// Finds the references that reach the secrets.
    fn references(&self, holdings: &Holdings, lineages: &mut [Lineage], own: &[&Holds; 3]) {
        for (number, tip) in self.remembered.tips.all.iter().enumerate() {
            let Some(object) = self.remembered.store.table.find(&tip.object) else { continue };
            let target = peel(self.remembered, object);
            let mut held: BTreeSet<u32> = BTreeSet::new();
            match self.remembered.graph.number(target) {
                Some(commit) => {
                    held.extend(&*holdings.sets.members(holdings.past[commit as usize]))
                }
                None => {
                    held.extend(&*holdings.sets.members(holdings.of_tree(target)));
                    held.extend(own[0].get(&target).into_iter().flatten());
                }
            }
            for tag in tags_of(self.remembered, object) {
                held.extend(own[2].get(&tag).into_iter().flatten());
            }
            for lineage in held {
                lineages[lineage as usize].refs.push(number);
            }
        }
    }

    /// The finding of a history, if it is to be reported.
    fn finding(
        &self,
        number: u32,
        lineage: Lineage,
        holdings: &Holdings,
        blobs: &Holds,
    ) -> Option<Finding> {
        let is_reachable = !lineage.refs.is_empty();
        if !is_reachable && !self.unreachable {
            return None;
        }
        let at = |commit: u32, describes: u32| {
            self.place_in(commit, number, holdings, blobs)
                .and_then(|(path, blob)| Some((self.describe(describes, path)?, blob)))
        };
        let introduced = lineage.first.and_then(|commit| at(commit, commit));
        let in_head = self
            .head()
            .is_some_and(|head| holdings.sets.has(holdings.files[head as usize], number));
        let removed = lineage.removed.or(lineage.dropped).filter(|_| !in_head);
        let removed = removed.and_then(|(commit, parent)| at(parent, commit));
        let occurrences = objects(&lineage.findings).len();
        let mut finding = pick(lineage.findings, introduced.as_ref().map(|(_, blob)| *blob))?;
        let mut history = finding.history.take()?;
        let in_message = match history.origin {
            Origin::Commit(id) => {
                let object = self.remembered.store.table.find(&id);
                history.introduced = object
                    .and_then(|object| self.remembered.graph.number(object))
                    .and_then(|commit| self.describe(commit, finding.location.path.clone()));
                self.is_in_head_past(object)
            }
            _ => false,
        };
        if let Some((commit, _)) = introduced {
            finding.location.path = commit.path.clone();
            finding.fingerprint = Fingerprint::new(
                &finding.rule,
                &finding.location.path,
                known_by(finding.secret.as_ref(), &finding.excerpt),
            );
            history.introduced = Some(commit);
        }
        if !self.place.wants(&finding.location.path) {
            return None;
        }
        history.removed = removed.map(|(commit, _)| commit);
        history.exposure = match (in_head || in_message, is_reachable) {
            (true, _) => Exposure::Head,
            (false, true) => Exposure::Reachable,
            (false, false) => Exposure::Unreachable,
        };
        history.occurrences = occurrences;
        (history.refs, history.ref_count) = self.names(&lineage.refs);
        history.pushed = self.remotes(&lineage.refs);
        history.advice = match finding.secret {
            Some(_) => advice::committed(self.repository, self.remembered.tips.head, &history),
            None => advice::habit(&history),
        };
        if finding.secret.is_none() && history.exposure != Exposure::Head && !self.past_habits {
            finding.suppressed = Some(Suppressor::PastHabit);
        }
        finding.history = Some(history);
        hide_email(self.place, &mut finding);
        Some(finding)
    }

    /// The path of the secret in the files of a commit.
    fn place_in(
        &self,
        commit: u32,
        lineage: u32,
        holdings: &Holdings,
        blobs: &Holds,
    ) -> Option<(SourcePath, ObjectId)> {
        let table = &self.remembered.store.table;
        let may_hold = |tree: u32| holdings.tree_has(tree, lineage);
        let is_wanted = |blob: u32| blobs.get(&blob).is_some_and(|held| held.contains(&lineage));
        let tree = self.remembered.graph.node(commit).tree;
        let (path, blob) = find_in(self.repository, table, tree, &may_hold, &is_wanted)?;
        Some((SourcePath::from_bytes(path), table.id(blob)))
    }

    fn describe(&self, commit: u32, path: SourcePath) -> Option<Commit> {
        let object = self.remembered.graph.node(commit).object;
        describe(self.place, self.repository, self.remembered.store.table.id(object), path)
    }

    fn is_in_head_past(&self, object: Option<u32>) -> bool {
        let graph = &self.remembered.graph;
        let (Some(head), Some(commit)) = (self.head(), object.and_then(|one| graph.number(one)))
        else {
            return false;
        };
        graph.past(&[head])[commit as usize]
    }

    /// The names of references, best known first, and the number of references.
    fn names(&self, refs: &[usize]) -> (Vec<String>, usize) {
        let rank = |name: &str| match name {
            "HEAD" => 0,
            name if name.starts_with("refs/heads/") => 1,
            name if name.starts_with("refs/remotes/") => 2,
            name if name.starts_with("refs/tags/") => 3,
            _ => 4,
        };
        let mut names: Vec<&str> =
            refs.iter().map(|tip| &*self.remembered.tips.all[*tip].name).collect();
        names.sort_by_key(|name| (rank(name), *name));
        names.dedup();
        (names.iter().take(MAX_REFS).map(|name| (*name).to_string()).collect(), names.len())
    }

    fn remotes(&self, refs: &[usize]) -> Vec<Remote> {
        let remotes: BTreeSet<&Remote> = refs
            .iter()
            .filter_map(|tip| self.remembered.tips.all[*tip].remote.as_deref())
            .collect();
        remotes.into_iter().cloned().collect()
    }
}

fn objects(findings: &[Finding]) -> HashMap<Origin, usize> {
    let mut objects = HashMap::new();
    for history in findings.iter().filter_map(|finding| finding.history.as_ref()) {
        *objects.entry(history.origin).or_default() += 1;
    }
    objects
}

/// The finding to report: the first one in the first blob.
fn pick(findings: Vec<Finding>, blob: Option<ObjectId>) -> Option<Finding> {
    let key = |finding: &Finding| {
        let object = finding.history.as_ref().and_then(|history| history.origin.object());
        (object != blob, object, finding.location.span.start, finding.location.path.clone())
    };
    findings.into_iter().min_by_key(key)
}
