//! What a run is to do.

use super::{
    discover::ConfigFile,
    error::ConfigError,
    layer::{Layer, List, Origin, Sourced},
};
use crate::{
    decode::container::Limits,
    model::{Confidence, Severity, SourcePath},
    rule::{Globs, Rule, RuleNames, Selection, SelectionError},
    source::Root,
    suppress::{Allowed, Allowlist},
};
use std::{
    path::{Component, Path, PathBuf},
    str::FromStr,
    time::Duration,
};

/// What makes the exit status 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// A finding of this severity or worse.
    Severity(Severity),
    /// Nothing.
    Never,
}

impl FailOn {
    /// Its name in options and files.
    pub fn as_str(self) -> &'static str {
        match self {
            FailOn::Severity(severity) => severity.as_str(),
            FailOn::Never => "never",
        }
    }
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

/// The folders that what people write is relative to.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The working directory: for files named by flags and variables.
    pub cwd: &'a Path,
    /// The folder that reported paths are relative to: for globs of flags and variables.
    pub root: &'a Path,
}

impl<'a> Places<'a> {
    /// Where a scan below `root` runs; standard input has no root.
    pub fn new(cwd: &'a Path, root: Option<&'a Root>) -> Self {
        Self { cwd, root: root.map_or(cwd, Root::dir) }
    }
}

/// What a run is to do, from every place that has a say in it.
#[derive(Debug)]
pub struct Settings {
    /// The rules to run.
    pub selection: Selection,
    /// Severities of rules, by id or glob; the last that matches holds.
    pub severities: Vec<(String, Severity)>,
    /// Files with more rules.
    pub rule_files: Vec<PathBuf>,
    /// What is not read.
    pub exclude: Globs,
    /// Whether ignore files are honoured.
    pub ignore_files: bool,
    /// Files of more bytes are left out.
    pub max_file_bytes: Option<u64>,
    /// How far containers are opened.
    pub limits: Limits,
    /// The least severity to report.
    pub min_severity: Severity,
    /// The least confidence to report.
    pub min_confidence: Confidence,
    /// What makes the exit status 1.
    pub fail_on: FailOn,
    /// How to report, where the command line does not say it.
    pub format: Option<String>,
    /// Whether ignore comments are obeyed.
    pub inline_ignores: bool,
    /// Whether they need a reason.
    pub require_reason: bool,
    /// Whether reports tell the e-mail addresses of authors.
    pub author_email: bool,
    /// What does not count.
    pub allowlist: Allowlist,
    layer: Layer,
}

impl Settings {
    /// What `file` and the layers above it say, the strongest first.
    ///
    /// # Errors
    /// A rule file outside of where it may be, or expressions that are too large together.
    pub fn new(
        higher: impl IntoIterator<Item = Layer>,
        file: Option<&ConfigFile>,
        places: Places<'_>,
    ) -> Result<Self, ConfigError> {
        let lowest = file.map(|file| file.layer.clone()).unwrap_or_default();
        let higher = higher.into_iter().fold(Layer::default(), Layer::over);
        let layer = higher.over(lowest);
        let base = Base::new(file, places);
        let word = |word: &Option<Sourced<String>>| word.as_ref().map(|word| word.value.clone());
        let flag = |flag: &Option<Sourced<bool>>| flag.as_ref().map(|flag| flag.value);
        Ok(Self {
            selection: Selection { select: texts(&layer.select), ignore: texts(&layer.ignore) },
            severities: layer
                .severity
                .iter()
                .filter_map(|(rule, word)| Some((rule.value.clone(), word.parse().ok()?)))
                .collect(),
            rule_files: rule_files(&layer.rules, file, places)?,
            exclude: base.globs(&layer.exclude),
            ignore_files: flag(&layer.ignore_files).unwrap_or(true),
            max_file_bytes: layer.max_file_size.as_ref().map(|size| size.value),
            limits: limits(&layer, file)?,
            min_severity: parsed(word(&layer.min_severity)).unwrap_or(Severity::Info),
            min_confidence: parsed(word(&layer.min_confidence)).unwrap_or(Confidence::Low),
            fail_on: parsed(word(&layer.fail_on)).unwrap_or(FailOn::Severity(Severity::Low)),
            format: word(&layer.format),
            inline_ignores: flag(&layer.inline_ignores).unwrap_or(true),
            require_reason: flag(&layer.require_reason).unwrap_or(false),
            author_email: flag(&layer.author_email).unwrap_or(false),
            allowlist: allowlist(&layer, &base)?,
            layer,
        })
    }

    /// What was said, and where.
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    /// Whether every rule runs.
    pub fn all_rules_run(&self) -> bool {
        self.selection.select.is_empty() && self.selection.ignore.is_empty()
    }

