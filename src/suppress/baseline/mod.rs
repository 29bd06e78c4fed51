//! Baselines: accepted findings, so that only new ones are reported.

mod applied;
mod entries;
mod file;
pub mod key;
mod matching;
pub mod peer;
mod renewal;

pub use applied::AppliedBaseline;
pub use entries::Baseline;
pub use file::BaselineError;
pub use renewal::Files;

/// The name of the baseline in the repository's root.
pub const DEFAULT_NAME: &str = ".hfscan-baseline.json";
