//! Tests of everything visible to users, and of every guarantee about more than one file.
#![allow(missing_docs, clippy::unwrap_used)]

mod agent;
mod architecture;
mod config;
mod containers;
mod contexts;
mod docs;
mod draws;
mod examples;
mod exit_status;
#[cfg(unix)]
mod fix;
mod fixtures;
mod git;
mod hints;
mod idioms;
#[cfg(unix)]
mod ignore_files;
mod input;
#[cfg(unix)]
mod interrupts;
#[cfg(unix)]
mod lsp;
mod names;
mod notebooks;
#[cfg(feature = "online")]
mod online;
mod output;
mod own_rules;
mod recall;
mod redact;
#[cfg(feature = "redact")]
mod redaction;
mod reports;
mod repository;
mod rule_page;
mod secrecy;
mod setup;
mod support;
mod tested;
mod texts;
mod twins;
mod upload;
mod walk;

#[cfg(unix)]
mod baselines;
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
