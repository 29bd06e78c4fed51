//! The exit status.

/// No findings.
pub const CLEAN: u8 = 0;
/// Findings at or above `--fail-on`.
pub const FOUND: u8 = 1;
/// The result is incomplete or invalid.
pub const FAILED: u8 = 2;
