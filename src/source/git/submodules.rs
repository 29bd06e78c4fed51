//! The submodules of a repository.

use super::{repository::RepositoryRef, skips::unreadable};
use crate::{
    judge::guessable::known_by,
    model::{Finding, Fingerprint, Outcome, SkipReason, Skipped, SourcePath},
    source::{
        Document, Lineage, Memory, Sink, Source, SourceError, WorkTree, Worker,
        index_file::IndexFile, root::normalised,
    },
};
use git2::Repository;
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

/// Maximum number of parts of a submodule's name, which may look like a path: `.git/modules/a/b/c`.
const MAX_NAME_DEPTH: usize = 12;
/// Maximum number of folders. No repository has as many, and a hostile one could otherwise keep the
/// walk busy forever.
const MAX_FOLDERS: usize = 10_000;

/// A submodule that was found.
enum Found {
    /// Its history, and its folder in the work tree.
    History(SourcePath, Box<dyn Source>),
    /// A submodule that exists but is not read.
    LeftOut(Skipped),
}

/// Builds the source that reads the history of a repository.
pub type HistoryOf<'a> = &'a dyn Fn(RepositoryRef) -> Box<dyn Source>;

/// The submodules of the repository at `place` that exist, and their submodules, sorted by folder:
/// those whose stores git keeps in `.git/modules`, even if `HEAD` no longer has them, and those
/// with a `.git` folder of their own.
///
/// Submodules outside the repository are skipped, because a hostile repository may point anywhere.
pub fn find(place: &RepositoryRef, history: HistoryOf<'_>) -> Vec<Submodule> {
    let Ok(repository) = place.open() else { return Vec::new() };
    let mut git_dirs = vec![place.git_dir.clone(), place.common_dir(&repository).to_path_buf()];
    git_dirs.dedup();
    let known = git_dirs.iter().chain(&place.work_dir).filter_map(|dir| real(dir));
    let roots: Vec<PathBuf> = known.collect();
    let mut finder = Finder {
        top: place,
        history,
        seen: roots.iter().cloned().collect(),
        roots,
        found: Vec::new(),
        folders: 0,
    };
    let mut waiting = vec![Level {
        git_dirs,
        work_dir: place.work_dir.clone(),
        index: place.index.clone(),
        folder: SourcePath::default(),
    }];
    while let Some(level) = waiting.pop() {
        finder.checked_out(&level, &mut waiting);
        for git_dir in &level.git_dirs {
            finder.kept(git_dir, &level, &mut waiting);
        }
    }
    finder.found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let submodule = |(_, found)| Submodule { found, is_clone: false };
    finder.found.into_iter().map(submodule).collect()
}

/// A repository whose submodules are searched.
struct Level {
    git_dirs: Vec<PathBuf>,
    work_dir: Option<PathBuf>,
    index: PathBuf,
    /// Its folder in the work tree of the requested repository.
    folder: SourcePath,
}

struct Finder<'a> {
    top: &'a RepositoryRef,
    history: HistoryOf<'a>,
    /// The folders in which a submodule may be.
    roots: Vec<PathBuf>,
    /// Stores that were already found.
    seen: HashSet<PathBuf>,
    found: Vec<(SourcePath, Found)>,
    folders: usize,
}

