//! Configurations in subfolders. The nearest one applies to a file.

use super::{
    config_file::ConfigFile,
    discover::{in_folder, may_be_in},
    draft::{FailOn, Places},
    error::ConfigError,
    layer::Layer,
    load::ConfigChoice,
};
use crate::{
    model::SourcePath,
    rule::{Globs, RuleSet},
    scan::{CompiledRules, Progress, Project, Projects, RulesError, Scan, Scanner, rules::load},
    source::WorkTree,
};
use bstr::ByteSlice;
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

/// Maximum number of configurations in a run. These limits bound time and memory, since a
/// repository may be hostile.
const MAX_CONFIGS: usize = 1_000;
/// Maximum total size of the configuration files, in bytes.
const MAX_BYTES: u64 = 16 << 20;
/// Maximum number of regular expressions in all configurations.
const MAX_PATTERNS: usize = 1_000;
/// Maximum number of different rule selections, each of which is compiled.
const MAX_RULE_SETS: usize = 32;

/// Parameters for finding the configuration of a file.
#[derive(Debug)]
pub struct ProjectSearch {
    /// The configuration choice of the run.
    pub choice: ConfigChoice,
    /// The settings from options, which apply to files of every project.
    pub options: Layer,
    /// The working directory.
    pub cwd: PathBuf,
    /// The folder that reported paths are relative to.
    pub root: PathBuf,
    /// The run's own configuration file, if any.
    pub own: Option<PathBuf>,
    /// The reference time for signed tokens, in seconds since 1970.
    pub now: i64,
}

/// Configurations in subfolders, each read at the first file below it.
#[derive(Debug)]
pub struct NestedConfigs {
    search: ProjectSearch,
    spent: Mutex<Spent>,
    /// Index in `opened` of each folder's project, by the hash of the folder: the names of a
    /// million folders would take five times the memory.
    folders: Mutex<HashMap<u64, Option<usize>>>,
    hasher: RandomState,
    opened: Opened,
    /// The first invalid configuration.
    error: Mutex<Option<ConfigError>>,
}

/// Usage of the limits.
#[derive(Debug)]
struct Spent {
    configs: usize,
    bytes: u64,
    patterns: usize,
    /// The distinct rule sets. The first is that of the run, which most projects share.
    compiled: Vec<Arc<CompiledRules>>,
}

impl Spent {
    /// Counts a configuration.
    ///
    /// # Errors
    /// Returns the limit that is exceeded.
    fn count(&mut self, file: &ConfigFile) -> Result<(), String> {
        let patterns = file.layer.get("allow.patterns").map_or(0, |said| said.list().len());
        self.configs += 1;
        self.bytes += file.bytes;
        self.patterns += patterns;
        let too_much = match () {
            () if self.configs > MAX_CONFIGS => format!("more than {MAX_CONFIGS} configurations"),
            () if self.bytes > MAX_BYTES => format!("more than {} MiB in total", MAX_BYTES >> 20),
            () if self.patterns > MAX_PATTERNS => {
                format!("more than {MAX_PATTERNS} `allow.patterns` in total")
            }
            () => return Ok(()),
        };
        Err(format!("too many configurations in one run: {too_much}"))
    }

    /// Stores the rules of a project, for other projects with the same selection.
    ///
    /// # Errors
    /// Returns the limit that is exceeded.
    fn keep(&mut self, rules: &Arc<CompiledRules>) -> Result<(), String> {
        if self.compiled.iter().any(|one| Arc::ptr_eq(one, rules)) {
            return Ok(());
        }
        self.compiled.push(Arc::clone(rules));
        match self.compiled.len() > MAX_RULE_SETS {
            true => Err(format!("more than {MAX_RULE_SETS} different selections of rules")),
            false => Ok(()),
        }
    }
}

/// A configuration in a subfolder.
#[derive(Debug)]
struct Nested {
    /// The configuration in a parent folder, whose `exclude` also applies.
    above: Option<Arc<Nested>>,
    scanner: Scanner,
    exclude: Globs,
    fail_on: FailOn,
}

impl Project for Nested {
    fn scan<'a>(&'a self, progress: &'a Progress) -> Scan<'a> {
        self.scanner.scan(progress)
    }

    fn excludes(&self, path: &SourcePath) -> bool {
        let above = std::iter::successors(Some(self), |nested| nested.above.as_deref());
        above.into_iter().any(|nested| nested.exclude.covers(path))
    }
}

impl NestedConfigs {
    /// Configurations for a run with these rules.
    pub fn new(search: ProjectSearch, compiled: Arc<CompiledRules>) -> Self {
        let (folders, error) = (Mutex::default(), Mutex::default());
        let spent = Spent { configs: 0, bytes: 0, patterns: 0, compiled: vec![compiled] };
        let (spent, hasher) = (Mutex::new(spent), RandomState::new());
        Self { search, spent, folders, hasher, opened: Opened::default(), error }
    }

    /// The condition for exit status 1 for this file; `None` if the run's own setting applies.
    pub fn fail_on(&self, path: &SourcePath) -> Option<FailOn> {
        self.nearest(path).map(|nested| nested.fail_on)
    }

    /// The rules that ran in this file; `None` for the run's own rules.
    pub fn rules_of(&self, path: &SourcePath) -> Option<&RuleSet> {
        self.nearest(path).map(|nested| nested.scanner.rules())
    }

