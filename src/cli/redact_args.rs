//! The command line of `hfscan redact`.

use super::{
    config_args::ConfigArgs,
    setting_args::{Selecting, SettingArgs},
};
use crate::model::Confidence;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What to redact, and how.
#[derive(Debug, Args)]
#[command(after_help = "Without --to and --in-place nothing is written: the places are listed, \
    and the status is 1 if there are any.\nhfscan reads a file piece by piece, and writes by \
    renaming: until the end the old file is there as it was.")]
pub struct RedactArgs {
    /// The files: Parquet, JSON Lines, CSV, TSV, Arrow or text, by their endings
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Write to OUT: a file, or a folder for several files
    #[arg(long, value_name = "OUT", conflicts_with = "in_place")]
    pub to: Option<PathBuf>,
    /// Write each redacted file in the place of the old one
    #[arg(long)]
    pub in_place: bool,
    /// Only these columns, such as `text,messages[].content`; all with texts without
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// The format of the files, whatever their names
    #[arg(long, value_name = "FORMAT")]
    pub file_format: Option<FileFormat>,
    /// What stands in the place of a credential: a text with `{rule}`, `{severity}` and, with
    /// a key, `{digest}`; or `same-length` [default: `<{rule}>`, with a key `<secret:{digest}>`]
    #[arg(long, value_name = "TEXT")]
    pub with: Option<String>,
    /// A file with a secret key of at least 16 random bytes: the same credential has the same
    /// digest under it
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// The least confidence of what is replaced
    #[arg(long, value_name = "CONFIDENCE", default_value = "high", value_parser = str::parse::<Confidence>)]
    pub min_confidence: Confidence,
    /// The file name that values of columns are read by
    #[arg(long, value_name = "NAME", default_value = "row.txt")]
    pub value_name: String,
    /// Write where what was replaced, as JSON Lines; `-` is standard output
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
    /// A value of JSON in each line
    Jsonl,
    /// Fields with commas between them
    Csv,
    /// Fields with tabs between them
    Tsv,
    /// A file or a stream of Arrow
    Arrow,
    /// Text
    Text,
}