impl Finder<'_> {
    /// Finds submodules in the index that have a `.git` in the work tree.
    fn checked_out(&mut self, level: &Level, waiting: &mut Vec<Level>) {
        let Some(work_dir) = &level.work_dir else { return };
        let entries = match IndexFile::read(&level.index) {
            Ok(index) => index.entries,
            Err(detail) => {
                let path = SourcePath::from_bytes(".git/index").below(&level.folder);
                return self.leave_out(unreadable(path.to_text(), detail));
            }
        };
        for entry in entries.iter().filter(|entry| entry.is_submodule()) {
            let path = SourcePath::from_bytes(&entry.path);
            let dir = work_dir.join(path.to_path());
            let folder = path.below(&level.folder);
            if is_link(&dir.join(".git")) {
                self.leave_out(left_out(&folder, SkipReason::Symlink));
            } else if let Some(tree) = WorkTree::at(&dir) {
                self.store(&tree.git_dir, Some(tree.dir), folder, waiting);
            }
        }
    }

    /// Finds submodules whose stores are in the repository's git folder.
    fn kept(&mut self, git_dir: &Path, level: &Level, waiting: &mut Vec<Level>) {
        let mut folders = vec![(git_dir.join("modules"), SourcePath::default(), 0)];
        while let Some((folder, name, depth)) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                self.folders += 1;
                if depth == MAX_NAME_DEPTH || self.folders > MAX_FOLDERS {
                    return;
                }
                let own = SourcePath::from_path(Path::new(&entry.file_name()));
                let name = if depth == 0 { own } else { own.below(&name) };
                let dir = entry.path();
                if is_link(&dir) {
                    let path = name.below(&level.folder);
                    self.leave_out(left_out(&path, SkipReason::Symlink));
                } else if dir.join("HEAD").exists() && dir.join("objects").exists() {
                    self.store(&dir, None, name.below(&level.folder), waiting);
                } else if dir.is_dir() {
                    folders.push((dir, name, depth + 1));
                }
            }
        }
    }

    /// Adds the store in the folder `git_dir`, called `name`, whose files are in `work_dir` if that
    /// is known. Its name is the folder of its files, if that is in the repository.
    fn store(
        &mut self,
        git_dir: &Path,
        work_dir: Option<PathBuf>,
        name: SourcePath,
        waiting: &mut Vec<Level>,
    ) {
        let Some(git_dir) = real(git_dir) else { return };
        if !self.seen.insert(git_dir.clone()) {
            return;
        }
        if !self.is_inside(&git_dir) {
            return self.leave_out(left_out(&name, SkipReason::Outside));
        }
        let place = self.top.of_submodule(git_dir.clone(), name.clone());
        let repository = match place.open() {
            Ok(repository) => repository,
            Err(error) => {
                let path = SourcePath::from_bytes(".git").below(&name);
                return self.leave_out(unreadable(path.to_text(), error.to_string()));
            }
        };
        // Both can be set by files, and the second can be a link.
        let common_dir = place.common_dir(&repository);
        let objects = common_dir.join("objects");
        if !self.is_inside(common_dir) || !self.is_inside(&objects) {
            return self.leave_out(left_out(&name, SkipReason::Outside));
        }
        let folder = match &work_dir {
            Some(_) => name,
            None => self.folder_in(&place, &repository).unwrap_or(name),
        };
        let place = self.top.of_submodule(git_dir, folder.clone());
        waiting.push(Level {
            git_dirs: vec![place.git_dir.clone()],
            work_dir,
            index: place.index.clone(),
            folder: folder.clone(),
        });
        if place.may_want_some() {
            let history = (self.history)(place);
            self.found.push((folder.clone(), Found::History(folder, history)));
        }
    }

    /// The folder of its files according to a store. The folder need not exist, since it only
    /// serves as a name.
    fn folder_in(&self, place: &RepositoryRef, repository: &Repository) -> Option<SourcePath> {
        let said = repository.config().ok()?.get_string("core.worktree").ok()?;
        let dir = normalised(&place.git_dir.join(said));
        let top = self.top.work_dir.as_ref()?;
        let below = dir.strip_prefix(top).ok().or_else(|| dir.strip_prefix(real(top)?).ok())?;
        Some(SourcePath::from_path(below)).filter(|path| !path.as_bytes().is_empty())
    }

    fn is_inside(&self, dir: &Path) -> bool {
        real(dir).is_some_and(|dir| self.roots.iter().any(|root| dir.starts_with(root)))
    }

    fn leave_out(&mut self, skipped: Skipped) {
        self.found.push((skipped.path.clone(), Found::LeftOut(skipped)));
    }
}

fn left_out(submodule: &SourcePath, reason: SkipReason) -> Skipped {
    let path = SourcePath::from_bytes(".git").below(submodule);
    let detail = match reason {
        SkipReason::Outside => "the submodule's store is outside the repository",
        _ => "",
    };
    Skipped { path, inside: Vec::new(), reason, detail: detail.into() }
}

fn is_link(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
}

fn real(path: &Path) -> Option<PathBuf> {
    std::fs::canonicalize(path).ok()
}

/// The history of a submodule, or the reason why it is skipped. Its paths begin with its
/// folder. A submodule that cannot be read does not fail the scan.
pub struct Submodule {
    found: Found,
    /// `true` if it is a whole repository cloned from elsewhere.
    is_clone: bool,
}

