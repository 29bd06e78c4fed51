//! Reads a configuration file.

use super::{
    error::{ConfigError, did_you_mean},
    key::{Items, Key, Takes},
    keys::KEYS,
    layer::{Layer, List, Origin, Said, Sourced},
    value::{Wrong, check_item, parse_number, parse_size, parse_word},
};
use crate::model::Severity;
use std::{cell::Cell, ops::Range, path::Path, sync::Arc};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Reads the settings from the text of a file in the working directory.
///
/// # Errors
/// Returns the first error in the file, with its line.
pub fn read(name: &str, text: &str, table: &[&str]) -> Result<Option<Layer>, ConfigError> {
    read_in(Path::new(""), name, text, table)
}

/// Reads the settings from the text of a file in `folder`. `table` is the path to their table:
/// empty in `hfscan.toml`, `tool`, `hfscan` in `pyproject.toml`.
///
/// Returns `None` if the table does not exist.
///
/// # Errors
/// Returns the first error in the file, with its line.
pub fn read_in(
    folder: &Path,
    name: &str,
    text: &str,
    table: &[&str],
) -> Result<Option<Layer>, ConfigError> {
    let reader = Reader::new(folder, name, text);
    let document = DeTable::parse(text).map_err(|error| {
        let message = error.message().replace('\n', " ");
        ConfigError::new(reader.origin(&error.span().unwrap_or(0..0)), message)
    })?;
    let mut found = document.get_ref();
    for part in table {
        match found.get(*part).map(Spanned::get_ref) {
            Some(DeValue::Table(inner)) => found = inner,
            _ => return Ok(None),
        }
    }
    let mut layer = Layer::default();
    reader.table(found, "", &mut layer)?;
    Ok(Some(layer))
}

/// Maximum number of items in all lists, since a repository may be hostile.
const MAX_ITEMS: usize = 5_000;
/// Maximum number of regular expressions, each of which is compiled.
const MAX_PATTERNS: usize = 200;

/// The reader of one file.
struct Reader {
    name: Arc<str>,
    folder: Arc<Path>,
    /// The offset of the end of each line.
    line_ends: Vec<usize>,
    items: Cell<usize>,
}

impl Reader {
    fn new(folder: &Path, name: &str, text: &str) -> Self {
        let line_ends = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        Self { name: name.into(), folder: folder.into(), line_ends, items: Cell::new(0) }
    }

    fn origin(&self, span: &Range<usize>) -> Origin {
        let line = self.line_ends.partition_point(|end| *end < span.start) + 1;
        Origin::File { name: self.name.clone(), folder: self.folder.clone(), line }
    }

    /// Counts an item.
    ///
    /// # Errors
    /// Returns an error above the maximum.
    fn count(&self, span: &Range<usize>) -> Result<(), ConfigError> {
        self.items.set(self.items.get() + 1);
        match self.items.get() > MAX_ITEMS {
            true => {
                Err(ConfigError::new(self.origin(span), format!("more than {MAX_ITEMS} items")))
            }
            false => Ok(()),
        }
    }

    fn wrong(&self, span: &Range<usize>, name: &str, wrong: Wrong) -> ConfigError {
        let message = format!("`{name}`: {}", wrong.message);
        ConfigError::new(self.origin(span), message).with_help(wrong.help)
    }

    /// The settings of a table; `prefix` is the table's name with a `.`.
    fn table(
        &self,
        table: &DeTable<'_>,
        prefix: &str,
        layer: &mut Layer,
    ) -> Result<(), ConfigError> {
        for (key, value) in table {
            let name = format!("{prefix}{}", key.get_ref());
            if let Some(known) = KEYS.iter().find(|known| known.name == name) {
                self.value(known, value, layer)?;
                continue;
            }
            let group = format!("{name}.");
            match value.get_ref() {
                DeValue::Table(inner)
                    if KEYS.iter().any(|known| known.name.starts_with(&group)) =>
                {
                    self.table(inner, &group, layer)?;
                }
                _ => return Err(self.unknown(&key.span(), prefix, key.get_ref())),
            }
        }
        Ok(())
    }

