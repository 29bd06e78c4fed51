//! An invalid setting.

use std::fmt;

/// An invalid setting: its location, the mistake, and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct ConfigError {
    /// `.hfscan.toml:3`, or the name of a variable or a flag.
    pub place: String,
    /// The mistake, and the expected value.
    pub message: String,
    /// The remedy, if known.
    pub help: Option<String>,
}

impl ConfigError {
    /// An error at `place`.
    pub fn new(place: impl fmt::Display, message: impl Into<String>) -> Self {
        Self { place: place.to_string(), message: message.into(), help: None }
    }

    /// The same error with `help`.
    pub fn with_help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
}

/// `did you mean …?`, if a name is similar.
pub(super) fn did_you_mean(name: &str, names: &[&str]) -> Option<String> {
    let near = crate::rule::nearest(name, names.iter().copied())?;
    Some(format!("did you mean `{near}`?"))
}
