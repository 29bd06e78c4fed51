//! A severity or a confidence on the command line.

use crate::model::{Confidence, Severity};
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Takes the names of a scale, and lists them in the help.
pub fn levels<T: Level>() -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(T::names()).map(|name| T::named(&name))
}

/// A scale that can be named on the command line.
pub trait Level: Clone + Send + Sync + 'static {
    /// All names.
    fn names() -> Vec<&'static str>;
    /// What a name of the list stands for.
    fn named(name: &str) -> Self;
}

impl Level for Severity {
    fn names() -> Vec<&'static str> {
        Severity::ALL.iter().map(|one| one.as_str()).collect()
    }

    fn named(name: &str) -> Self {
        name.parse().expect("clap lets only the names through")
    }
}

impl Level for Confidence {
    fn names() -> Vec<&'static str> {
        Confidence::ALL.iter().map(|one| one.as_str()).collect()
    }

    fn named(name: &str) -> Self {
        name.parse().expect("clap lets only the names through")
    }
}
