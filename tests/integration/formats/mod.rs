//! Every format, written by the real binary about files with nasty names.

pub mod bench;
mod schemas;
mod structure;
mod traces;
mod workflow_commands;
