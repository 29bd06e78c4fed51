//! The settings for a file, as in a scan of its repository.

use super::settings::EditorSettings;
use crate::{
    cli::{
        config_args::ConfigArgs,
        error::CliError,
        known,
        surroundings::{folder_in_repository, now},
    },
    config::{Config, ConfigChoice, ConfigFile, Places, Reading},
    scan::{Scanner, masked, rules::load},
    source::{Root, WorkTree, passes_over},
    suppress::baseline::DEFAULT_NAME,
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

/// The names of settings files; configurations first. Files that a configuration extends, and rule
/// files, may have any name that ends in `.toml`.
pub const FILES: [&str; 7] = [
    ".hfscan.toml",
    "hfscan.toml",
    "pyproject.toml",
    DEFAULT_NAME,
    ".hfscanignore",
    ".ignore",
    ".gitignore",
];

/// The user's settings, from the editor and the command line.
#[derive(Debug)]
pub struct Wishes {
    /// The options of the command line.
    pub args: ConfigArgs,
    /// The editor's settings.
    pub editor: EditorSettings,
    /// The open folders.
    pub folders: Vec<PathBuf>,
}

impl Wishes {
    fn choice(&self) -> ConfigChoice {
        let named = self.editor.configuration.as_ref().map(PathBuf::from);
        ConfigChoice {
            named: named.or_else(|| self.args.config.clone()),
            isolated: self.args.isolated || self.editor.isolated,
        }
    }
}

/// The settings for the files of a folder.
#[derive(Debug)]
pub struct Project {
    /// The scanner.
    pub scanner: Scanner,
    /// The folder that paths are relative to: the root of the repository, or the open folder.
    pub root: Root,
    /// The configuration file; `None` if there is none.
    pub config: Option<PathBuf>,
    /// The reason why the settings are invalid, without secrets. The defaults then apply.
    pub problem: Option<String>,
    /// `true` if files in the folder cannot change the result.
    pub is_isolated: bool,
    reading: Reading,
    /// The settings files, existing or not, with their stamps at the time of reading.
    seen: Vec<(PathBuf, Stamp)>,
}

/// Modification time and size of a file; `None` if it does not exist.
type Stamp = Option<(SystemTime, u64)>;

impl Project {
    /// The settings for the files of a folder; the defaults if they are invalid.
    fn of(folder: &Path, top: &Path, wishes: &Wishes) -> Self {
        let choice = wishes.choice();
        let with_file = || {
            let file = choice.file(folder, top)?;
            let places = Places { cwd: top, root: top };
            let config = choice.config(wishes.editor.layer(), file.as_ref(), places)?;
            Self::with(config, file, folder, top, choice.isolated)
        };
        with_file().unwrap_or_else(|error| {
            let places = Places { cwd: top, root: top };
            let plain = Config::new([], None, places).map_err(CliError::from);
            let plain = plain.and_then(|mut config| {
                config.settings.inline_ignores &= !choice.isolated;
                Self::with(config, None, folder, top, true)
            });
            let mut project = plain.expect("the built-in settings can be used");
            let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
            project.problem = Some(masked(&format!("{error}{help}")));
            project.is_isolated = choice.isolated;
            project
        })
    }

    fn with(
        config: Config,
        file: Option<ConfigFile>,
        folder: &Path,
        top: &Path,
        is_isolated: bool,
    ) -> Result<Self, CliError> {
        // Extended configurations and rule files may have any name.
        let named = file.iter().flat_map(|file| file.files.clone());
        let rules = config.settings.rule_files.iter().map(|file| top.join(&file.name));
        let sources: Vec<PathBuf> = candidates(folder, top).chain(named).chain(rules).collect();
        let seen = sources.into_iter().map(|path| (stamp(&path), path));
        let seen = seen.map(|(stamp, path)| (path, stamp)).collect();
        config.reading.exclude.check().map_err(CliError::Exclude)?;
        let rules = load(&config.settings.rule_files)?;
        config.check_rules(&rules)?;
        let Config { mut settings, reading, .. } = config;
        let root = Root::of(top, &[])?;
        let baseline = top.join(DEFAULT_NAME);
        settings.threads = 1;
        settings.now = Some(now());
        settings.keep_suppressed = true;
        if !is_isolated && baseline.is_file() {
            let known = known::read(&baseline)?;
            settings.baseline = Some(known::applied(known, folder_in_repository(&root), Some(top)));
        }
        let scanner = Scanner::with_rules(settings, rules)?;
        let config = file.map(|file| file.path);
        Ok(Self { scanner, root, config, problem: None, is_isolated, reading, seen })
    }

    /// `true` if a scan of the project skips a file, because a setting excludes it or git ignores
    /// it.
    pub fn leaves_out(&self, file: &Path) -> bool {
        let name = self.root.name_of(file);
        self.reading.exclude.covers(&name)
            || passes_over(file, self.root.dir(), self.reading.ignore)
    }

    /// `true` if no settings file has changed. For invalid settings the files are unknown, which
    /// counts as changed.
    fn is_current(&self) -> bool {
        self.problem.is_none() && self.seen.iter().all(|(path, was)| stamp(path) == *was)
    }
}

/// The paths of possible settings files for a folder.
fn candidates(folder: &Path, top: &Path) -> impl Iterator<Item = PathBuf> {
    let folders = folder.ancestors().take_while(|one| one.starts_with(top)).map(Path::to_path_buf);
    folders.collect::<Vec<_>>().into_iter().flat_map(|folder| FILES.map(|name| folder.join(name)))
}

fn stamp(path: &Path) -> Stamp {
    let metadata = std::fs::symlink_metadata(path).ok()?;
    Some((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len()))
}

/// The folder that paths in `folder` are relative to: the root of the repository, else the open
/// folder, else `folder`.
fn top(folder: &Path, wishes: &Wishes) -> PathBuf {
    let open = wishes.folders.iter().filter(|open| folder.starts_with(open));
    let open = open.min_by_key(|open| open.as_os_str().len());
    let repository = WorkTree::around(folder).map(|tree| tree.dir);
    repository.unwrap_or_else(|| open.map_or_else(|| folder.to_path_buf(), PathBuf::clone))
}

/// A cache of projects.
#[derive(Debug, Default)]
pub struct Projects {
    wishes: Option<Arc<Wishes>>,
    by_folder: HashMap<PathBuf, Arc<Project>>,
}

impl Projects {
    /// The project of the files in a folder, reloaded if a settings file changed.
    pub fn of(&mut self, folder: &Path, wishes: &Arc<Wishes>) -> Arc<Project> {
        if !self.wishes.as_ref().is_some_and(|known| Arc::ptr_eq(known, wishes)) {
            self.by_folder.clear();
            self.wishes = Some(Arc::clone(wishes));
        }
        // Subfolders without settings files share a scanner.
        let top = top(folder, wishes);
        let has_settings = |folder: &&Path| {
            FILES[..3].iter().any(|name| std::fs::symlink_metadata(folder.join(name)).is_ok())
        };
        let folders = folder.ancestors().take_while(|one| one.starts_with(&top));
        let folder = { folders }.find(has_settings).unwrap_or(&top);
        match self.by_folder.get(folder) {
            Some(known) if known.is_current() => Arc::clone(known),
            _ => {
                let project = Arc::new(Project::of(folder, &top, wishes));
                self.by_folder.insert(folder.to_path_buf(), Arc::clone(&project));
                project
            }
        }
    }
}
