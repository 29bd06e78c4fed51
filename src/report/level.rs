//! The three levels of most platforms.

use crate::model::Severity;

/// The level of a finding on a platform, in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Informational.
    Note,
    /// Should be reviewed.
    Warning,
    /// Must be fixed.
    Error,
}

impl Level {
    /// All levels, in descending order.
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
