//! Output formats, each one file.

mod json;
mod reporter;
mod text;

pub use reporter::{Report, Reporter, Style, Verbosity, revoke_url};

/// Every format; the first is the default.
pub const REPORTERS: &[&dyn Reporter] = &[&text::Text, &json::Json];

/// The format of this name.
pub fn reporter(name: &str) -> Option<&'static dyn Reporter> {
    REPORTERS.iter().copied().find(|reporter| reporter.name() == name)
}
