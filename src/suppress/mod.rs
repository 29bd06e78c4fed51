//! What does not count, and why.

pub mod overlap;
