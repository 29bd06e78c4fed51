//! Rules: data that says what to look for, why it matters, and what to write instead.

pub mod compile;
pub mod example;
pub mod glob;
mod located;
mod names;
pub mod opening;
pub mod pattern;
pub mod reach;
mod ready;
mod replacement;
pub mod schema;
pub mod set;

pub use compile::{RuleError, parse};
pub use glob::Globs;
pub use names::Names;
pub use opening::Opening;
pub use pattern::{Pattern, secret_of};
pub use reach::Reach;
pub use ready::{BindingMatcher, CommandMatcher, Judge, Matcher, Rule};
pub use schema::{
    Boundary, Example, Randomness, Reported, Says, Structure, ValueClass, ViewName, WordClass,
};
pub use set::{
    RuleSet, Selection, SelectionError, built_in, built_in_texts, built_in_to_run, nearest,
};
