//! The settings from one source: a file, the environment or the command line.

use crate::model::Severity;
use std::{collections::BTreeMap, fmt, path::Path, sync::Arc};

/// The source of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file of the project, or one given by the user.
    File {
        /// The file's path for messages.
        name: Arc<str>,
        /// Its folder, the base of its globs and files.
        folder: Arc<Path>,
        /// The line, counted from 1.
        line: usize,
    },
    /// An environment variable.
    Variable(String),
    /// A command-line option, by its name without the dashes.
    Flag(&'static str),
}

impl Origin {
    /// `true` for a configuration file.
    pub fn is_file(&self) -> bool {
        matches!(self, Self::File { .. })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File { name, line, .. } => write!(f, "{name}:{line}"),
            Origin::Variable(name) => f.write_str(name),
            Origin::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// A value and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// The source.
    pub origin: Origin,
}

/// Names, globs or paths, each with its source.
pub type List = Vec<Sourced<String>>;

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// An on/off setting.
    Flag(Sourced<bool>),
    /// A number, or a size in bytes.
    Number(Sourced<u64>),
    /// A word from a fixed list, checked by the reader.
    Word(Sourced<String>),
    /// A list.
    List(List),
    /// Severities by rule.
    Severities(Vec<(Sourced<String>, Severity)>),
    /// Rules by glob of paths.
    RulesByPath(Vec<(Sourced<String>, List)>),
}

impl Said {
    /// `true` if the setting is on.
    pub fn is_on(&self) -> bool {
        matches!(self, Self::Flag(Sourced { value: true, .. }))
    }

    /// The number, with its source.
    pub fn number(&self) -> Option<&Sourced<u64>> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    /// The word, parsed as `T`.
    pub fn word<T: std::str::FromStr>(&self) -> Option<T> {
        if let Self::Word(word) = self { word.value.parse().ok() } else { None }
    }

    /// The entries of the list.
    pub fn list(&self) -> &[Sourced<String>] {
        if let Self::List(list) = self { list } else { &[] }
    }

    /// The entries of the list, without their sources.
    pub fn texts(&self) -> impl Iterator<Item = String> + '_ {
        self.list().iter().map(|one| one.value.clone())
    }
}

/// The settings from one source, by name. Settings that it does not contain are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer(BTreeMap<&'static str, Said>);

impl Layer {
    /// Sets a value. An empty list is ignored.
    pub fn set(&mut self, name: &'static str, said: Said) {
        let is_empty = match &said {
            Said::List(list) => list.is_empty(),
            Said::Severities(list) => list.is_empty(),
            Said::RulesByPath(list) => list.is_empty(),
            Said::Flag(_) | Said::Number(_) | Said::Word(_) => false,
        };
        if !is_empty {
            self.0.insert(name, said);
        }
    }

    /// The value of the setting with this name, if present.
    pub fn get(&self, name: &str) -> Option<&Said> {
        self.0.get(name)
    }

    /// Removes the setting with this name and returns its value.
    pub fn take(&mut self, name: &str) -> Option<Said> {
        self.0.remove(name)
    }
}
