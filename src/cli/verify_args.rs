//! The command lines of `--verify`, `hfscan verify` and `hfscan revoke`.
#![cfg_attr(not(feature = "online"), allow(dead_code))]

use clap::{Args, ValueEnum};
use std::{ffi::OsString, path::PathBuf};

/// Options for verifying the tokens that a scan found.
#[derive(Debug, Default, Args)]
pub struct Verifying {
    /// Ask the Hub whether the tokens found are live, and what they may do: sends each once to
    /// huggingface.co, or to --endpoint
    #[arg(long, help_heading = "Verification")]
    pub verify: bool,
    /// Do not ask before sending
    #[arg(long, requires = "verify", help_heading = "Verification")]
    pub yes: bool,
    /// Treat dead tokens like others; by default they become `info` and do not fail the run
    #[arg(long, requires = "verify", help_heading = "Verification")]
    pub dead_fails: bool,
    /// Options of the verification.
    #[command(flatten)]
    pub asking: Asking,
}

/// Options of the verification.
#[derive(Debug, Args)]
pub struct Asking {
    /// The Hub, which issued the tokens [default: HF_ENDPOINT if it is one of Hugging Face,
    /// else https://huggingface.co]
    #[arg(long, value_name = "URL", help_heading = "Verification")]
    pub endpoint: Option<String>,
    /// Maximum number of tokens to verify, most severe first
    #[arg(long, value_name = "N", default_value_t = 50, help_heading = "Verification")]
    pub verify_limit: usize,
    /// Also report the owner's names, e-mail addresses and organisations
    #[arg(long, help_heading = "Verification")]
    pub identity: bool,
    /// Report live tokens that are older than this number of days
    #[arg(long, value_name = "DAYS", default_value_t = 90, help_heading = "Verification")]
    pub rotate_after: i64,
}

impl Default for Asking {
    fn default() -> Self {
        Self { endpoint: None, verify_limit: 50, identity: false, rotate_after: 90 }
    }
}

/// The tokens of a command. Arguments are refused, since every process can read them.
#[derive(Debug, Args)]
pub struct TokenInput {
    /// Refused: tokens are not accepted as arguments
    #[arg(value_name = "TOKEN", hide = true)]
    pub tokens: Vec<OsString>,
    /// Read the tokens of this JSON report from the scanned files again; by default they come from
    /// standard input, one per line
    #[arg(long, value_name = "REPORT")]
    pub from: Option<PathBuf>,
    /// The folder that the paths of the report are relative to
    #[arg(long, value_name = "DIR", default_value = ".", requires = "from")]
    pub path: PathBuf,
}

/// Arguments of `hfscan verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 no token is live, 1 a token is live, 2 a token could not be verified."
)]
pub struct VerifyArgs {
    /// The tokens.
    #[command(flatten)]
    pub input: TokenInput,
    /// Do not ask before sending
    #[arg(long)]
    pub yes: bool,
    /// The output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: AnswerFormat,
    /// Options of the verification.
    #[command(flatten)]
    pub asking: Asking,
}

/// Arguments of `hfscan revoke`.
#[derive(Debug, Args)]
#[command(after_help = "Without --yes-revoke nothing is sent. Revocation is permanent.")]
pub struct RevokeArgs {
    /// The tokens.
    #[command(flatten)]
    pub input: TokenInput,
    /// Revoke the tokens; asks for their number in the terminal
    #[arg(long)]
    pub yes_revoke: bool,
    /// The number of tokens, so that it is not asked
    #[arg(long, value_name = "N", requires = "yes_revoke")]
    pub count: Option<usize>,
    /// Also revoke tokens with which this user is logged in
    #[arg(long)]
    pub including_mine: bool,
    /// Verify each token afterwards
    #[arg(long, requires = "yes_revoke")]
    pub verify: bool,
    /// The Hub, which issued the tokens [default: HF_ENDPOINT if it is one of Hugging Face,
    /// else https://huggingface.co]
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
}

/// The output format of `hfscan verify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnswerFormat {
    /// One line per token
    Text,
    /// One JSON document
    Json,
}
