//! What the terminal can show.

use super::scan_args::ColorWhen;
use std::io::IsTerminal;

/// Columns where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 100;
/// Lines longer than this are hard to read, however wide the terminal is.
const MAX_WIDTH: usize = 160;

/// Whether to use colour in what goes to standard output.
///
/// `--color` decides; then `NO_COLOR`, then `FORCE_COLOR` and `CLICOLOR_FORCE`, then
/// `CLICOLOR=0`; then whether it is a terminal, and not a `dumb` one
/// (<https://no-color.org>, <https://force-color.org>, <https://bixense.com/clicolors>).
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

/// Columns to write in.
pub fn width() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let found = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    asked.or(found).unwrap_or(DEFAULT_WIDTH).clamp(40, MAX_WIDTH)
}
