//! Finds Hugging Face credentials, and the habits that leak them, in repositories,
//! and says how to fix each.
//!
//! Data moves one way, from `source` through `detect` to `report`; a module names only
//! modules on lower floors. `docs/architecture.md` draws the house.

pub mod cli;
pub mod config;
pub mod decode;
pub mod detect;
pub mod judge;
pub mod language;
pub mod model;
pub mod report;
pub mod rule;
pub mod scan;
pub mod source;
pub mod suppress;
