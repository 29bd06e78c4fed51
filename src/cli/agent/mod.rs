//! `hfscan agent-hook`: looks at what a coding agent is about to send, run or read.

mod agent;
mod answer;
mod event;
mod hook;
mod look;
mod passage;
mod reads;
mod reason;
mod sight;

pub use agent::Agent;
pub use hook::run;
