//! The capabilities of the terminal.

use super::scan_args::ColorWhen;
use std::io::IsTerminal;

/// Number of columns if standard output is not a terminal.
const DEFAULT_WIDTH: usize = 100;
/// Maximum number of columns; longer lines are hard to read.
const MAX_WIDTH: usize = 160;

/// `true` if colours are used on standard output.
///
/// Precedence: `--color`; `NO_COLOR`; `FORCE_COLOR` and `CLICOLOR_FORCE`; `CLICOLOR=0`; then `true`
/// on a terminal that is not `dumb` (<https://no-color.org>, <https://force-color.org>,
/// <https://bixense.com/clicolors>).
pub fn use_color(when: ColorWhen) -> bool {
    let value = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let forces = |name: &str| value(name).is_some_and(|value| value != *"0");
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto if value("NO_COLOR").is_some() => false,
        ColorWhen::Auto if forces("FORCE_COLOR") || forces("CLICOLOR_FORCE") => true,
        ColorWhen::Auto if value("CLICOLOR").is_some_and(|value| value == *"0") => false,
        ColorWhen::Auto => {
            std::io::stdout().is_terminal() && value("TERM").is_none_or(|term| term != *"dumb")
        }
    }
}

/// The number of columns of the output.
pub fn width() -> usize {
    known_width().unwrap_or(DEFAULT_WIDTH).clamp(40, MAX_WIDTH)
}

/// `true` if the width comes from a terminal or from the user.
pub fn has_width() -> bool {
    known_width().is_some()
}

fn known_width() -> Option<usize> {
    let asked = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    asked.or_else(|| {
        // The width of standard error does not apply to a piped report.
        let is_terminal = std::io::stdout().is_terminal();
        terminal_size::terminal_size()
            .filter(|_| is_terminal)
            .map(|(width, _)| usize::from(width.0))
    })
}
