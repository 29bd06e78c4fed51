//! Detection: rules and texts in, judged candidates out.

pub mod candidate;
mod common_pieces;
pub mod engine;
mod facts;
mod judgement;
mod pieces;
mod prefilter;
pub mod repository;
mod sampled;

pub use candidate::{Candidate, Real, Verdict};
pub use engine::{Engine, MAX_REACH, MAX_SECRET, Scratch, Text};
