//! Severities in SARIF and on its platforms.

use crate::{model::Severity, report::level::Level};

/// The `level` of a result.
pub fn level(severity: Severity) -> &'static str {
    match Level::of(severity) {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// The rank from 0.0 to 100.0: ten times the `security-severity`.
pub fn rank(severity: Severity) -> f64 {
    security_severity(severity) * 10.0
}

/// The `security-severity` of a severity. Platforms map it: above 9.0 critical, from 7.0 high, from
/// 4.0 medium, from 0.1 low, 0.0 none
/// (<https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>).
pub fn security_severity(severity: Severity) -> f64 {
    match severity {
        Severity::Critical => 9.5,
        Severity::High => 8.0,
        Severity::Medium => 5.5,
        Severity::Low => 2.5,
        Severity::Info => 0.0,
    }
}
