//! Files and texts of the Hub, as a source.

use super::{
    api::{Api, HubError},
    clones::Clone as Cloned,
    discussions::{self, Texts},
    listing::{self, RemoteFile, Repository, Revision, quoted},
    read::Reading,
    target::{Kind, Target},
};
use crate::{
    model::{Origin, SkipReason, Skipped, SourcePath},
    source::{Content, Document, Sink, Source, SourceError, Worker, each::each},
};
use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

/// Maximum number of parallel requests.
const THREADS: usize = 4;

/// The parts of the targets to scan.
#[derive(Debug, Clone, Default)]
pub struct HubOptions {
    /// The kinds of an owner's repositories; empty means all.
    pub kinds: Vec<Kind>,
    /// The revision of repositories that are named without one.
    pub revision: Option<String>,
    /// `true` for every branch, tag, conversion and pull request.
    pub all_refs: bool,
    /// `true` for discussions and pull requests with all their versions.
    pub discussions: bool,
    /// `true` for the history of each repository, which git clones.
    pub history: bool,
    /// Maximum number of repositories of one owner.
    pub limit: usize,
    /// Repositories without changes since this date are skipped.
    pub since: Option<String>,
}

/// Files, discussions, collections and variables on the Hub.
#[derive(Debug)]
pub struct HubSource {
    targets: Vec<Target>,
    options: HubOptions,
    reading: Reading,
    transfers: Mutex<Vec<(String, u64, u64)>>,
    clones: Mutex<Vec<Cloned>>,
}

/// An item to read.
enum Work {
    File { repository: Repository, commit: String, file: RemoteFile },
    Discussion(Repository, u64),
    Collection(String),
    Variables(Repository),
    History(Repository),
}

impl HubSource {
    /// The source for these targets.
    pub fn new(targets: Vec<Target>, options: HubOptions, reading: Reading) -> Self {
        Self { targets, options, reading, transfers: Mutex::default(), clones: Mutex::default() }
    }

    /// Number of requests, number of received bytes of files, and name, size and received bytes of
    /// each file.
    pub fn transfers(&self) -> (u64, u64, Vec<(String, u64, u64)>) {
        let mut files = lock(&self.transfers).clone();
        files.sort_unstable();
        (self.reading.api.requests(), self.reading.api.spent(), files)
    }

    /// The names of all items that a scan would read, with sizes in bytes if known; and items that
    /// cannot be listed.
    pub fn list(&self) -> (Vec<(String, Option<u64>)>, Vec<Skipped>) {
        let (work, skipped) = self.work();
        let names = work.iter().map(|one| match one {
            Work::File { file, .. } => (one.path(), Some(file.size)),
            _ => (one.path(), None),
        });
        (names.map(|(path, size)| (path.to_string(), size)).collect(), skipped)
    }

    fn api(&self) -> &Api {
        &self.reading.api
    }

    /// All items to read.
    fn work(&self) -> (Vec<Work>, Vec<Skipped>) {
        let mut work = Vec::new();
        let mut skipped = Vec::new();
        for target in &self.targets {
            if let Err((path, error)) = self.work_of(target, &mut work, &mut skipped) {
                skipped.push(not_read(SourcePath::from_bytes(path), &error));
            }
        }
        (work, skipped)
    }

