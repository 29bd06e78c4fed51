//! Reads a configuration file.

use super::{
    error::{ConfigError, did_you_mean},
    key::{Items, KEYS, Key, Slot},
    layer::{Layer, List, Origin, Sourced},
    value::{Wrong, check_item, parse_number, parse_size, parse_word},
};
use crate::model::Severity;
use std::{cell::Cell, ops::Range, sync::Arc};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// The settings of a file's text. `table` leads to the table that holds them: nowhere in
/// a file of ours, `tool`, `hfscan` in a `pyproject.toml`.
///
/// `None` if there is no such table.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn read(name: &str, text: &str, table: &[&str]) -> Result<Option<Layer>, ConfigError> {
    let reader = Reader::new(name, text);
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

/// What people write has fewer; each costs time, and a repository may be hostile.
const MAX_ITEMS: usize = 5_000;
/// And of expressions, each of which is compiled.
const MAX_PATTERNS: usize = 200;

/// The file at work.
struct Reader {
    name: Arc<str>,
    /// Where each line ends.
    line_ends: Vec<usize>,
    items: Cell<usize>,
}

impl Reader {
    fn new(name: &str, text: &str) -> Self {
        let line_ends = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        Self { name: name.into(), line_ends, items: Cell::new(0) }
    }

    fn origin(&self, span: &Range<usize>) -> Origin {
        let line = self.line_ends.partition_point(|end| *end < span.start) + 1;
        Origin::File { name: self.name.clone(), line }
    }

    /// Counts an item, of which a file can have so many.
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

    /// The settings of a table whose own name, with a `.`, is `prefix`.
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
        // `fail_on` for `fail-on` is the likeliest slip of all.
        let dashed = key.replace('_', "-");
        let help = did_you_mean(&dashed, &names)
            .or_else(|| Some("`hfscan config schema` lists the settings".into()));
        let key = crate::model::SourcePath::from_bytes(key);
        ConfigError::new(self.origin(span), format!("there is no setting `{prefix}{key}`"))
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
        match key.slot {
            Slot::Flag(field) => {
                let flag = value.get_ref().as_bool().ok_or_else(|| expected("true or false"))?;
                *field(layer) = Some(Sourced { value: flag, origin });
            }
            Slot::Size(field) => {
                let text = match value.get_ref() {
                    DeValue::String(text) => text.to_string(),
                    DeValue::Integer(number) if number.radix() == 10 => number.as_str().into(),
                    _ => return Err(expected("a number of bytes")),
                };
                let size = parse_size(&text).map_err(|message| wrong(message.into()))?;
                *field(layer) = Some(Sourced { value: size, origin });
            }
            Slot::Number(field) => {
                let text = match value.get_ref() {
                    DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
                    _ => return Err(expected("a number")),
                };
                let number = parse_number(text).map_err(|message| wrong(message.into()))?;
                *field(layer) = Some(Sourced { value: number, origin });
            }
            Slot::Word { words, field } => {
                let text = value.get_ref().as_str().ok_or_else(|| expected("a text"))?;
                let word = parse_word(text, &words()).map_err(wrong)?;
                *field(layer) = Some(Sourced { value: word, origin });
            }
            Slot::List { items, field, .. } => {
                let list = self.texts(key.name, value)?;
                if items == Items::Patterns && list.len() > MAX_PATTERNS {
                    return Err(wrong(format!("more than {MAX_PATTERNS} expressions").into()));
                }
                for item in &list {
                    check_item(&item.value, items).map_err(|wrong| {
                        let message = format!("`{}`: {}", key.name, wrong.message);
                        ConfigError::new(&item.origin, message).with_help(wrong.help)
                    })?;
                }
                *field(layer) = list;
            }
            Slot::Severities => self.severities(key.name, value, layer)?,
            Slot::RulesByPath => self.rules_by_path(key.name, value, layer)?,
        }
        Ok(())
    }

    /// A list of texts, or one text alone.
    fn texts(&self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<List, ConfigError> {
        let one = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
            DeValue::String(text) => {
                self.count(&item.span())?;
                Ok(Sourced { value: text.to_string(), origin: self.origin(&item.span()) })
            }
            other => {
                let message = format!("expected a list of texts, found {}", other.type_str());
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
        // In the order of the file, in which the last one holds.
        entries.sort_by_key(|(at, _)| *at);
        Ok(entries.into_iter().map(|(_, entry)| entry))
    }

    fn severities(
        &self,
        name: &str,
        value: &Spanned<DeValue<'_>>,
        layer: &mut Layer,
    ) -> Result<(), ConfigError> {
        let words: Vec<&str> = Severity::ALL.iter().map(|one| one.as_str()).collect();
        for (rule, level) in self.entries(name, value)? {
            self.count(&level.span())?;
            let text = level.get_ref().as_str().unwrap_or_default();
            let word = parse_word(text, &words).map_err(|wrong| {
                self.wrong(&level.span(), &format!("{name}.{}", rule.value), wrong)
            })?;
            layer.severity.push((rule, word));
        }
        Ok(())
    }

    fn rules_by_path(
        &self,
        name: &str,
        value: &Spanned<DeValue<'_>>,
        layer: &mut Layer,
    ) -> Result<(), ConfigError> {
        for (path, rules) in self.entries(name, value)? {
            self.count(&rules.span())?;
            crate::rule::Globs::of_paths([path.value.as_str()]).check().map_err(|error| {
                ConfigError::new(&path.origin, format!("`{name}`: bad glob {error}"))
            })?;
            layer.per_path.push((path, self.texts(name, rules)?));
        }
        Ok(())
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
        assert_eq!(error.to_string(), ".hfscan.toml:2: there is no setting `fail_on`");
        assert_eq!(error.help.as_deref(), Some("did you mean `fail-on`?"));
        let error = error_of("[allow]\npath = []\n");
        assert_eq!(error.to_string(), ".hfscan.toml:2: there is no setting `allow.path`");
        assert_eq!(error.help.as_deref(), Some("did you mean `paths`?"));
    }

    #[test]
    fn a_wrong_value_is_told_with_what_was_expected() {
        let error = error_of("fail-on = \"hihg\"");
        assert!(error.message.contains("expected one of info, low"), "{error}");
        assert_eq!(error.help.as_deref(), Some("did you mean `high`?"));
        assert!(error_of("select = [1]").message.contains("list of texts, found integer"));
        assert!(error_of("ignore-files = 1").message.contains("true or false"));
        assert!(error_of("allow = 1").message.contains("no setting `allow`"));
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
            let mut layer = read("x.toml", key.example, &[]).expect("valid").expect("there");
            let said = match key.slot {
                Slot::Flag(field) => field(&mut layer).is_some(),
                Slot::Size(field) | Slot::Number(field) => field(&mut layer).is_some(),
                Slot::Word { field, .. } => field(&mut layer).is_some(),
                Slot::List { field, .. } => !field(&mut layer).is_empty(),
                Slot::Severities => !layer.severity.is_empty(),
                Slot::RulesByPath => !layer.per_path.is_empty(),
            };
            assert!(said, "{}", key.name);
        }
    }

    #[test]
    fn a_project_file_without_our_table_says_nothing() {
        let text = "[project]\nname = 'x'\n[tool.ruff]\nselect = []\n";
        assert_eq!(read("pyproject.toml", text, &["tool", "hfscan"]), Ok(None));
        let text = "[tool.hfscan]\nselect = 'hf-*'\n";
        let layer = read("pyproject.toml", text, &["tool", "hfscan"]).expect("valid");
        assert_eq!(layer.expect("a table").select[0].value, "hf-*");
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
