//! Decides which findings are suppressed, and records the reasons.

pub mod allowlist;
pub mod baseline;
mod comment;
pub mod inline;
mod notebook;
mod overlap;
mod policy;
mod scope;
pub mod stage;

pub use allowlist::{Allowed, Allowlist};
pub use baseline::{AppliedBaseline, Baseline, BaselineError, Files, peer::PeerBaseline};
pub use inline::{Ignores, MARKS, Problem};
pub use policy::{CommentPolicy, Policy};
pub use stage::{Comments, Sifted};