    /// Checks that every rule that is named is there: one that is not is a slip that
    /// would leave something on or off.
    ///
    /// # Errors
    /// The first one that is not, with its place and the near miss.
    pub fn check_rules(&self, rules: &[Rule]) -> Result<(), ConfigError> {
        let layer = &self.layer;
        let by_path = layer.per_path.iter().flat_map(|(_, rules)| rules);
        let severities = layer.severity.iter().map(|(rule, _)| rule);
        for name in layer.select.iter().chain(&layer.ignore).chain(severities).chain(by_path) {
            let help = match RuleNames::known(&[&name.value], rules) {
                Ok(_) => continue,
                Err(SelectionError::Unknown { nearest: Some(near), .. }) => {
                    format!("did you mean `{near}`? `hfscan rules` lists all")
                }
                Err(SelectionError::Unknown { .. }) => "`hfscan rules` lists all".into(),
                Err(error) => return Err(ConfigError::new(&name.origin, error.to_string())),
            };
            let message = format!("no rule is named `{}`", SourcePath::from_bytes(&name.value));
            return Err(ConfigError::new(&name.origin, message).with_help(Some(help)));
        }
        Ok(())
    }
}

fn parsed<T: FromStr>(word: Option<String>) -> Option<T> {
    word.and_then(|word| word.parse().ok())
}

/// How far containers are opened.
fn limits(layer: &Layer, file: Option<&ConfigFile>) -> Result<Limits, ConfigError> {
    let most = Limits::default();
    let is_confined = file.is_some_and(|file| file.confined_to.is_some());
    // A repository of others may ask for less work, but not keep its scanner busy.
    let limit = |name: &str, said: &Option<Sourced<u64>>, most: u64| match said {
        Some(Sourced { value, origin }) if *value > most && is_confined && origin.is_file() => {
            let help = format!("the option `--{name}` or `--config FILE` can allow more");
            let message = format!("`{name}`: a repository can ask for {most} at most");
            Err(ConfigError::new(origin, message).with_help(Some(help)))
        }
        said => Ok(said.as_ref().map_or(most, |said| said.value)),
    };
    let max_depth = limit("max-depth", &layer.max_depth, most.max_depth as u64)?;
    let max_time = limit("max-container-time", &layer.max_container_time, most.max_time.as_secs())?;
    let opens = layer.containers.as_ref().is_none_or(|flag| flag.value);
    Ok(Limits {
        max_depth: if opens { usize::try_from(max_depth).unwrap_or(usize::MAX) } else { 0 },
        max_entries: limit("max-entries", &layer.max_entries, most.max_entries)?,
        max_expanded: limit("max-expanded-size", &layer.max_expanded_size, most.max_expanded)?,
        max_time: Duration::from_secs(max_time),
        ..most
    })
}

fn texts(list: &List) -> Vec<String> {
    list.iter().map(|one| one.value.clone()).collect()
}

fn allowlist(layer: &Layer, base: &Base) -> Result<Allowlist, ConfigError> {
    let allow = &layer.allow;
    let place = || allow.patterns.first().map_or("allow".to_string(), |one| one.origin.to_string());
    let by_path = layer.per_path.iter();
    Allowlist::new(Allowed {
        paths: base.globs(&allow.paths),
        rules_by_path: by_path
            .map(|(path, rules)| (base.globs([path]), Globs::of_names(texts(rules))))
            .collect(),
        values: allow.values.iter().map(|one| one.value.clone().into_bytes()).collect(),
        sha256: allow.sha256.iter().map(|one| one.value.to_ascii_lowercase()).collect(),
        patterns: texts(&allow.patterns),
        stop_words: texts(&allow.stop_words),
    })
    .map_err(|message| ConfigError::new(place(), message))
}

/// The files with rules: those of a configuration are relative to its folder, and must
/// lie where it may reach.
fn rule_files(
    list: &List,
    file: Option<&ConfigFile>,
    places: Places<'_>,
) -> Result<Vec<PathBuf>, ConfigError> {
    let mut paths = Vec::new();
    for one in list {
        let (Origin::File { .. }, Some(file)) = (&one.origin, file) else {
            paths.push(PathBuf::from(&one.value));
            continue;
        };
        let path = file.path.parent().unwrap_or(places.cwd).join(&one.value);
        if let Some(top) = &file.confined_to {
            check_confined(&path, top, one)?;
        }
        paths.push(path.strip_prefix(places.cwd).map(Path::to_path_buf).unwrap_or(path));
    }
    Ok(paths)
}

/// A rule file that people write is smaller.
const MAX_RULE_FILE: u64 = 4 << 20;

/// Refuses a rule file that a repository names and that lies outside of it, or is no
/// plain file.
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
        false => Err(wrong(" is no file of rules".into())),
    }
}

/// The folder that holds both the configuration and what is scanned: every glob is
/// written as it is seen from there.
struct Base {
    /// From the base to the configuration's folder: empty, or ending in `/`.
    to_file: String,
    /// From the base to the folder that reported paths are relative to.
    to_root: String,
}

