//! `hfscan agent-hook`: scans the text that a coding agent is about to send, run or read.

mod answer;
mod event;
mod hook;
mod kind;
mod look;
mod passage;
mod reads;
mod reason;
mod shown;
mod sight;

pub use hook::run;
pub use kind::Agent;
