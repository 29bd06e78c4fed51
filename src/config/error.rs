//! A setting that cannot be used.

use std::fmt;

/// A setting that cannot be used: where it stands, what is wrong, and the way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct ConfigError {
    /// `.hfscan.toml:3`, or the name of a variable or a flag.
    pub place: String,
    /// What is wrong, and what was expected.
    pub message: String,
    /// The way out, where there is one to tell.
    pub help: Option<String>,
}

impl ConfigError {
    /// An error at a place.
    pub fn new(place: impl fmt::Display, message: impl Into<String>) -> Self {
        Self { place: place.to_string(), message: message.into(), help: None }
    }

    /// The same, with the way out.
    pub fn with_help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
}

/// `did you mean …?`, where a name is near.
pub(super) fn did_you_mean(name: &str, names: &[&str]) -> Option<String> {
    let near = crate::rule::nearest(name, names.iter().copied())?;
    Some(format!("did you mean `{near}`?"))
}
