//! The settings in force, and where each comes from.

use super::{
    key::{Items, KEYS, Slot},
    layer::{Layer, Sourced},
};
use std::{collections::BTreeSet, fmt::Write};

/// The settings in force as a configuration file, with where each comes from. Settings
/// that nobody spoke of are comments.
pub fn show(layer: &Layer) -> String {
    let mut layer = layer.clone();
    let mut text = String::new();
    for key in KEYS {
        let entries = entries(&key.slot, &mut layer);
        // A table of its own for `[allow]` would need its keys together: dotted keys do not.
        let line = match &entries[..] {
            [] => format!("# {} = {}", key.name, key.default),
            some => some
                .iter()
                .map(|(below, value, origin)| format!("{}{below} = {value}  # {origin}", key.name))
                .collect::<Vec<_>>()
                .join("\n"),
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{line}");
    }
    text
}

/// What stands after the setting's name, its value in TOML, and where it comes from.
fn entries(slot: &Slot, layer: &mut Layer) -> Vec<(String, String, String)> {
    fn one<T>(
        said: &Option<Sourced<T>>,
        value: impl Fn(&T) -> String,
    ) -> Vec<(String, String, String)> {
        let said = said.as_ref();
        said.map(|one| (String::new(), value(&one.value), one.origin.to_string()))
            .into_iter()
            .collect()
    }
    match *slot {
        Slot::Flag(field) => one(field(layer), bool::to_string),
        Slot::Size(field) | Slot::Number(field) => one(field(layer), u64::to_string),
        Slot::Word { field, .. } => one(field(layer), |word| quoted(word)),
        Slot::List { items: Items::Values, field, .. } => match &field(layer)[..] {
            [] => Vec::new(),
            some => vec![(String::new(), masked(some), origins(some))],
        },
        Slot::List { field, .. } => match &field(layer)[..] {
            [] => Vec::new(),
            some => vec![(String::new(), list(some), origins(some))],
        },
        Slot::Severities => layer
            .severity
            .iter()
            .map(|(rule, word)| {
                (format!(".{}", quoted(&rule.value)), quoted(word), rule.origin.to_string())
            })
            .collect(),
        Slot::RulesByPath => layer
            .per_path
            .iter()
            .map(|(path, rules)| {
                (format!(".{}", quoted(&path.value)), list(rules), path.origin.to_string())
            })
            .collect(),
    }
}

fn list(list: &[Sourced<String>]) -> String {
    let items: Vec<_> = list.iter().map(|one| quoted(&one.value)).collect();
    format!("[{}]", items.join(", "))
}

/// Secrets are not shown, not even those that do not count.
fn masked(list: &[Sourced<String>]) -> String {
    let mask = |text: &String| crate::model::Secret::new(text.clone().into_bytes()).masked();
    let items: Vec<_> = list.iter().map(|one| quoted(&mask(&one.value))).collect();
    format!("[{}]", items.join(", "))
}

fn origins(list: &[Sourced<String>]) -> String {
    let origins: BTreeSet<String> = list.iter().map(|one| one.origin.to_string()).collect();
    origins.into_iter().collect::<Vec<_>>().join(", ")
}

/// A text as TOML writes it; what would command a terminal is escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            plain if !plain.is_control() && (plain.is_ascii() || plain.is_alphanumeric()) => {
                quoted.push(plain);
            }
            other => quoted.push_str(&format!("\\U{:08X}", other as u32)),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file;

    #[test]
    fn what_is_shown_can_be_read_again() {
        // Tables end a file's plain keys, and can be opened once.
        let examples = || KEYS.iter().map(|key| key.example);
        let plain = examples().filter(|one| !one.starts_with('['));
        let tables = examples().filter(|one| one.starts_with('[') && !one.starts_with("[allow]"));
        let allow = examples().filter_map(|one| one.strip_prefix("[allow]\n"));
        let all: Vec<&str> = plain.chain(tables).chain(["[allow]"]).chain(allow).collect();
        let text = all.join("\n");
        let layer = file::read("a.toml", &text, &[]).expect("valid").expect("there");
        let again = file::read("b.toml", &show(&layer), &[]).expect("valid").expect("there");
        let values = |layer: &Layer| {
            let shown = show(layer);
            let lines = shown.lines().filter(|line| !line.starts_with("allow.values"));
            let values = lines.map(|line| line.split("  # ").next().map(str::to_string));
            values.collect::<Vec<_>>()
        };
        assert_eq!(values(&layer), values(&again));
        assert!(show(&layer).contains("fail-on = \"high\"  # a.toml:"));
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(quoted("a\u{1b}[m\"\u{202e}"), "\"a\\U0000001B[m\\\"\\U0000202E\"");
    }
}
