//! What one place says: a file, the environment or the command line.

use super::key::{KEYS, Slot};
use std::{fmt, sync::Arc};

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file of the project, or one that the user named.
    File {
        /// The file as messages name it.
        name: Arc<str>,
        /// The line, from 1.
        line: usize,
    },
    /// A variable of the environment.
    Variable(String),
    /// An option of the command line.
    Flag(&'static str),
}

impl Origin {
    /// Whether it is a configuration file.
    pub fn is_file(&self) -> bool {
        matches!(self, Self::File { .. })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File { name, line } => write!(f, "{name}:{line}"),
            Origin::Variable(name) => f.write_str(name),
            Origin::Flag(name) => f.write_str(name),
        }
    }
}

/// A value, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// Names, globs or paths, each with where it comes from.
pub type List = Vec<Sourced<String>>;

/// What one place says. What it does not speak of is `None` or empty.
///
/// What is one of a few words is kept as the word: whoever reads it has seen to it that
/// it is one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)] // `KEYS` says what each means.
pub struct Layer {
    pub select: List,
    pub ignore: List,
    pub rules: List,
    pub exclude: List,
    pub ignore_files: Option<Sourced<bool>>,
    pub max_file_size: Option<Sourced<u64>>,
    pub containers: Option<Sourced<bool>>,
    pub max_depth: Option<Sourced<u64>>,
    pub max_entries: Option<Sourced<u64>>,
    pub max_expanded_size: Option<Sourced<u64>>,
    pub max_container_time: Option<Sourced<u64>>,
    pub min_severity: Option<Sourced<String>>,
    pub min_confidence: Option<Sourced<String>>,
    pub fail_on: Option<Sourced<String>>,
    pub format: Option<Sourced<String>>,
    pub inline_ignores: Option<Sourced<bool>>,
    pub require_reason: Option<Sourced<bool>>,
    pub author_email: Option<Sourced<bool>>,
    pub severity: Vec<(Sourced<String>, String)>,
    pub per_path: Vec<(Sourced<String>, List)>,
    pub allow: AllowLayer,
}

/// What one place allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)] // `KEYS` says what each means.
pub struct AllowLayer {
    pub values: List,
    pub sha256: List,
    pub patterns: List,
    pub paths: List,
    pub stop_words: List,
}

impl Layer {
    /// What this and `lower` say together: this speaks first, and lists that add up are
    /// put after those of `lower`.
    pub fn over(mut self, mut lower: Layer) -> Layer {
        for key in KEYS {
            match key.slot {
                Slot::Flag(field) => keep(field(&mut self), field(&mut lower)),
                Slot::Size(field) | Slot::Number(field) => {
                    keep(field(&mut self), field(&mut lower))
                }
                Slot::Word { field, .. } => keep(field(&mut self), field(&mut lower)),
                Slot::List { field, adds: true, .. } => {
                    field(&mut lower).append(field(&mut self));
                    std::mem::swap(field(&mut self), field(&mut lower));
                }
                Slot::List { field, adds: false, .. } => {
                    if field(&mut self).is_empty() {
                        std::mem::swap(field(&mut self), field(&mut lower));
                    }
                }
                Slot::Severities => {
                    lower.severity.append(&mut self.severity);
                    std::mem::swap(&mut self.severity, &mut lower.severity);
                }
                Slot::RulesByPath => {
                    lower.per_path.append(&mut self.per_path);
                    std::mem::swap(&mut self.per_path, &mut lower.per_path);
                }
            }
        }
        self
    }
}

fn keep<T>(higher: &mut Option<T>, lower: &mut Option<T>) {
    if higher.is_none() {
        *higher = lower.take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(value: &str) -> Sourced<String> {
        Sourced { value: value.into(), origin: Origin::Flag("--x") }
    }

    #[test]
    fn a_higher_place_decides_and_what_is_left_out_adds_up() {
        let lower = Layer {
            select: vec![flag("a")],
            exclude: vec![flag("low")],
            fail_on: Some(flag("low")),
            format: Some(flag("json")),
            ..Layer::default()
        };
        let higher = Layer {
            select: vec![flag("b")],
            exclude: vec![flag("high")],
            fail_on: Some(flag("high")),
            ..Layer::default()
        };
        let both = higher.over(lower);
        assert_eq!(both.select, [flag("b")]);
        assert_eq!(both.exclude, [flag("low"), flag("high")]);
        assert_eq!((both.fail_on, both.format), (Some(flag("high")), Some(flag("json"))));
    }
}