    /// Call after the run to get its error.
    ///
    /// # Errors
    /// Returns the error of the first invalid configuration.
    pub fn check(&self) -> Result<(), ConfigError> {
        lock(&self.error).take().map_or(Ok(()), Err)
    }

    /// The rules of all projects, if any differ from those of the run.
    ///
    /// # Errors
    /// None in practice, since every rule file was read before.
    pub fn joined_rules(&self, run: &Scanner) -> Result<Option<RuleSet>, RulesError> {
        let others = self.opened.all().map(|nested| &nested.scanner);
        let others: Vec<_> =
            others.filter(|one| !Arc::ptr_eq(one.compiled(), run.compiled())).collect();
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
        // Paths in git objects may be arbitrary.
        if !folder.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        self.opened.get(self.number_in(&self.search.root.join(folder))?).map(Arc::as_ref)
    }

    /// The index of the project for files in a folder.
    fn number_in(&self, folder: &Path) -> Option<usize> {
        let (mut number, mut unknown) = (None, Vec::new());
        for one in folder.ancestors().take_while(|one| one.starts_with(&self.search.root)) {
            if let Some(known) = self.known(one) {
                number = known;
                break;
            }
            unknown.push(one);
        }
        for one in unknown.into_iter().rev() {
            number = if may_be_in(one) { self.open(one, number) } else { number };
            lock(&self.folders).insert(self.hash(one), number);
        }
        number
    }

    fn known(&self, folder: &Path) -> Option<Option<usize>> {
        lock(&self.folders).get(&self.hash(folder)).copied()
    }

    fn hash(&self, folder: &Path) -> u64 {
        self.hasher.hash_one(folder.as_os_str())
    }

    /// The index of the project of `folder`, which may contain a configuration; `above` is that of
    /// the parent folder.
    fn open(&self, folder: &Path, above: Option<usize>) -> Option<usize> {
        // Locked while the configuration is read, so that each is read once.
        let mut error = lock(&self.error);
        if let Some(known) = self.known(folder) {
            return known;
        }
        let number = match self.read(folder, above) {
            Ok(Found::Nothing) => above,
            Ok(Found::OfRun) => None,
            Ok(Found::Nested(nested)) => Some(self.opened.push(nested)),
            Err(found) => {
                error.get_or_insert(found);
                above
            }
        };
        lock(&self.folders).insert(self.hash(folder), number);
        number
    }

    fn read(&self, folder: &Path, above: Option<usize>) -> Result<Found, ConfigError> {
        let ProjectSearch { choice, options, cwd, root, own, now } = &self.search;
        let top = WorkTree::around(folder).map_or_else(|| root.clone(), |tree| tree.dir);
        let Some(file) = in_folder(folder, &top, cwd)? else { return Ok(Found::Nothing) };
        if Some(&file.path) == own.as_ref() {
            return Ok(Found::OfRun);
        }
        let shown = SourcePath::from_path(file.path.strip_prefix(cwd).unwrap_or(&file.path));
        let wrong = |message: String| ConfigError::new(&shown, message);
        let mut spent = lock(&self.spent);
        spent.count(&file).map_err(wrong)?;
        let places = Places { cwd, root };
        let mut config = choice.config(options.clone(), Some(&file), places)?;
        config.settings.now = Some(*now);
        config.reading.exclude.check().map_err(|error| wrong(format!("`exclude`: {error}")))?;
        let rules = load(&config.settings.rule_files).map_err(|error| wrong(error.to_string()))?;
        config.check_rules(&rules)?;
        let scanner = Scanner::sharing(&spent.compiled, config.settings, rules);
        let scanner = scanner.map_err(|error| wrong(error.to_string()))?;
        spent.keep(scanner.compiled()).map_err(wrong)?;
        let above = above.and_then(|number| self.opened.get(number)).cloned();
        let (exclude, fail_on) = (config.reading.exclude, config.fail_on);
        Ok(Found::Nested(Arc::new(Nested { above, scanner, exclude, fail_on })))
    }
}

/// The configuration found in a folder.
enum Found {
    /// None.
    Nothing,
    /// The run's own configuration.
    OfRun,
    /// A different configuration.
    Nested(Arc<Nested>),
}

impl Projects for NestedConfigs {
    fn of(&self, path: &SourcePath) -> Option<&dyn Project> {
        self.nearest(path).map(|nested| nested as &dyn Project)
    }

    fn found(&self) -> Vec<&dyn Project> {
        self.opened.all().map(|nested| nested as &dyn Project).collect()
    }
}

/// A list that can grow while references to its items exist.
#[derive(Debug, Default)]
struct Opened(OnceLock<Box<(Arc<Nested>, Opened)>>);

impl Opened {
    fn get(&self, number: usize) -> Option<&Arc<Nested>> {
        let mut rest = self;
        for _ in 0..number {
            rest = &rest.0.get()?.1;
        }
        rest.0.get().map(|entry| &entry.0)
    }

    fn all(&self) -> impl Iterator<Item = &Nested> {
        (0..).map_while(|number| self.get(number)).map(Arc::as_ref)
    }

    /// Appends an item, and returns its index.
    fn push(&self, nested: Arc<Nested>) -> usize {
        let (mut rest, mut number) = (self, 0);
        while let Some(entry) = rest.0.get() {
            (rest, number) = (&entry.1, number + 1);
        }
        // Only `open` appends items, one at a time.
        let _ = rest.0.set(Box::new((nested, Opened::default())));
        number
    }
}

/// Locks the mutex, even if another thread panicked while holding it: its content only grows.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
