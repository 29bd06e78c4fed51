//! The command line of `hfscan redact`.

use super::{
    config_args::ConfigArgs,
    setting_args::{Selecting, SettingArgs},
};
use crate::model::Confidence;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Arguments of `hfscan redact`.
#[derive(Debug, Args)]
#[command(after_help = "Without --to and --in-place nothing is written: findings are listed, \
    and the status is 1 if there are any.\nFiles are read as streams and replaced by renaming: \
    the old file is unchanged until the end.")]
pub struct RedactArgs {
    /// The files: Parquet, JSON Lines, CSV, TSV, Arrow or text, by extension
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Write to OUT: a file, or a folder for several files and if it ends with `/`
    #[arg(long, value_name = "OUT", conflicts_with = "in_place")]
    pub to: Option<PathBuf>,
    /// Replace each file with its redacted version; links are refused
    #[arg(long)]
    pub in_place: bool,
    /// Only these columns, such as `text,messages[].content` [default: all with texts]
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// The format of the files, regardless of their names
    #[arg(long, value_name = "FORMAT")]
    pub file_format: Option<FileFormat>,
    /// Replacement for a credential: a text with `{rule}`, `{severity}` and, with a key,
    /// `{digest}`; or `same-length` [default: `<{rule}>`, with a key `<secret:{digest}>`]
    #[arg(long, value_name = "TEXT")]
    pub with: Option<String>,
    /// A file with a secret key of at least 16 random bytes: equal credentials have equal digests
    /// under the same key
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Minimum confidence of replaced findings
    #[arg(long, value_name = "CONFIDENCE", default_value = "high", value_parser = str::parse::<Confidence>)]
    pub min_confidence: Confidence,
    /// The file name that selects the rules for column values
    #[arg(long, value_name = "NAME", default_value = "row.txt")]
    pub value_name: String,
    /// Write the replaced spans as JSON Lines; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub places: Option<PathBuf>,
    /// The rules.
    #[command(flatten)]
    pub rules: SettingArgs<Selecting>,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// Apache Parquet
    Parquet,
    /// One JSON value per line
    Jsonl,
    /// Comma-separated fields
    Csv,
    /// Tab-separated fields
    Tsv,
    /// An Arrow IPC file or stream
    Arrow,
    /// Text
    Text,
}
