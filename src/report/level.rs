//! The three levels that most platforms know.

use crate::model::Severity;

/// The level of a finding on a platform, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Advice.
    Note,
    /// To be looked at.
    Warning,
    /// To be repaired.
    Error,
}

impl Level {
    /// All levels, from most to least.
    pub const ALL: [Level; 3] = [Level::Error, Level::Warning, Level::Note];

    /// The level of a severity.
    pub fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Level::Error,
            Severity::Medium => Level::Warning,
            Severity::Low | Severity::Info => Level::Note,
        }
    }
}
