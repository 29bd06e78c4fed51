//! Detection: rules and texts in, judged candidates out.

mod buckets;
pub mod candidate;
mod commonness;
pub mod engine;
mod facts;
mod judgement;
mod keywords;
mod known;
mod pieces;
mod prefilter;
pub mod repository;
#[cfg(target_arch = "x86_64")]
mod vectors;
pub mod versions;

pub use candidate::{Candidate, Real, Verdict};
pub use engine::{Engine, MAX_SECRET, Scratch, Text};
pub use keywords::MAX_REACH;
pub use versions::Remembered;
