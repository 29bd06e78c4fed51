//! The pipeline from a source to the results of a scan.

mod claims;
mod collector;
mod comments;
mod excerpt;
mod fold;
mod job;
mod line_hash;
mod locate;
mod matched;
mod members;
mod name;
mod notebook;
pub mod progress;
mod rows;
pub mod rules;
mod run;
mod scanner;
mod settings;
mod stretch;
mod text;
mod thread;
mod windows;

pub use job::Scan;
pub use notebook::PARTS;
pub use progress::Progress;
pub use rules::{RulesError, rule_names};
pub use scanner::Scanner;
pub use settings::{RuleText, Settings};
