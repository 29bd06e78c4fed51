//! The configurations below the one of a run: the nearest to a file counts for it.

use super::{
    discover::may_be_in,
    draft::{FailOn, Places},
    error::ConfigError,
    layer::Layer,
    load::ConfigChoice,
};
use crate::{
    model::SourcePath,
    rule::{Globs, RuleSet},
    scan::{CompiledRules, Progress, Project, Projects, RulesError, Scan, Scanner, rules::load},
};
use bstr::ByteSlice;
use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

/// Maximum number of configurations in one run: each costs time, and a repository may be hostile.
const MAX_CONFIGS: usize = 1_000;

/// The parameters by which the configuration of a file is found.
#[derive(Debug)]
pub struct ProjectSearch {
    /// The configuration that the run uses.
    pub choice: ConfigChoice,
    /// The settings that options give, for files of every project.
    pub options: Layer,
    /// The working directory.
    pub cwd: PathBuf,
    /// The folder that reported paths are relative to.
    pub root: PathBuf,
    /// The configuration of the run, if it has one.
    pub own: Option<PathBuf>,
    /// The time that signed tokens are compared with, in seconds since 1970.
    pub now: i64,
}

/// The configurations below the one of a run, each read when a file below it is met.
#[derive(Debug)]
pub struct NestedConfigs {
    search: ProjectSearch,
    /// The rules of the run, which most projects share.
    compiled: Arc<CompiledRules>,
    /// The number of each folder's project in `opened`.
    folders: Mutex<HashMap<PathBuf, Option<usize>>>,
    opened: Opened,
    /// The first configuration that cannot be used.
    error: Mutex<Option<ConfigError>>,
}

/// A configuration that was read.
#[derive(Debug)]
struct Nested {
    scanner: Scanner,
    exclude: Globs,
    fail_on: FailOn,
}

impl Project for Nested {
    fn scan<'a>(&'a self, progress: &'a Progress) -> Scan<'a> {
        self.scanner.scan(progress)
    }

    fn excludes(&self, path: &SourcePath) -> bool {
        self.exclude.covers(path)
    }
}

impl NestedConfigs {
    /// Those of a run with these rules.
    pub fn new(search: ProjectSearch, compiled: Arc<CompiledRules>) -> Self {
        let (folders, error) = (Mutex::default(), Mutex::default());
        Self { search, compiled, folders, opened: Opened::default(), error }
    }

    /// The findings that make the exit status 1 in this file; `None` if the run's own setting
    /// applies.
    pub fn fail_on(&self, path: &SourcePath) -> Option<FailOn> {
        self.nearest(path).map(|nested| nested.fail_on)
    }

    /// The rules that ran in this file; `None` if they were the run's own.
    pub fn rules_of(&self, path: &SourcePath) -> Option<&RuleSet> {
        self.nearest(path).map(|nested| nested.scanner.rules())
    }

    /// Ends the search after a run.
    ///
    /// # Errors
    /// Returns the error of a configuration that was met and cannot be used.
    pub fn check(&self) -> Result<(), ConfigError> {
        lock(&self.error).take().map_or(Ok(()), Err)
    }

    /// The rules of all projects, if some have others than the run.
    ///
    /// # Errors
    /// None, since every rule file was read before.
    pub fn joined_rules(&self, run: &Scanner) -> Result<Option<RuleSet>, RulesError> {
        let others = self.opened.all().map(|nested| &nested.scanner);
        let others: Vec<_> =
            others.filter(|one| !Arc::ptr_eq(one.compiled(), &self.compiled)).collect();
        if others.is_empty() {
            return Ok(None);
        }
        let mut rules = Vec::new();
        for scanner in std::iter::once(run).chain(others) {
            let mut all = load(&scanner.settings().rule_files)?;
            all.retain(|rule| scanner.rules().get(&rule.id).is_some());
            rules.extend(all);
        }
        Ok(Some(RuleSet::joined(rules)))
    }

    fn nearest(&self, path: &SourcePath) -> Option<&Nested> {
        let folder = path.folder().to_path().ok()?;
        // Git's objects may name anything.
        if !folder.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        self.opened.get(self.number_in(&self.search.root.join(folder))?)
    }

