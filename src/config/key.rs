//! A row in the list of settings.

use super::{
    draft::{Context, Draft},
    error::ConfigError,
    layer::Said,
};

/// A setting: everything about it except the code that uses its value.
///
/// The readers of files, of the environment and of the command line, `hfscan config show`, the JSON
/// Schema and the pages of the docs are all made from these rows.
#[derive(Debug)]
pub struct Key {
    /// Its name in a file; `allow.paths` is in the table `[allow]`.
    pub name: &'static str,
    /// The kind of its value.
    pub takes: Takes,
    /// The default value, as it would be written in a file.
    pub default: &'static str,
    /// One sentence for the docs and for editors.
    pub about: &'static str,
    /// An example, as it would be written in a file.
    pub example: &'static str,
    /// `true` if the environment can set it.
    pub has_variable: bool,
    /// The option that sets it for one run.
    pub flag: Flag,
    /// Writes its value into the settings of a run.
    pub apply: fn(&mut Draft, &Said, &Context<'_>) -> Result<(), ConfigError>,
}

/// The kind of a setting's value.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// `true` or `false`.
    Flag,
    /// Bytes: a number, or one with K, M or G.
    Size,
    /// A number from 0.
    Number,
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// A list of texts.
    List {
        /// The kind of its items.
        items: Items,
        /// `true` if a stronger source adds to the list, `false` if it replaces the list.
        adds: bool,
    },
    /// A table from rules to severities.
    Severities,
    /// A table from globs of paths to rules.
    RulesByPath,
}

/// The kind of a list's items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Items {
    /// Rule ids, or globs of them.
    Rules,
    /// Globs of paths.
    Paths,
    /// Files.
    Files,
    /// SHA-256 in hexadecimal.
    Digests,
    /// Regular expressions.
    Patterns,
    /// Words of a certain length.
    Words,
    /// Reasons for skipping something.
    Reasons,
    /// Any text.
    Values,
}

/// The option of a setting.
#[derive(Debug, Clone, Copy)]
pub enum Flag {
    /// It has none.
    None,
    /// An option without a value.
    Switch {
        /// Its name without the dashes.
        long: &'static str,
        /// The value that it gives the setting.
        sets: bool,
        /// The heading in `--help`.
        heading: &'static str,
        /// The text in `--help`.
        help: &'static str,
    },
    /// An option with a value. An option for a list can be given several times.
    Value {
        /// Its name without the dashes.
        long: &'static str,
        /// The name of the value in `--help`.
        value: &'static str,
        /// The heading in `--help`.
        heading: &'static str,
        /// The text in `--help`.
        help: &'static str,
    },
    /// An option with more values than the setting, which is therefore not made from this row.
    Own(&'static str),
}

impl Flag {
    /// The option's name without the dashes.
    pub fn long(&self) -> Option<&'static str> {
        match self {
            Flag::None => None,
            Flag::Switch { long, .. } | Flag::Value { long, .. } | Flag::Own(long) => Some(long),
        }
    }
}

impl Key {
    /// The environment variable that sets it.
    pub fn variable(&self) -> Option<String> {
        let name = self.name.to_ascii_uppercase().replace(['-', '.'], "_");
        self.has_variable.then(|| format!("HFSCAN_{name}"))
    }

    /// `true` if its value names rules.
    pub fn names_rules(&self) -> bool {
        match self.takes {
            Takes::List { items, .. } => items == Items::Rules,
            Takes::Severities | Takes::RulesByPath => true,
            Takes::Flag | Takes::Size | Takes::Number | Takes::Word(_) => false,
        }
    }
}
