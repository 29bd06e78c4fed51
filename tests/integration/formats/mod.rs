//! Every format, written by the real binary for files with unusual names.

pub mod bench;
mod schemas;
mod structure;
mod traces;
mod workflow_commands;
