//! What does not count, and why.

mod comment;
pub mod inline;
mod notebook;
pub mod overlap;

pub use inline::{IgnorePolicy, IgnoredBy, Ignores, Problem};
