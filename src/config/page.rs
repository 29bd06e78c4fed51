//! The Markdown page of settings.

use super::{
    key::{Items, Key, Takes},
    keys::KEYS,
};
use std::fmt::Write;

/// The settings in Markdown.
pub fn table() -> String {
    let mut text = String::new();
    for key in KEYS {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "### `{}`\n\n{}.\n", key.name, key.about);
        let _ = writeln!(text, "- type: {}", takes(key));
        let _ = writeln!(text, "- default: `{}`", key.default);
        let flag = key.flag.long().map(|flag| format!("`--{flag}`"));
        let mut ways: Vec<String> = flag.into_iter().collect();
        ways.extend(key.variable().map(|variable| format!("`{variable}`")));
        if !ways.is_empty() {
            let _ = writeln!(text, "- {}: {}", adding(key), ways.join(", "));
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
    match key.takes {
        Takes::Flag => "`true` or `false`".into(),
        Takes::Number => "a number".into(),
        Takes::Size => "a number of bytes, or a string such as `\"10M\"`".into(),
        Takes::Word(words) => format!("one of {}", names(words())),
        Takes::List { items, .. } => format!("a list of {}", plural(items)),
        Takes::Severities => "a table from rules to severities".into(),
        Takes::RulesByPath => "a table from globs of paths to lists of rules".into(),
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
        Items::Reasons => "reasons",
        Items::Values => "strings",
    }
}

fn adding(key: &Key) -> &'static str {
    match key.takes {
        Takes::List { adds: true, .. } => "extended by",
        _ => "overridden by",
    }
}
