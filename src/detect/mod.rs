//! Detection: turns rules and texts into judged candidates.

mod awake;
mod candidate;
mod decoding;
mod engine;
mod example;
mod facts;
mod ids;
mod judgement;
mod keyring;
mod keywords;
mod memory;
mod prefilter;
mod proof;
pub mod repository;
mod waking;

pub use awake::Rows;
pub use candidate::{Candidate, Real, Text, Verdict};
pub use engine::{Engine, MAX_SECRET, Parts, Scratch};
pub use example::outcome_of;
pub use keywords::MAX_REACH;
pub use memory::{Remembered, Version};
pub use proof::{Unseen, unseen};
