//! Detection: rules and texts in, judged candidates out.

mod buckets;
mod candidate;
mod commonness;
mod decoding;
mod engine;
mod facts;
mod ids;
mod judgement;
mod keyring;
mod keywords;
mod known;
mod memory;
mod pieces;
mod prefilter;
pub mod repository;
#[cfg(target_arch = "x86_64")]
mod vectors;
mod waking;

pub use candidate::{Candidate, Real, Text, Verdict};
pub use engine::{Engine, MAX_SECRET, Parts, Scratch};
pub use keywords::MAX_REACH;
pub use memory::{Remembered, Version};
