//! Colours of the text report.

use crate::model::Severity;
use anstyle::{AnsiColor, Style as Ansi};
use std::io::{self, Write};

/// The colour of the frame around a source line.
pub const GUTTER: Ansi = AnsiColor::BrightBlue.on_default().bold();
/// The colour of warnings.
pub const WARNING: Ansi = AnsiColor::Yellow.on_default().bold();
/// The colour of a clean result.
pub const CLEAN: Ansi = AnsiColor::Green.on_default().bold();

/// A style, empty without colours: `{}` starts it, `{:#}` ends it.
#[derive(Debug, Clone, Copy)]
pub struct Tint(pub Ansi);

impl std::fmt::Display for Tint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if f.alternate() { write!(f, "{:#}", self.0) } else { write!(f, "{}", self.0) }
    }
}

/// The column of line numbers.
#[derive(Debug, Clone, Copy)]
pub struct Gutter {
    /// Its width.
    pub width: usize,
    /// Its colour.
    pub style: Tint,
}

impl Gutter {
    /// Writes an empty line of the frame.
    ///
    /// # Errors
    /// Returns an error if `out` cannot be written to.
    pub fn bar(self, out: &mut dyn Write) -> io::Result<()> {
        let style = self.style;
        writeln!(out, "{:1$} {style}|{style:#}", "", self.width)
    }
}

/// The colour of a severity.
pub fn of_severity(severity: Severity) -> Ansi {
    match severity {
        Severity::Critical | Severity::High => AnsiColor::Red.on_default().bold(),
        Severity::Medium => AnsiColor::Yellow.on_default().bold(),
        Severity::Low => AnsiColor::Cyan.on_default().bold(),
        Severity::Info => AnsiColor::Green.on_default().bold(),
    }
}