    fn unknown(&self, span: &Range<usize>, prefix: &str, key: &str) -> ConfigError {
        let names: Vec<&str> =
            KEYS.iter().filter_map(|known| known.name.strip_prefix(prefix)).collect();
        // The most likely mistake is `fail_on` for `fail-on`.
        let dashed = key.replace('_', "-");
        let help = did_you_mean(&dashed, &names)
            .or_else(|| Some("`hfscan config schema` lists the settings".into()));
        let key = crate::model::SourcePath::from_bytes(key);
        ConfigError::new(self.origin(span), format!("unknown setting `{prefix}{key}`"))
            .with_help(help)
    }

    fn value(
        &self,
        key: &Key,
        value: &Spanned<DeValue<'_>>,
        layer: &mut Layer,
    ) -> Result<(), ConfigError> {
        let span = value.span();
        let origin = self.origin(&span);
        let wrong = |wrong: Wrong| self.wrong(&span, key.name, wrong);
        let expected = |what: &str| {
            wrong(format!("expected {what}, found {}", value.get_ref().type_str()).into())
        };
        let said = match key.takes {
            Takes::Flag => {
                let flag = value.get_ref().as_bool().ok_or_else(|| expected("true or false"))?;
                Said::Flag(Sourced { value: flag, origin })
            }
            Takes::Size => {
                let text = match value.get_ref() {
                    DeValue::String(text) => text.to_string(),
                    DeValue::Integer(number) if number.radix() == 10 => number.as_str().into(),
                    _ => return Err(expected("a number of bytes")),
                };
                let size = parse_size(&text).map_err(|message| wrong(message.into()))?;
                Said::Number(Sourced { value: size, origin })
            }
            Takes::Number => {
                let text = match value.get_ref() {
                    DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
                    _ => return Err(expected("a number")),
                };
                let number = parse_number(text).map_err(|message| wrong(message.into()))?;
                Said::Number(Sourced { value: number, origin })
            }
            Takes::Word(words) => {
                let text = value.get_ref().as_str().ok_or_else(|| expected("a string"))?;
                let word = parse_word(text, &words()).map_err(wrong)?;
                Said::Word(Sourced { value: word, origin })
            }
            Takes::List { items, .. } => Said::List(self.list(key.name, items, value)?),
            Takes::Severities => Said::Severities(self.severities(key.name, value)?),
            Takes::RulesByPath => Said::RulesByPath(self.rules_by_path(key.name, value)?),
        };
        layer.set(key.name, said);
        Ok(())
    }

