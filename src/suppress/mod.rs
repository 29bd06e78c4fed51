//! What does not count, and why.

pub mod allowlist;
pub mod baseline;
mod comment;
pub mod inline;
mod notebook;
pub mod overlap;
mod scope;

pub use allowlist::{Allowed, Allowlist};
pub use baseline::{Baseline, BaselineError, Files, peer::PeerBaseline};
pub use inline::{IgnorePolicy, IgnoredBy, Ignores, MARKS, Problem};