    fn work_of(
        &self,
        target: &Target,
        work: &mut Vec<Work>,
        skipped: &mut Vec<Skipped>,
    ) -> Result<(), (String, HubError)> {
        match target {
            Target::Owner(owner) => {
                let at = |error| (format!("hf://{owner}"), error);
                let kinds = match self.options.kinds.is_empty() {
                    true => &Kind::ALL[..],
                    false => &self.options.kinds,
                };
                let all = listing::of_owner(self.api(), owner, kinds, self.options.limit);
                let since = self.options.since.as_deref().unwrap_or_default();
                for repository in all.map_err(at)? {
                    if repository.changed.is_empty() || *repository.changed >= *since {
                        self.whole(&repository, None, "", work, skipped);
                    }
                }
                if self.options.kinds.is_empty() {
                    match listing::collections_of(self.api(), owner) {
                        Ok(slugs) => work.extend(slugs.into_iter().map(Work::Collection)),
                        Err(error) => skipped.push(not_read(
                            SourcePath::from_bytes(format!("hf://collections/{owner}")),
                            &error,
                        )),
                    }
                }
            }
            Target::Repository { kind, id, revision, path } => {
                let repository = Repository { kind: *kind, id: id.clone(), changed: String::new() };
                self.whole(&repository, revision.as_deref(), path, work, skipped);
            }
            Target::Discussion { kind, id, number } => {
                let repository = Repository { kind: *kind, id: id.clone(), changed: String::new() };
                work.push(Work::Discussion(repository, *number));
            }
            Target::Collection(slug) => work.push(Work::Collection(slug.clone())),
        }
        Ok(())
    }

    /// All items of one repository.
    fn whole(
        &self,
        repository: &Repository,
        revision: Option<&str>,
        below: &str,
        work: &mut Vec<Work>,
        skipped: &mut Vec<Skipped>,
    ) {
        let mut note = |error: &HubError| skipped.push(not_read(root(repository), error));
        match self.revisions(repository, revision) {
            Ok(revisions) => {
                // A file in several revisions is read once.
                let mut known = BTreeSet::new();
                for Revision { commit, .. } in revisions {
                    match listing::files(self.api(), repository, &commit, below) {
                        Ok(files) => {
                            let new = files.into_iter().filter(|file| {
                                let key = (file.path.clone(), file.content.clone());
                                file.content.is_empty() || known.insert(key)
                            });
                            work.extend(new.map(|file| Work::File {
                                repository: repository.clone(),
                                commit: commit.clone(),
                                file,
                            }));
                        }
                        Err(error) => note(&error),
                    }
                }
            }
            Err(error) => note(&error),
        }
        if !below.is_empty() || repository.kind == Kind::Bucket {
            return;
        }
        if self.options.history {
            work.push(Work::History(repository.clone()));
        }
        if repository.kind == Kind::Space {
            work.push(Work::Variables(repository.clone()));
        }
        if self.options.discussions {
            match discussions::numbers(self.api(), repository) {
                Ok(numbers) => work.extend(
                    numbers.into_iter().map(|one| Work::Discussion(repository.clone(), one)),
                ),
                Err(error) => note(&error),
            }
        }
    }

    fn revisions(
        &self,
        repository: &Repository,
        revision: Option<&str>,
    ) -> Result<Vec<Revision>, HubError> {
        if repository.kind == Kind::Bucket {
            return Ok(vec![Revision { name: String::new(), commit: String::new() }]);
        }
        if self.options.all_refs && revision.is_none() {
            return listing::revisions(self.api(), repository);
        }
        let name = revision.or(self.options.revision.as_deref()).unwrap_or("main");
        Ok(vec![listing::revision(self.api(), repository, name)?])
    }

    fn read(&self, work: &Work, worker: &mut dyn Worker) -> Result<(), HubError> {
        match work {
            Work::File { repository, commit, file } => {
                let path = work.path();
                let prefix = repository.kind.prefix();
                let id = quoted(&repository.id, true);
                let address = match repository.kind {
                    Kind::Bucket => format!("/buckets/{id}/resolve/{}", quoted(&file.path, false)),
                    _ => format!(
                        "/{prefix}{id}/resolve/{}/{}",
                        quoted(commit, false),
                        quoted(&file.path, true)
                    ),
                };
                let address = self.api().address(&address);
                let received = self.reading.hand_over(&path, address, file, worker)?;
                lock(&self.transfers).push((path.to_string(), file.size, received));
            }
            Work::Discussion(repository, number) => {
                let texts = discussions::discussion(self.api(), repository, *number)?;
                hand_over(&root(repository), texts, worker);
            }
            Work::Collection(slug) => {
                let path = SourcePath::from_bytes(format!("hf://collections/{slug}"));
                hand_over(&path, discussions::collection(self.api(), slug)?, worker);
            }
            Work::History(repository) => {
                let Repository { kind, id, .. } = repository;
                let name =
                    SourcePath::from_bytes(format!("{}@history", root(repository).real_text()));
                let server = self.api().address("");
                match Cloned::make(&server, *kind, id, name.clone(), self.api().token()) {
                    Ok(clone) => lock(&self.clones).push(clone),
                    Err(why) => worker.skipped(Skipped::of(name, SkipReason::Unreadable, why)),
                }
            }
            Work::Variables(repository) => match discussions::variables(self.api(), repository) {
                // Only the owner can read the variables of a private Space.
                Err(HubError::NotFound | HubError::Status(403)) => {}
                texts => hand_over(&root(repository), texts?, worker),
            },
        }
        Ok(())
    }
}