impl Base {
    fn new(file: Option<&ConfigFile>, places: Places<'_>) -> Self {
        let folder = match file {
            // A file that was named may lie anywhere: its globs are about what is scanned.
            Some(ConfigFile { confined_to: Some(_), path, .. }) => {
                path.parent().unwrap_or(places.root)
            }
            _ => places.root,
        };
        let both = folder.components().zip(places.root.components());
        let base: PathBuf = both.take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
        Self { to_file: below(&base, folder), to_root: below(&base, places.root) }
    }

    fn globs<'a>(&self, list: impl IntoIterator<Item = &'a Sourced<String>>) -> Globs {
        let moved = list.into_iter().map(|one| {
            let folder = match one.origin {
                Origin::File { .. } => &self.to_file,
                Origin::Variable(_) | Origin::Flag(_) => &self.to_root,
            };
            Globs::moved_out(&one.value, folder)
        });
        Globs::of_paths(moved.collect::<Vec<_>>()).seen_from(self.to_root.clone())
    }
}

/// The way from `base` to `folder`: empty, or ending in `/`.
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
    use crate::config::file;

    fn config(folder: &str, text: &str) -> ConfigFile {
        let layer = file::read(".hfscan.toml", text, &[]).expect("valid").expect("there");
        let path = Path::new(folder).join(".hfscan.toml");
        ConfigFile { path, layer, confined_to: Some(folder.into()) }
    }

    fn excludes(config_folder: &str, root: &str, path: &str) -> bool {
        let file = config(config_folder, "exclude = ['sub/gen/**', '*.lock']");
        let flags = Layer {
            exclude: vec![Sourced { value: "mine/**".into(), origin: Origin::Flag("--exclude") }],
            ..Layer::default()
        };
        let places = Places { cwd: Path::new(root), root: Path::new(root) };
        let settings = Settings::new([flags], Some(&file), places).expect("valid");
        settings.exclude.matches_path(&SourcePath::from_bytes(path))
    }

    #[test]
    fn globs_of_a_file_are_relative_to_its_folder_wherever_the_scan_starts() {
        assert!(excludes("/repo", "/repo", "sub/gen/x"));
        assert!(excludes("/repo", "/repo/sub", "gen/x"));
        assert!(excludes("/repo", "/", "repo/sub/gen/x"));
        assert!(!excludes("/repo", "/", "other/sub/gen/x") && !excludes("/repo", "/", "x.lock"));
    }

    #[test]
    fn globs_of_flags_are_relative_to_the_folder_of_the_report() {
        assert!(excludes("/repo", "/repo/sub", "mine/x"));
        assert!(excludes("/repo/deep", "/repo", "mine/x"));
        assert!(!excludes("/repo", "/repo/sub", "sub/mine/x"));
    }

    #[test]
    fn a_repository_can_lower_limits_and_only_its_user_raises_them() {
        let places = Places { cwd: Path::new("/repo"), root: Path::new("/repo") };
        let limits = |flags: Layer, file: &ConfigFile| {
            Settings::new([flags], Some(file), places).map(|settings| settings.limits)
        };
        let more = Sourced { value: 9, origin: Origin::Flag("--max-depth") };
        let flags = Layer { max_depth: Some(more), ..Layer::default() };
        let low = config("/repo", "max-depth = 1\nmax-expanded-size = '1M'\n");
        let given = limits(Layer::default(), &low).expect("lower");
        assert_eq!((given.max_depth, given.max_expanded), (1, 1 << 20));
        assert_eq!(limits(flags, &low).expect("the flag comes first").max_depth, 9);

        let mut high = config("/repo", "\nmax-container-time = 1000000\n");
        let error = limits(Layer::default(), &high).expect_err("a repository asks for it");
        assert!(error.to_string().starts_with(".hfscan.toml:2: `max-container-time`"), "{error}");
        high.confined_to = None;
        let given = limits(Layer::default(), &high).expect("the user named the file");
        assert_eq!(given.max_time, Duration::from_secs(1_000_000));
    }

    #[test]
    fn without_containers_none_is_opened_whatever_the_depth() {
        let places = Places { cwd: Path::new("/repo"), root: Path::new("/repo") };
        let file = config("/repo", "max-depth = 3\ncontainers = false\n");
        let settings = Settings::new([], Some(&file), places).expect("valid");
        assert_eq!(settings.limits.max_depth, 0);
    }

    #[test]
    fn a_rule_that_is_not_there_is_told_with_its_place() {
        let file = config("/repo", "\n[per-path]\n'a/**' = ['hf-user-acess-token']\n");
        let places = Places { cwd: Path::new("/repo"), root: Path::new("/repo") };
        let settings = Settings::new([], Some(&file), places).expect("valid");
        let rules = crate::rule::built_in(None).expect("valid");
        let error = settings.check_rules(&rules).expect_err("misspelt");
        assert_eq!(error.to_string(), ".hfscan.toml:3: no rule is named `hf-user-acess-token`");
        assert!(error.help.is_some_and(|help| help.contains("`hf-user-access-token`")));
    }
}
