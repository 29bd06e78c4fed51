//! The command line of `hfscan hub`.
#![cfg_attr(not(feature = "online"), allow(dead_code))]

use super::{upload_args::Looking, verify_args::Verifying};
use crate::config::parse_size;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// The arguments of `hfscan hub`.
#[derive(Debug, Args)]
#[command(
    after_help = "The token comes from HF_TOKEN or --token-file; a cached login is never used.\n\
                        It is sent only to the Hub."
)]
pub struct HubArgs {
    /// A user, an organisation, a repository (`OWNER/NAME`, `datasets/…`, `spaces/…`), a bucket
    /// (`buckets/…`), a collection (`collections/…`), `hf://…@REVISION/PATH`, or a page's address
    #[arg(value_name = "TARGET", required = true)]
    pub targets: Vec<String>,
    /// Only these kinds of repositories of users and organisations
    #[arg(long = "type", value_name = "KIND", value_delimiter = ',', help_heading = "Hub")]
    pub kinds: Vec<HubKind>,
    /// The revision of repositories that are named without one [default: main]
    #[arg(long, value_name = "REVISION", conflicts_with = "all_refs", help_heading = "Hub")]
    pub rev: Option<String>,
    /// Scan every branch, tag, conversion and pull request
    #[arg(long, help_heading = "Hub")]
    pub all_refs: bool,
    /// Also scan discussions and pull requests, with earlier versions of edited comments
    #[arg(long, help_heading = "Hub")]
    pub discussions: bool,
    /// Also scan the history of each repository, which git clones into a temporary folder
    #[arg(long, help_heading = "Hub")]
    pub history: bool,
    /// Maximum number of repositories of each user or organisation
    #[arg(long, value_name = "N", default_value_t = 1000, help_heading = "Hub")]
    pub limit_repos: usize,
    /// Only repositories of users and organisations that changed since this date (RFC 3339)
    #[arg(long, value_name = "DATE", help_heading = "Hub")]
    pub since: Option<String>,
    /// List the files that would be read, and read none
    #[arg(long, help_heading = "Hub")]
    pub list: bool,
    /// Read texts over 8 MiB completely, not only both ends
    #[arg(long, help_heading = "Hub")]
    pub full: bool,
    /// Do not fail because a large text was only sampled
    #[arg(long, conflicts_with = "full", help_heading = "Hub")]
    pub sample_ok: bool,
    /// Maximum number of file bytes to transfer
    #[arg(long, value_name = "SIZE", default_value = "2G", value_parser = parse_size, help_heading = "Hub")]
    pub max_bytes: u64,
    /// Cache pieces of files in DIR, so that a stopped scan can resume; they contain the files'
    /// data
    #[arg(long, value_name = "DIR", help_heading = "Hub")]
    pub store: Option<PathBuf>,
    /// A file that contains the token
    #[arg(long, value_name = "FILE", conflicts_with = "anonymous", help_heading = "Hub")]
    pub token_file: Option<PathBuf>,
    /// Send no token
    #[arg(long, help_heading = "Hub")]
    pub anonymous: bool,
    /// Verification of the tokens found; its endpoint is also that of the scan.
    #[command(flatten)]
    pub verifying: Verifying,
    /// Options of the scan.
    #[command(flatten)]
    pub looking: Looking,
}

/// A kind of repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HubKind {
    /// Models
    Model,
    /// Data sets
    Dataset,
    /// Spaces
    Space,
    /// Buckets
    Bucket,
}
