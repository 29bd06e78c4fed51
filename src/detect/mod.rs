//! Detection: rules and texts in, judged candidates out.

#[cfg(target_arch = "x86_64")]
mod avx2;
pub mod candidate;
mod commonness;
pub mod engine;
mod facts;
mod judgement;
mod keywords;
mod nibbles;
mod pieces;
mod prefilter;
pub mod repository;
mod sampled;
pub mod versions;

pub use candidate::{Candidate, Real, Verdict};
pub use engine::{Engine, MAX_SECRET, Scratch, Text};
pub use keywords::MAX_REACH;
pub use versions::Remembered;
