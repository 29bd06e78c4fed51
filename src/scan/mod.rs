//! The pipeline from a source to the results of a scan.

mod barren;
mod claims;
mod collector;
mod comments;
mod excerpt;
mod fold;
mod job;
mod line_hash;
mod locate;
mod mask;
mod matched;
mod members;
mod name;
mod names;
mod nested;
mod notebook;
pub mod progress;
mod rows;
pub mod rules;
mod run;
mod scanner;
mod settings;
mod shown_line;
mod stretch;
mod text;
mod text_positions;
mod texts;
mod thread;
mod usage;
mod windows;

pub use job::{Project, Projects, Scan};
pub use locate::line_columns;
#[cfg(feature = "data")]
pub use mask::Masker;
pub use mask::masked;
#[cfg(feature = "redact")]
pub use nested::json_unescaped;
#[cfg(feature = "data")]
pub use nested::{end_of_string, json_string};
pub use notebook::PARTS;
pub use progress::Progress;
pub use rules::{RulesError, rule_names};
pub use scanner::{CompiledRules, Scanner};
pub use settings::{RuleText, Settings};
pub use text_positions::{TextPosition, TextPositions};
pub use texts::{Credential, Setting, TextFinding, Texts};
pub use usage::Usage;
