//! Everything a user can see, and every promise that is larger than one file.
#![allow(missing_docs, clippy::unwrap_used)]

mod architecture;
mod config;
mod contexts;
mod docs;
mod examples;
mod input;
mod notebooks;
mod output;
mod recall;
mod setup;
mod support;
mod walk;

#[cfg(unix)]
mod ci;
#[cfg(unix)]
mod formats;
#[cfg(unix)]
mod hooks;
#[cfg(unix)]
mod packages;
#[cfg(unix)]
mod suppressions;