    /// The number of the project that the files of a folder are in.
    fn number_in(&self, folder: &Path) -> Option<usize> {
        if let Some(known) = lock(&self.folders).get(folder) {
            return *known;
        }
        if !folder.starts_with(&self.search.root) {
            return None;
        }
        let own = if may_be_in(folder) { self.open(folder) } else { None };
        let number = match own {
            Some(number) => number,
            None => folder.parent().and_then(|parent| self.number_in(parent)),
        };
        lock(&self.folders).insert(folder.to_path_buf(), number);
        number
    }

    /// The number of the project whose configuration is in `folder`, where the run's own has none;
    /// `None` if there is no configuration in it.
    fn open(&self, folder: &Path) -> Option<Option<usize>> {
        // Held while the configuration is read, so that each is read once.
        let mut error = lock(&self.error);
        if let Some(known) = lock(&self.folders).get(folder) {
            return Some(*known);
        }
        match self.read(folder) {
            Ok(nested) => {
                let number = nested?.map(|nested| self.opened.push(nested));
                lock(&self.folders).insert(folder.to_path_buf(), number);
                Some(number)
            }
            Err(found) => {
                error.get_or_insert(found);
                None
            }
        }
    }

    fn read(&self, folder: &Path) -> Result<Option<Option<Nested>>, ConfigError> {
        let ProjectSearch { choice, options, cwd, root, own, now } = &self.search;
        let Some(file) = choice.file(folder, cwd)? else { return Ok(None) };
        if file.path.parent() != Some(folder) {
            return Ok(None);
        }
        if Some(&file.path) == own.as_ref() {
            return Ok(Some(None));
        }
        let shown = SourcePath::from_path(file.path.strip_prefix(cwd).unwrap_or(&file.path));
        let wrong = |message: String| ConfigError::new(&shown, message);
        if self.opened.get(MAX_CONFIGS - 1).is_some() {
            return Err(wrong(format!("more than {MAX_CONFIGS} configurations in one run")));
        }
        let places = Places { cwd, root };
        let mut config = choice.config(options.clone(), Some(&file), places)?;
        config.settings.now = Some(*now);
        config.reading.exclude.check().map_err(|error| wrong(format!("`exclude`: {error}")))?;
        let rules = load(&config.settings.rule_files).map_err(|error| wrong(error.to_string()))?;
        config.check_rules(&rules)?;
        let scanner = Scanner::sharing(&self.compiled, config.settings, rules);
        let scanner = scanner.map_err(|error| wrong(error.to_string()))?;
        let (exclude, fail_on) = (config.reading.exclude, config.fail_on);
        Ok(Some(Some(Nested { scanner, exclude, fail_on })))
    }
}

impl Projects for NestedConfigs {
    fn of(&self, path: &SourcePath) -> Option<&dyn Project> {
        self.nearest(path).map(|nested| nested as &dyn Project)
    }

    fn found(&self) -> Vec<&dyn Project> {
        self.opened.all().map(|nested| nested as &dyn Project).collect()
    }
}

/// A list that grows while references to its items are held.
#[derive(Debug, Default)]
struct Opened(OnceLock<Box<(Nested, Opened)>>);

impl Opened {
    fn get(&self, number: usize) -> Option<&Nested> {
        let mut rest = self;
        for _ in 0..number {
            rest = &rest.0.get()?.1;
        }
        rest.0.get().map(|entry| &entry.0)
    }

    fn all(&self) -> impl Iterator<Item = &Nested> {
        (0..).map_while(|number| self.get(number))
    }

    /// Adds an item, and returns its number.
    fn push(&self, nested: Nested) -> usize {
        let (mut rest, mut number) = (self, 0);
        while let Some(entry) = rest.0.get() {
            (rest, number) = (&entry.1, number + 1);
        }
        // Only `open` adds items, one at a time.
        let _ = rest.0.set(Box::new((nested, Opened::default())));
        number
    }
}

/// Locks the mutex, even if another thread panicked while holding it: its content is only ever
/// added to.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
