//! The settings as a page of the docs.

use super::key::{Items, KEYS, Key, Slot};
use std::fmt::Write;

/// The settings, one after the other, in Markdown.
pub fn table() -> String {
    let mut text = String::new();
    for key in KEYS {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "### `{}`\n\n{}.\n", key.name, key.about);
        let _ = writeln!(text, "- takes: {}", takes(key));
        let _ = writeln!(text, "- without it: `{}`", key.default);
        let mut ways: Vec<String> = key.flag.map(|flag| format!("`{flag}`")).into_iter().collect();
        ways.extend(key.variable().map(|variable| format!("`{variable}`")));
        if !ways.is_empty() {
            let _ = writeln!(text, "- also: {}{}", ways.join(", "), adding(key));
        }
        let _ = writeln!(text, "\n```toml\n{}\n```\n", key.example);
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn takes(key: &Key) -> String {
    let names = |words: Vec<&str>| {
        let quoted: Vec<_> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
        quoted.join(", ")
    };
    match key.slot {
        Slot::Flag(_) => "`true` or `false`".into(),
        Slot::Number(_) => "a number".into(),
        Slot::Size(_) => "a number of bytes, or a text such as `\"10M\"`".into(),
        Slot::Word { words, .. } => format!("one of {}", names(words())),
        Slot::List { items, .. } => format!("a list of {}", plural(items)),
        Slot::Severities => "a table from rules to severities".into(),
        Slot::RulesByPath => "a table from globs of paths to lists of rules".into(),
    }
}

fn plural(items: Items) -> &'static str {
    match items {
        Items::Rules => "rules, by id or glob",
        Items::Paths => "globs of paths",
        Items::Files => "files",
        Items::Digests => "SHA-256 in hexadecimal",
        Items::Patterns => "regular expressions",
        Items::Words => "words",
        Items::Values => "texts",
    }
}

fn adding(key: &Key) -> &'static str {
    match key.slot {
        Slot::List { adds: true, .. } => ", which add to it",
        Slot::List { adds: false, .. } => ", which take its place",
        _ => "",
    }
}
