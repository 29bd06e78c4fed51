//! Everything a user can see, and every promise that is larger than one file.
#![allow(missing_docs, clippy::unwrap_used)]

mod architecture;
mod contexts;
mod examples;
mod fixtures;
mod idioms;
mod input;
mod output;
mod recall;
mod support;
mod walk;
