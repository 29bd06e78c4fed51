//! Detection: rules and texts in, judged candidates out.

pub mod candidate;
pub mod engine;
mod facts;
mod judgement;
mod prefilter;
pub mod repository;

pub use candidate::{Candidate, Real, Verdict};
pub use engine::{Engine, MAX_KEYWORD, MAX_SECRET, Scratch, Text};