#[cfg(feature = "online")]
impl Submodule {
    /// The history of a repository cloned from elsewhere, named `folder`.
    pub fn of_clone(folder: SourcePath, history: Box<dyn Source>) -> Self {
        Self { found: Found::History(folder, history), is_clone: true }
    }
}

impl Source for Submodule {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        match &self.found {
            Found::LeftOut(skipped) => sink.worker().skipped(skipped.clone()),
            Found::History(folder, history) => {
                if let Err(error) = history.run(&Below { sink, folder }) {
                    sink.worker().skipped(failed(folder, &error));
                }
            }
        }
        Ok(())
    }

    fn attribute(&self, outcome: &mut Outcome) -> Result<(), SourceError> {
        let Found::History(folder, history) = &self.found else { return Ok(()) };
        for finding in &mut outcome.findings {
            finding.location.path = finding.location.path.seen_from(folder);
        }
        let told = outcome.skipped.len();
        tell(&**history, folder, outcome);
        for skipped in outcome.skipped.iter_mut().skip(told) {
            skipped.path = skipped.path.below(folder);
        }
        for finding in &mut outcome.findings {
            put_below(finding, folder, self.is_clone);
        }
        Ok(())
    }
}

fn tell(history: &dyn Source, folder: &SourcePath, outcome: &mut Outcome) {
    if let Err(error) = history.attribute(outcome) {
        let skipped = failed(folder, &error);
        outcome.skipped.push(Skipped { path: skipped.path.seen_from(folder), ..skipped });
    }
}

fn failed(folder: &SourcePath, error: &SourceError) -> Skipped {
    let path = SourcePath::from_bytes(".git").below(folder);
    let detail = error.to_string();
    Skipped { path, inside: Vec::new(), reason: SkipReason::Unreadable, detail }
}

/// Makes the paths and the advice of a finding in the submodule relative to the repository around
/// it. A clone has no repository around it, and its advice stays.
fn put_below(finding: &mut Finding, folder: &SourcePath, is_clone: bool) {
    finding.location.path = finding.location.path.below(folder);
    let known = known_by(finding.secret.as_ref(), &finding.excerpt);
    finding.fingerprint = Fingerprint::new(&finding.rule, &finding.location.path, known);
    let Some(history) = &mut finding.history else { return };
    for commit in history.introduced.iter_mut().chain(&mut history.removed) {
        commit.path = commit.path.below(folder);
    }
    if is_clone {
        return;
    }
    // Revoking always comes first.
    let place = history.advice.len().min(1);
    let where_to = format!("run git in the submodule: `cd {}`", quoted(folder));
    history.advice.insert(place, where_to);
}

/// The folder, quoted for a shell, since a hostile repository may give it any name.
fn quoted(folder: &SourcePath) -> String {
    format!("'./{}'", folder.real_text().replace('\'', r"'\''"))
}

/// Delivers the documents of a submodule.
struct Below<'a> {
    sink: &'a dyn Sink,
    folder: &'a SourcePath,
}

impl Sink for Below<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Hands { worker: self.sink.worker(), folder: self.folder })
    }
}

struct Hands<'a> {
    worker: Box<dyn Worker + 'a>,
    folder: &'a SourcePath,
}

impl Worker for Hands<'_> {
    fn document(&mut self, document: Document<'_>) {
        let path = document.path.below(self.folder);
        self.worker.document(Document { path, ..document });
    }

    fn version(&mut self, document: Document<'_>, lineage: Lineage<'_>) -> Option<Memory> {
        let path = document.path.below(self.folder);
        self.worker.version(Document { path, ..document }, lineage)
    }

    fn skipped(&mut self, skipped: Skipped) {
        let path = skipped.path.below(self.folder);
        self.worker.skipped(Skipped { path, ..skipped });
    }

    fn is_stopped(&self) -> bool {
        self.worker.is_stopped()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_submodule_is_one_word_for_a_shell() {
        let quoted = |name: &str| quoted(&SourcePath::from_bytes(name));
        assert_eq!(quoted("-a b"), "'./-a b'");
        assert_eq!(quoted("a'; run; '"), r"'./a'\''; run; '\'''");
    }
}
