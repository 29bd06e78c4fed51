//! The settings of a run while they are assembled.

use super::{
    config_file::ConfigFile,
    error::ConfigError,
    layer::{Origin, Sourced},
};
use crate::{
    model::{Severity, SourcePath},
    rule::Globs,
    scan::{RuleText, Settings},
    source::{IgnoreRules, root::common_ancestor},
    suppress::Allowed,
};
use std::{
    path::{Component, Path, PathBuf},
    str::FromStr,
};

/// The findings that make the exit status 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// Findings of at least this severity.
    Severity(Severity),
    /// None.
    Never,
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("never") {
            return Ok(FailOn::Never);
        }
        text.parse().map(FailOn::Severity).map_err(|expected: String| format!("{expected}, never"))
    }
}

/// The settings of the sources: the files to read, and the details to report.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Files that are not read.
    pub exclude: Globs,
    /// The ignore files to obey.
    pub ignore: IgnoreRules,
    /// The size in bytes above which files are skipped.
    pub max_file_bytes: Option<u64>,
    /// `true` if reports contain the e-mail addresses of authors.
    pub author_email: bool,
}

/// The settings of a run while they are assembled, one setting after the other.
#[derive(Debug)]
pub struct Draft {
    /// The settings of the scanner, except its allowlist.
    pub settings: Settings,
    /// The allowlist of the scanner, before it is compiled.
    pub allowed: Allowed,
    /// The settings of the sources.
    pub reading: Reading,
    /// The findings that make the exit status 1.
    pub fail_on: FailOn,
    /// The format of the report if the command line names none.
    pub format: Option<String>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            allowed: Allowed::default(),
            reading: Reading {
                exclude: Globs::default(),
                ignore: IgnoreRules::All,
                max_file_bytes: None,
                author_email: false,
            },
            fail_on: FailOn::Severity(Severity::Low),
            format: None,
        }
    }
}

/// The folders that paths and globs are relative to.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The working directory: for files that options and variables name.
    pub cwd: &'a Path,
    /// The folder that reported paths are relative to: for globs of options and variables.
    pub root: &'a Path,
}

/// The surroundings in which a value is read.
#[derive(Debug)]
pub struct Context<'a> {
    file: Option<&'a ConfigFile>,
    places: Places<'a>,
    base: Base,
}

impl<'a> Context<'a> {
    /// The context of the values in `file`, the environment and options.
    pub fn new(file: Option<&'a ConfigFile>, places: Places<'a>) -> Self {
        Self { file, places, base: Base::new(file, places.root) }
    }

    /// The globs, relative to the folder that reported paths are relative to.
    pub fn globs<'l>(&self, list: impl IntoIterator<Item = &'l Sourced<String>>) -> Globs {
        self.base.globs(list)
    }

    /// `true` if the user set a limit for this run: by an option, a variable, or a configuration
    /// file that they named. The scanned project's own configuration does not count.
    pub fn is_requested<T>(&self, said: Option<&Sourced<T>>) -> bool {
        let is_confined = self.file.is_some_and(|file| file.confined_to.is_some());
        said.is_some_and(|said| !said.origin.is_file() || !is_confined)
    }

    /// A limit on work. The configuration of a repository can lower it to any value, and raise it
    /// to `most`: the user decides how long the scan of another's repository takes.
    ///
    /// # Errors
    /// Returns an error if the repository asks for more.
    pub fn limit(
        &self,
        name: &str,
        said: Option<&Sourced<u64>>,
        most: u64,
    ) -> Result<u64, ConfigError> {
        let is_confined = self.file.is_some_and(|file| file.confined_to.is_some());
        match said {
            Some(Sourced { value, origin }) if *value > most && is_confined && origin.is_file() => {
                let help = format!("the option `--{name}` or `--config FILE` can allow more");
                let message = format!("`{name}`: a repository can ask for at most {most}");
                Err(ConfigError::new(origin, message).with_help(Some(help)))
            }
            said => Ok(said.map_or(most, |said| said.value)),
        }
    }

    /// Reads the rule files of a list. Those that a configuration names are relative to its folder,
    /// and those that the configuration of a repository names must lie inside it.
    ///
    /// # Errors
    /// Returns an error for a file that cannot be read, or that the repository must not name.
    pub fn rule_files(&self, list: &[Sourced<String>]) -> Result<Vec<RuleText>, ConfigError> {
        list.iter().map(|one| self.rule_file(one)).collect()
    }

    fn rule_file(&self, one: &Sourced<String>) -> Result<RuleText, ConfigError> {
        let path = match (&one.origin, self.file) {
            (Origin::File { folder, .. }, Some(file)) => {
                let path = self.places.cwd.join(folder).join(&one.value);
                if let Some(top) = &file.confined_to {
                    check_confined(&path, top, one)?;
                }
                path.strip_prefix(self.places.cwd).map(Path::to_path_buf).unwrap_or(path)
            }
            _ => PathBuf::from(&one.value),
        };
        let name = path.to_string_lossy().into_owned();
        let read = std::fs::read_to_string(self.places.cwd.join(&path));
        let failed = |error: std::io::Error| {
            ConfigError::new(SourcePath::from_path(&path), error.to_string())
        };
        Ok(RuleText { text: read.map_err(failed)?, name })
    }
}

