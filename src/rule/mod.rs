//! Rules: data that defines what to find, why it matters, and what to write instead.

mod alternatives;
mod built_in;
pub mod compile;
mod compiler;
mod derive;
pub mod example;
pub mod glob;
mod json_schema;
mod keyword_gate;
mod late_literal;
mod located;
mod names;
pub mod nearest;
pub mod opening;
mod pack;
pub mod pattern;
pub mod reach;
mod ready;
mod replacement;
mod rule_file;
pub mod schema;
mod selection;
pub mod set;
pub mod tags;
mod unpack;
mod words;

pub use alternatives::alternatives;
pub use built_in::built_in_files;
pub use compile::parse;
pub use glob::Globs;
pub use json_schema::json_schema;
pub use keyword_gate::KeywordGate;
pub use names::Names;
pub use nearest::nearest;
pub use opening::Opening;
pub use pattern::{Pattern, secret_of};
pub use reach::Reach;
pub use ready::{BindingMatcher, CommandMatcher, Condition, Judge, Matcher, Rule, Surroundings};
pub use replacement::expression;
pub use rule_file::RuleError;
pub use schema::{
    Boundary, Example, OwnFix, Randomness, Reported, Says, Structure, ValueClass, ViewName,
    WordClass,
};
pub use selection::{RuleNames, Selection, SelectionError};
pub use set::{BUILT_IN_DIGEST, RuleSet, built_in, built_in_to_run};
pub use words::general;
