//! Scans of git objects, in repositories made by the real git.

mod broken;
mod clones;
#[cfg(unix)]
mod extensions;
mod history;
mod layouts;
mod operations;
mod pointers;
mod push;
pub mod repo;
mod rewrite;
mod scope;
#[cfg(unix)]
mod special;
mod staged;
mod states;
mod submodules;
