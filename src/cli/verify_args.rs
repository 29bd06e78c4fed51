//! The command lines of `--verify`, `hfscan verify` and `hfscan revoke`.
#![cfg_attr(not(feature = "online"), allow(dead_code))]

use clap::{Args, ValueEnum};
use std::{ffi::OsString, path::PathBuf};

/// Asking the Hub about the tokens that a scan found.
#[derive(Debug, Default, Args)]
pub struct Verifying {
    /// Ask the Hub whether the tokens found are live, and what they may do: sends each once to
    /// huggingface.co, or to --endpoint
    #[arg(long, help_heading = "Verification")]
    pub verify: bool,
    /// Send without asking in the terminal
    #[arg(long, requires = "verify", help_heading = "Verification")]
    pub yes: bool,
    /// Let dead tokens count like others; otherwise they become `info` and fail nothing
    #[arg(long, requires = "verify", help_heading = "Verification")]
    pub dead_fails: bool,
    /// How to ask.
    #[command(flatten)]
    pub asking: Asking,
}

/// How to ask the Hub about tokens.
#[derive(Debug, Args)]
pub struct Asking {
    /// The Hub, which issued the tokens [default: HF_ENDPOINT if it is one of Hugging Face,
    /// else https://huggingface.co]
    #[arg(long, value_name = "URL", help_heading = "Verification")]
    pub endpoint: Option<String>,
    /// Ask about at most so many tokens, the worst first
    #[arg(long, value_name = "N", default_value_t = 50, help_heading = "Verification")]
    pub verify_limit: usize,
    /// Also report names, e-mail and organisations of the owner
    #[arg(long, help_heading = "Verification")]
    pub identity: bool,
    /// Report live tokens that are older than so many days
    #[arg(long, value_name = "DAYS", default_value_t = 90, help_heading = "Verification")]
    pub rotate_after: i64,
}

impl Default for Asking {
    fn default() -> Self {
        Self { endpoint: None, verify_limit: 50, identity: false, rotate_after: 90 }
    }
}

/// The tokens that a command is about: never arguments, which every process can read.
#[derive(Debug, Args)]
pub struct TokenInput {
    /// Refused: a token is no argument
    #[arg(value_name = "TOKEN", hide = true)]
    pub tokens: Vec<OsString>,
    /// Read the tokens that this JSON report names from the files again; otherwise they come
    /// from standard input, one per line
    #[arg(long, value_name = "REPORT")]
    pub from: Option<PathBuf>,
    /// The folder that the paths of the report are relative to
    #[arg(long, value_name = "DIR", default_value = ".", requires = "from")]
    pub path: PathBuf,
}

/// Which tokens to ask about.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 no token is live, 1 one is, 2 one has no answer.")]
pub struct VerifyArgs {
    /// The tokens.
    #[command(flatten)]
    pub input: TokenInput,
    /// Send without asking in the terminal
    #[arg(long)]
    pub yes: bool,
    /// How to write it
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: AnswerFormat,
    /// How to ask.
    #[command(flatten)]
    pub asking: Asking,
}

/// Which tokens to revoke.
#[derive(Debug, Args)]
#[command(after_help = "Without --yes-revoke nothing is sent. A revoked token never comes back.")]
pub struct RevokeArgs {
    /// The tokens.
    #[command(flatten)]
    pub input: TokenInput,
    /// Revoke them; asks for their number in the terminal
    #[arg(long)]
    pub yes_revoke: bool,
    /// The number of tokens, instead of typing it in the terminal
    #[arg(long, value_name = "N", requires = "yes_revoke")]
    pub count: Option<usize>,
    /// Also revoke tokens that this user is logged in with
    #[arg(long)]
    pub including_mine: bool,
    /// Ask the Hub about each token afterwards
    #[arg(long, requires = "yes_revoke")]
    pub verify: bool,
    /// The Hub, which issued the tokens [default: HF_ENDPOINT if it is one of Hugging Face,
    /// else https://huggingface.co]
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
}

/// How to write answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnswerFormat {
    /// One line a token
    Text,
    /// One JSON document
    Json,
}