/// Maximum size in bytes of a rule file that a repository names.
const MAX_RULE_FILE: u64 = 4 << 20;

/// Refuses a rule file that a repository names if it is outside the repository or not a regular
/// file.
fn check_confined(path: &Path, top: &Path, one: &Sourced<String>) -> Result<(), ConfigError> {
    let name = SourcePath::from_bytes(&one.value);
    let wrong = |what: String| ConfigError::new(&one.origin, format!("`{name}`{what}"));
    let real =
        |path: &Path| std::fs::canonicalize(path).map_err(|error| wrong(format!(": {error}")));
    let path = real(path)?;
    if !path.starts_with(real(top)?) {
        let help = "a repository can only name rule files of its own; `--rules FILE` adds others";
        return Err(wrong(" lies outside of the repository".into()).with_help(Some(help.into())));
    }
    let found = std::fs::metadata(&path).map_err(|error| wrong(format!(": {error}")))?;
    match found.is_file() && found.len() <= MAX_RULE_FILE {
        true => Ok(()),
        false => Err(wrong(" is not a rule file".into())),
    }
}

/// The folder that contains the scanned files and every file that settings come from; every glob
/// is rewritten to be relative to it.
#[derive(Debug)]
struct Base {
    folder: PathBuf,
    /// The folder that reported paths are relative to.
    root: PathBuf,
    /// `true` if globs of a configuration are relative to its folder.
    knows_folders: bool,
}

impl Base {
    fn new(file: Option<&ConfigFile>, root: &Path) -> Self {
        // A file that the user named may be anywhere, so its globs are relative to the scanned
        // files.
        let file = file.filter(|file| file.confined_to.is_some());
        let folders = file.iter().flat_map(|file| &file.folders);
        let folder =
            folders.fold(root.to_path_buf(), |base, folder| common_ancestor(&base, folder));
        Self { folder, root: root.to_path_buf(), knows_folders: file.is_some() }
    }

    fn globs<'l>(&self, list: impl IntoIterator<Item = &'l Sourced<String>>) -> Globs {
        let to_root = below(&self.folder, &self.root);
        let moved = list.into_iter().map(|one| match &one.origin {
            Origin::File { folder, .. } if self.knows_folders => {
                Globs::moved_out(&plain(&one.value), &below(&self.folder, folder))
            }
            _ => Globs::moved_out(&plain(&one.value), &to_root),
        });
        Globs::of_paths(moved.collect::<Vec<_>>()).seen_from(to_root.clone())
    }
}

/// A glob of paths without a leading `./` and with `/` between its parts, as paths are
/// reported. A `\` counts as a separator unless it escapes a bracket.
fn plain(glob: &str) -> String {
    let mut plain = String::with_capacity(glob.len());
    let mut rest = glob.strip_prefix("./").or_else(|| glob.strip_prefix(".\\")).unwrap_or(glob);
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let escapes = after.starts_with(['[', ']', '{', '}', '!', '#', ' ']);
        plain.push(if escapes { '\\' } else { '/' });
        rest = after;
    }
    plain + rest
}

/// The path from `base` to `folder`: empty, or ending in `/`.
fn below(base: &Path, folder: &Path) -> String {
    let below = folder.strip_prefix(base).unwrap_or(folder);
    let parts = below.components().filter_map(|part| match part {
        Component::Normal(name) => Some(SourcePath::from_path(Path::new(name)).to_text() + "/"),
        _ => None,
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_may_be_written_as_a_path_is_on_any_platform() {
        assert_eq!(plain("./tests/**"), "tests/**");
        assert_eq!(plain(r".\tests\**\x.py"), "tests/**/x.py");
        assert_eq!(plain(r"a\[b\].py"), r"a\[b\].py");
    }
}
