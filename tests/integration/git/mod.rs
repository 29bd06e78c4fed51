//! What hfscan reads from git, with repositories made by the real one.

mod broken;
mod history;
mod layouts;
mod pointers;
mod push;
mod repo;
mod rewrite;
mod scope;
mod staged;
mod states;
mod submodules;
