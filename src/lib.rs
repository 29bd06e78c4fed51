//! Finds Hugging Face credentials, and the habits that leak them, in repositories,
//! and says how to fix each.
//!
//! The floors, from the bottom: [`model`]; [`rule`], [`language`], …; see
//! `docs/architecture.md`.

pub mod language;
pub mod model;
pub mod rule;