    /// A list with checked items.
    fn list(
        &self,
        name: &str,
        items: Items,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<List, ConfigError> {
        let list = self.texts(name, value)?;
        if items == Items::Patterns && list.len() > MAX_PATTERNS {
            let message = format!("more than {MAX_PATTERNS} expressions");
            return Err(self.wrong(&value.span(), name, message.into()));
        }
        for item in &list {
            check_item(&item.value, items).map_err(|wrong| {
                let message = format!("`{name}`: {}", wrong.message);
                ConfigError::new(&item.origin, message).with_help(wrong.help)
            })?;
        }
        Ok(list)
    }

    /// A list of strings, or a single string.
    fn texts(&self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<List, ConfigError> {
        let one = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
            DeValue::String(text) => {
                self.count(&item.span())?;
                Ok(Sourced { value: text.to_string(), origin: self.origin(&item.span()) })
            }
            other => {
                let message = format!("expected a list of strings, found {}", other.type_str());
                Err(self.wrong(&item.span(), name, message.into()))
            }
        };
        match value.get_ref() {
            DeValue::Array(items) => items.iter().map(one).collect(),
            _ => Ok(vec![one(value)?]),
        }
    }

    fn entries<'t, 'd>(
        &self,
        name: &str,
        value: &'t Spanned<DeValue<'d>>,
    ) -> Result<impl Iterator<Item = (Sourced<String>, &'t Spanned<DeValue<'d>>)>, ConfigError>
    {
        let DeValue::Table(table) = value.get_ref() else {
            let message = format!("expected a table, found {}", value.get_ref().type_str());
            return Err(self.wrong(&value.span(), name, message.into()));
        };
        let mut entries: Vec<_> = table
            .iter()
            .map(|(key, value)| {
                let origin = self.origin(&key.span());
                (key.span().start, (Sourced { value: key.get_ref().to_string(), origin }, value))
            })
            .collect();
        // In file order: the last entry wins.
        entries.sort_by_key(|(at, _)| *at);
        Ok(entries.into_iter().map(|(_, entry)| entry))
    }

    fn severities(
        &self,
        name: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Vec<(Sourced<String>, Severity)>, ConfigError> {
        let mut list = Vec::new();
        for (rule, level) in self.entries(name, value)? {
            self.count(&level.span())?;
            let text = level.get_ref().as_str().unwrap_or_default();
            let severity = text.parse().map_err(|_| {
                let words: Vec<&str> = Severity::ALL.iter().map(|one| one.as_str()).collect();
                let wrong = Wrong::not_one_of(text, &words);
                self.wrong(&level.span(), &format!("{name}.{}", rule.value), wrong)
            })?;
            list.push((rule, severity));
        }
        Ok(list)
    }

    fn rules_by_path(
        &self,
        name: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Vec<(Sourced<String>, List)>, ConfigError> {
        let mut list = Vec::new();
        for (path, rules) in self.entries(name, value)? {
            self.count(&rules.span())?;
            crate::rule::Globs::of_paths([path.value.as_str()]).check().map_err(|error| {
                ConfigError::new(&path.origin, format!("`{name}`: bad glob {error}"))
            })?;
            list.push((path, self.texts(name, rules)?));
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(text: &str) -> ConfigError {
        read(".hfscan.toml", text, &[]).expect_err("the text is wrong")
    }

    #[test]
    fn an_unknown_key_is_told_with_its_line_and_the_near_miss() {
        let error = error_of("# ours\nfail_on = \"high\"\n");
        assert_eq!(error.to_string(), ".hfscan.toml:2: unknown setting `fail_on`");
        assert_eq!(error.help.as_deref(), Some("did you mean `fail-on`?"));
        let error = error_of("[allow]\npath = []\n");
        assert_eq!(error.to_string(), ".hfscan.toml:2: unknown setting `allow.path`");
        assert_eq!(error.help.as_deref(), Some("did you mean `paths`?"));
    }

    #[test]
    fn a_wrong_value_is_told_with_what_was_expected() {
        let error = error_of("fail-on = \"hihg\"");
        assert!(error.message.contains("expected one of info, low"), "{error}");
        assert_eq!(error.help.as_deref(), Some("did you mean `high`?"));
        assert!(error_of("select = [1]").message.contains("list of strings, found integer"));
        assert!(error_of("ignore-files = 1").message.contains("true or false"));
        assert!(error_of("allow = 1").message.contains("unknown setting `allow`"));
        assert!(
            error_of("[severity]\nx = 'bad'")
                .to_string()
                .starts_with(".hfscan.toml:2: `severity.x`")
        );
        assert!(error_of("a = ").to_string().starts_with(".hfscan.toml:1: "));
    }

    #[test]
    fn every_example_of_the_list_of_settings_can_be_read() {
        for key in KEYS {
            let layer = read("x.toml", key.example, &[]).expect("valid").expect("there");
            assert!(layer.get(key.name).is_some(), "{}", key.name);
        }
    }

    #[test]
    fn a_project_file_without_our_table_says_nothing() {
        let text = "[project]\nname = 'x'\n[tool.ruff]\nselect = []\n";
        assert_eq!(read("pyproject.toml", text, &["tool", "hfscan"]), Ok(None));
        let text = "[tool.hfscan]\nselect = 'hf-*'\n";
        let layer = read("pyproject.toml", text, &["tool", "hfscan"]).expect("valid");
        assert_eq!(layer.expect("a table").get("select").expect("set").list()[0].value, "hf-*");
    }

    #[test]
    fn a_text_nested_without_end_is_refused_quickly() {
        let text = format!("select = {}", "[".repeat(200_000));
        assert!(read("x.toml", &text, &[]).is_err());
        let text = format!("[{}a]", "a.".repeat(200_000));
        assert!(read("x.toml", &text, &[]).is_err());
    }

    #[test]
    fn lists_without_end_are_refused() {
        let list = |item: &str, count: usize| format!("[{}]", item.repeat(count));
        for text in [
            format!("exclude = {}", list("'a',", MAX_ITEMS + 1)),
            format!("[allow]\npatterns = {}", list("'[a-z]{999}x',", MAX_PATTERNS + 1)),
        ] {
            assert!(error_of(&text).message.contains("more than"));
        }
    }
}
