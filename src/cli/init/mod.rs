//! `hfscan init`: sets up a repository, or the hooks of coding agents.

mod agent;
mod insert;
mod run;
mod step;

pub use run::run;
