//! A row in the table of settings.

use super::{
    draft::{Context, Draft},
    error::ConfigError,
    layer::Said,
};

/// The definition of a setting, except the code that uses its value.
///
/// The readers of files, environment and command line, `hfscan config show`, the JSON Schema and
/// the pages of the docs are generated from these rows.
#[derive(Debug)]
pub struct Key {
    /// The name in a file; `allow.paths` is in the table `[allow]`.
    pub name: &'static str,
    /// The type of its value.
    pub takes: Takes,
    /// The default value, as written in a file.
    pub default: &'static str,
    /// A one-sentence description for the docs and for editors.
    pub about: &'static str,
    /// An example, as written in a file.
    pub example: &'static str,
    /// `true` if an environment variable can set it.
    pub has_variable: bool,
    /// The command-line option.
    pub flag: Flag,
    /// Applies the value to the settings of a run.
    pub apply: fn(&mut Draft, &Said, &Context<'_>) -> Result<(), ConfigError>,
}

/// The type of a setting's value.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// `true` or `false`.
    Flag,
    /// A size: a number of bytes, or one with K, M or G.
    Size,
    /// A non-negative integer.
    Number,
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// A list of strings.
    List {
        /// The type of its items.
        items: Items,
        /// `true` if a source of higher precedence extends the list, `false` if it replaces the
        /// list.
        adds: bool,
    },
    /// A table from rules to severities.
    Severities,
    /// A table from globs of paths to rules.
    RulesByPath,
}

/// The type of a list's items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Items {
    /// Rule ids or globs.
    Rules,
    /// Path globs.
    Paths,
    /// File paths.
    Files,
    /// SHA-256 in hexadecimal.
    Digests,
    /// Regular expressions.
    Patterns,
    /// Words of a minimum length.
    Words,
    /// Skip reasons.
    Reasons,
    /// Any string.
    Values,
}

/// The option of a setting.
#[derive(Debug, Clone, Copy)]
pub enum Flag {
    /// None.
    None,
    /// An option without a value.
    Switch {
        /// Its name without the dashes.
        long: &'static str,
        /// The value that it sets.
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
    /// An option that also takes other values, and so is not generated from this row.
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
