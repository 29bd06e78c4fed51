//! Scans of git objects, in repositories made by the real git.

mod broken;
mod history;
mod layouts;
mod operations;
mod pointers;
mod push;
mod repo;
mod rewrite;
mod scope;
mod staged;
mod states;
mod submodules;
