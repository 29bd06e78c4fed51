//! Everything a user can see, and every promise that is larger than one file.
#![allow(missing_docs, clippy::unwrap_used)]

mod examples;
mod git;
