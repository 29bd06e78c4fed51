//! Rules over facts: bindings and commands that a language reader finds in a text.

mod binding;
mod block;
mod command;
mod rules;
mod selected;
mod setting;
mod value;
mod words;

pub use rules::{FactRules, can_read};