impl Work {
    /// The path in findings.
    fn path(&self) -> SourcePath {
        match self {
            Work::File { repository, commit, file } => {
                let mut name = root(repository).real_text().into_owned();
                if !commit.is_empty() {
                    name.push_str(&format!("@{}", commit.get(..12).unwrap_or(commit)));
                }
                SourcePath::from_bytes(format!("{name}/{}", file.path))
            }
            Work::Discussion(repository, number) => {
                let name = root(repository);
                SourcePath::from_bytes(format!("{}/discussions/{number}", name.real_text()))
            }
            Work::Collection(slug) => SourcePath::from_bytes(format!("hf://collections/{slug}")),
            Work::History(repository) => {
                SourcePath::from_bytes(format!("{}@history", root(repository).real_text()))
            }
            Work::Variables(repository) => {
                SourcePath::from_bytes(format!("{}/variables.env", root(repository).real_text()))
            }
        }
    }
}

impl Source for HubSource {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let (work, skipped) = self.work();
        let gated: Mutex<BTreeSet<String>> = Mutex::default();
        {
            let mut worker = sink.worker();
            skipped.into_iter().for_each(|one| worker.skipped(one));
        }
        each(THREADS, work.len(), |numbers| {
            let mut worker = sink.worker();
            for number in numbers {
                if worker.is_stopped() {
                    self.api().stop();
                    break;
                }
                let one = &work[number];
                let repository = match one {
                    Work::File { repository, .. } => root(repository).to_string(),
                    _ => String::new(),
                };
                if !repository.is_empty() && lock(&gated).contains(&repository) {
                    continue;
                }
                match self.read(one, &mut *worker) {
                    Ok(()) => {}
                    // One entry per repository, not one per file.
                    Err(error @ HubError::Gated) if !repository.is_empty() => {
                        if lock(&gated).insert(repository.clone()) {
                            let path = SourcePath::from_bytes(repository);
                            worker.skipped(not_read(path, &error));
                        }
                    }
                    Err(error) => worker.skipped(not_read(one.path(), &error)),
                }
            }
        });
        Ok(())
    }

    fn others(&self) -> Vec<Box<dyn Source>> {
        let clones = lock(&self.clones);
        clones.iter().filter_map(|clone| clone.history(THREADS)).collect()
    }
}

/// `hf://datasets/O/R`.
fn root(repository: &Repository) -> SourcePath {
    let kind = match repository.kind {
        Kind::Model => "",
        kind => kind.prefix(),
    };
    SourcePath::from_bytes(format!("hf://{kind}{}", repository.id))
}

fn not_read(path: SourcePath, error: &HubError) -> Skipped {
    let reason = match error {
        HubError::Stopped => SkipReason::Interrupted,
        HubError::Budget(_) => SkipReason::OverLimit,
        _ => SkipReason::Unreadable,
    };
    Skipped::of(path, reason, error.to_string())
}

fn hand_over(root: &SourcePath, texts: Texts, worker: &mut dyn Worker) {
    for (name, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
        let path = SourcePath::from_bytes(format!("{}/{name}", root.real_text()));
        let content = Content::Whole(text.as_bytes());
        worker.document(Document::new(path, content, Origin::Remote));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
