//! What does not count, and why.

pub mod allowlist;
mod comment;
pub mod inline;
mod notebook;
pub mod overlap;

pub use allowlist::{Allowed, Allowlist};
pub use inline::{IgnorePolicy, IgnoredBy, Ignores, Problem};
