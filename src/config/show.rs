//! Prints the settings in force, each with its origin.

use super::{
    key::{Items, Takes},
    keys::KEYS,
    layer::{Layer, Said, Sourced},
};
use std::{collections::BTreeSet, fmt::Write};

/// The settings in force as a configuration file, each with its source. Settings with default
/// values are comments.
pub fn show(layer: &Layer) -> String {
    let mut text = String::new();
    for key in KEYS {
        let is_secret = matches!(key.takes, Takes::List { items: Items::Values, .. });
        let entries = layer.get(key.name).map(|said| entries(said, is_secret)).unwrap_or_default();
        // Dotted keys may be in any order; those of a table `[allow]` must be together.
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

/// The rest of the setting's name, its value in TOML, and its source.
fn entries(said: &Said, is_secret: bool) -> Vec<(String, String, String)> {
    fn one<T>(one: &Sourced<T>, value: String) -> Vec<(String, String, String)> {
        vec![(String::new(), value, one.origin.to_string())]
    }
    let below = |name: &Sourced<String>, value: String| {
        (format!(".{}", quoted(&name.value)), value, name.origin.to_string())
    };
    match said {
        Said::Flag(flag) => one(flag, flag.value.to_string()),
        Said::Number(number) => one(number, number.value.to_string()),
        Said::Word(word) => one(word, quoted(&word.value)),
        Said::List(some) if is_secret => vec![(String::new(), masked(some), origins(some))],
        Said::List(some) => vec![(String::new(), list(some), origins(some))],
        Said::Severities(some) => {
            some.iter().map(|(rule, word)| below(rule, quoted(word.as_str()))).collect()
        }
        Said::RulesByPath(some) => {
            some.iter().map(|(path, rules)| below(path, list(rules))).collect()
        }
    }
}

fn list(list: &[Sourced<String>]) -> String {
    let items: Vec<_> = list.iter().map(|one| quoted(&one.value)).collect();
    format!("[{}]", items.join(", "))
}

/// Secrets are masked, even those on the allowlist.
fn masked(list: &[Sourced<String>]) -> String {
    let mask = |text: &String| crate::model::Secret::new(text.clone().into_bytes()).masked();
    let items: Vec<_> = list.iter().map(|one| quoted(&mask(&one.value))).collect();
    format!("[{}]", items.join(", "))
}

fn origins(list: &[Sourced<String>]) -> String {
    let origins: BTreeSet<String> = list.iter().map(|one| one.origin.to_string()).collect();
    origins.into_iter().collect::<Vec<_>>().join(", ")
}

/// A TOML string with control characters escaped.
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
        // Plain keys must precede tables, and each table can be opened once.
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
