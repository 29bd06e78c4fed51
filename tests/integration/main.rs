//! Everything a user can see, and every promise that is larger than one file.
#![allow(missing_docs, clippy::unwrap_used)]

mod examples;

#[cfg(unix)]
mod baselines;
#[cfg(unix)]
mod formats;
#[cfg(unix)]
mod suppressions;
