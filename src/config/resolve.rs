//! The settings of a run.

use super::{
    config_file::ConfigFile,
    draft::{Context, Draft, FailOn, Places, Reading},
    error::ConfigError,
    keys::KEYS,
    layer::{Layer, Said, Sourced},
    merge::merge,
};
use crate::{
    model::SourcePath,
    rule::{Rule, RuleNames, SelectionError},
    scan::Settings,
    suppress::Allowlist,
};

/// The settings of a run, merged from all sources.
#[derive(Debug)]
pub struct Config {
    /// The settings of the scanner.
    pub settings: Settings,
    /// The settings of the sources.
    pub reading: Reading,
    /// The condition for exit status 1.
    pub fail_on: FailOn,
    /// The report format if the command line gives none.
    pub format: Option<String>,
    layer: Layer,
}

impl Config {
    /// Merges `file` and the layers above it, given in descending order of precedence.
    ///
    /// # Errors
    /// Returns an error for a rule file that cannot be read or is not allowed, a limit that is too
    /// high, or patterns that are too large together.
    pub fn new(
        higher: impl IntoIterator<Item = Layer>,
        file: Option<&ConfigFile>,
        places: Places<'_>,
    ) -> Result<Self, ConfigError> {
        let lowest = file.map(|file| file.layer.clone()).unwrap_or_default();
        let higher = higher.into_iter().fold(Layer::default(), merge);
        let layer = merge(higher, lowest);
        let context = Context::new(file, places);
        let mut draft = Draft::default();
        for key in KEYS {
            if let Some(said) = layer.get(key.name) {
                (key.apply)(&mut draft, said, &context)?;
            }
        }
        let Draft { mut settings, allowed, reading, fail_on, format } = draft;
        let patterns = layer.get("allow.patterns").and_then(|said| said.list().first());
        let place = patterns.map_or_else(|| "allow".into(), |first| first.origin.to_string());
        settings.allowlist =
            Allowlist::new(allowed).map_err(|message| ConfigError::new(place, message))?;
        Ok(Self { settings, reading, fail_on, format, layer })
    }

    /// The given values with their sources.
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    /// Checks that every rule named in a setting exists; a misspelt name would have no effect.
    ///
    /// # Errors
    /// Returns an error for the first unknown name, with its location and the most similar name.
    pub fn check_rules(&self, rules: &[Rule]) -> Result<(), ConfigError> {
        for name in self.rule_names() {
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

    /// The rule ids and globs in the settings, in the order of the settings.
    fn rule_names(&self) -> Vec<&Sourced<String>> {
        let mut names = Vec::new();
        for key in KEYS.iter().filter(|key| key.names_rules()) {
            match self.layer.get(key.name) {
                Some(Said::List(list)) => names.extend(list),
                Some(Said::Severities(list)) => names.extend(list.iter().map(|(rule, _)| rule)),
                Some(Said::RulesByPath(list)) => {
                    names.extend(list.iter().flat_map(|(_, rules)| rules));
                }
                _ => {}
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{file, layer::Origin};
    use std::path::Path;

    fn config(folder: &str, text: &str) -> ConfigFile {
        let layer = file::read_in(Path::new(folder), ".hfscan.toml", text, &[]);
        let path = Path::new(folder).join(".hfscan.toml");
        ConfigFile {
            files: vec![path.clone()],
            path,
            layer: layer.expect("valid").expect("there"),
            bytes: text.len() as u64,
            confined_to: Some(folder.into()),
        }
    }

    fn at(root: &str) -> Places<'_> {
        Places { cwd: Path::new(root), root: Path::new(root) }
    }

    fn excludes(config_folder: &str, root: &str, path: &str) -> bool {
        let file = config(config_folder, "exclude = ['sub/gen/**', '*.lock']");
        let mut flags = Layer::default();
        let origin = Origin::Flag("exclude");
        flags.set("exclude", Said::List(vec![Sourced { value: "mine/**".into(), origin }]));
        let config = Config::new([flags], Some(&file), at(root)).expect("valid");
        config.reading.exclude.matches_path(&SourcePath::from_bytes(path))
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
        let limits = |flags: Layer, file: &ConfigFile| {
            Config::new([flags], Some(file), at("/repo")).map(|config| config.settings.limits)
        };
        let mut flags = Layer::default();
        let origin = Origin::Flag("max-depth");
        flags.set("max-depth", Said::Number(Sourced { value: 9, origin }));
        let low = config("/repo", "max-depth = 1\nmax-expanded-size = '1M'\n");
        let given = limits(Layer::default(), &low).expect("lower");
        assert_eq!((given.max_depth, given.max_expanded), (1, 1 << 20));
        assert_eq!(limits(flags, &low).expect("the flag comes first").max_depth, 9);

        let mut high = config("/repo", "\nmax-entries = 9000000\n");
        let error = limits(Layer::default(), &high).expect_err("a repository asks for it");
        assert!(error.to_string().starts_with(".hfscan.toml:2: `max-entries`"), "{error}");
        high.confined_to = None;
        let given = limits(Layer::default(), &high).expect("the user named the file");
        assert_eq!(given.max_entries, 9_000_000);
    }

    #[test]
    fn only_limits_of_the_user_are_requested() {
        let requested = |flags: Layer, file: &ConfigFile| {
            let settings = Config::new([flags], Some(file), at("/repo")).expect("valid").settings;
            (settings.limits.requested.depth, settings.completeness.is_file_size_requested)
        };
        let mut file = config("/repo", "max-depth = 1\nmax-file-size = 9\n");
        assert_eq!(requested(Layer::default(), &file), (false, false));
        let mut flags = Layer::default();
        let origin = Origin::Flag("max-depth");
        flags.set("max-depth", Said::Number(Sourced { value: 2, origin }));
        assert_eq!(requested(flags, &file), (true, false));
        file.confined_to = None;
        assert_eq!(requested(Layer::default(), &file), (true, true));
    }

    #[test]
    fn without_containers_none_is_opened_whatever_the_depth() {
        let file = config("/repo", "max-depth = 3\ncontainers = false\n");
        let config = Config::new([], Some(&file), at("/repo")).expect("valid");
        assert!(!config.settings.open_containers);
    }

    #[test]
    fn a_misspelt_rule_is_an_error_with_its_place() {
        let file = config("/repo", "\n[per-path]\n'a/**' = ['hf-user-acess-token']\n");
        let config = Config::new([], Some(&file), at("/repo")).expect("valid");
        let rules = crate::rule::built_in(None).expect("valid");
        let error = config.check_rules(&rules).expect_err("misspelt");
        assert_eq!(error.to_string(), ".hfscan.toml:3: no rule is named `hf-user-acess-token`");
        assert!(error.help.is_some_and(|help| help.contains("`hf-user-access-token`")));
    }
}
