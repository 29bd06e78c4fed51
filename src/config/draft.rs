//! The settings of a run during assembly.

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

/// The condition for exit status 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// Findings of at least this severity exist.
    Severity(Severity),
    /// Never.
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

/// Settings of the sources: which files are read, and which details are reported.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Files that are skipped.
    pub exclude: Globs,
    /// The ignore files to apply.
    pub ignore: IgnoreRules,
    /// Maximum file size in bytes; larger files are skipped. `None` means no limit.
    pub max_file_bytes: Option<u64>,
    /// `true` if reports contain the e-mail addresses of authors.
    pub author_email: bool,
}

/// The settings of a run during assembly, filled one setting at a time.
#[derive(Debug)]
pub struct Draft {
    /// The settings of the scanner, except its allowlist.
    pub settings: Settings,
    /// The scanner's allowlist, before it is compiled.
    pub allowed: Allowed,
    /// The settings of the sources.
    pub reading: Reading,
    /// The condition for exit status 1.
    pub fail_on: FailOn,
    /// The report format if the command line gives none.
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

/// The base folders of paths and globs.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The working directory: base of files in options and variables.
    pub cwd: &'a Path,
    /// The folder that reported paths are relative to: base of globs in options and variables.
    pub root: &'a Path,
}

/// The context for reading a value.
#[derive(Debug)]
pub struct Context<'a> {
    file: Option<&'a ConfigFile>,
    places: Places<'a>,
    base: Base,
}

impl<'a> Context<'a> {
    /// The context of values from `file`, the environment and options.
    pub fn new(file: Option<&'a ConfigFile>, places: Places<'a>) -> Self {
        Self { file, places, base: Base::new(file, places.root) }
    }

    /// Globs relative to the folder of reported paths.
    pub fn globs<'l>(&self, list: impl IntoIterator<Item = &'l Sourced<String>>) -> Globs {
        self.base.globs(list)
    }

    /// `true` if the user set a limit for this run: by an option, a variable, or `--config FILE`.
    /// The project's own configuration does not count.
    pub fn is_requested<T>(&self, said: Option<&Sourced<T>>) -> bool {
        let is_confined = self.file.is_some_and(|file| file.confined_to.is_some());
        said.is_some_and(|said| !said.origin.is_file() || !is_confined)
    }

    /// A limit on work. A repository's configuration can lower it to any value and raise it to
    /// `most`; only the user can allow more.
    ///
    /// # Errors
    /// Returns an error if the repository's value exceeds `most`.
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
                let message = format!("`{name}`: a repository can set at most {most}");
                Err(ConfigError::new(origin, message).with_help(Some(help)))
            }
            said => Ok(said.map_or(most, |said| said.value)),
        }
    }

    /// Reads the rule files in a list. Paths in a configuration are relative to its folder, and
    /// those in a repository's configuration must be inside the repository.
    ///
    /// # Errors
    /// Returns an error for a file that cannot be read or is not allowed.
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

/// Maximum size in bytes of a rule file named by a repository.
const MAX_RULE_FILE: u64 = 4 << 20;

/// Refuses a repository's rule file that is outside the repository or not a regular file.
fn check_confined(path: &Path, top: &Path, one: &Sourced<String>) -> Result<(), ConfigError> {
    let name = SourcePath::from_bytes(&one.value);
    let wrong = |what: String| ConfigError::new(&one.origin, format!("`{name}`{what}"));
    let real =
        |path: &Path| std::fs::canonicalize(path).map_err(|error| wrong(format!(": {error}")));
    let path = real(path)?;
    if !path.starts_with(real(top)?) {
        let help = "a repository can only name its own rule files; `--rules FILE` adds others";
        return Err(wrong(" is outside the repository".into()).with_help(Some(help.into())));
    }
    let found = std::fs::metadata(&path).map_err(|error| wrong(format!(": {error}")))?;
    match found.is_file() && found.len() <= MAX_RULE_FILE {
        true => Ok(()),
        false => Err(wrong(" is not a rule file".into())),
    }
}

/// The folder that contains the scanned files and all settings files. Every glob is rewritten
/// relative to it.
#[derive(Debug)]
struct Base {
    folder: PathBuf,
    /// The folder that reported paths are relative to.
    root: PathBuf,
    /// `true` if globs in a configuration are relative to its folder.
    knows_folders: bool,
}

impl Base {
    fn new(file: Option<&ConfigFile>, root: &Path) -> Self {
        // A file given by the user may be anywhere, so its globs are relative to the scanned files.
        let file = file.filter(|file| file.confined_to.is_some());
        let folders = file.iter().flat_map(|file| &file.files).filter_map(|file| file.parent());
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

/// A path glob without a leading `./` and with `/` as the separator, like reported paths. A `\`
/// counts as a separator unless it escapes a bracket.
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
