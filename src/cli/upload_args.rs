//! The command line of `hfscan upload`.

use super::{
    config_args::ConfigArgs,
    scan_args::{BaselineChoice, OutputArgs},
    setting_args::{SettingArgs, Uploading},
    work_args::WorkArgs,
};
use clap::{Args, ValueEnum};
use std::{ffi::OsString, path::PathBuf};

/// Arguments of `hfscan upload`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing is sent: the files are chosen as `hf upload` of huggingface_hub 2.4.0 \
                        chooses them.\n`hfscan hf-upload ARGS...` scans an upload, then runs it."
)]
pub struct UploadArgs {
    /// The folder, the file, or the pattern of files to upload
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// The upload.
    #[command(flatten)]
    pub choice: UploadChoice,
    /// The repository or bucket, and the folder in it; for a single file, its name there
    #[arg(long, value_name = "OWNER/REPO[/SUB]", help_heading = "Upload")]
    pub to: Option<String>,
    /// The kind of repository
    #[arg(long, visible_alias = "type", value_name = "TYPE", help_heading = "Upload")]
    pub repo_type: Option<RepoType>,
    /// An upload to a bucket (`hf sync`), which uses no built-in patterns and no `.gitignore`
    #[arg(long, conflicts_with_all = ["repo_type", "hosted_gitignore"], help_heading = "Upload")]
    pub bucket: bool,
    /// The filter file of an upload to a bucket
    #[arg(long, value_name = "FILE", requires = "bucket", help_heading = "Upload")]
    pub filter_from: Option<PathBuf>,
    /// The `.gitignore` in the repository on the Hub, used if the upload contains none
    #[arg(long, value_name = "FILE", help_heading = "Upload")]
    pub hosted_gitignore: Option<PathBuf>,
    /// Options of the scan.
    #[command(flatten)]
    pub looking: Looking,
}

/// Options that select the files.
#[derive(Debug, Default, Args)]
pub struct UploadChoice {
    /// Upload only files that match the pattern, as in `hf upload`; can be given several times
    #[arg(long, value_name = "PATTERN", help_heading = "Upload")]
    pub include: Option<Vec<String>>,
    /// Do not upload files that match the pattern, as in `hf upload`: the whole path must match,
    /// and `*` also matches `/`; can be given several times
    #[arg(long, value_name = "PATTERN", help_heading = "Upload")]
    pub exclude: Vec<String>,
    /// If the repository does not exist, create it as private
    #[arg(long, help_heading = "Upload")]
    pub private: bool,
}

/// Arguments of `hfscan hf-upload`.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub struct HfUploadArgs {
    /// The arguments of `hf upload`; `--check` before them only scans, and uploads nothing
    #[arg(value_name = "ARGUMENT", trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<OsString>,
}

/// Options of the scan of an upload.
#[derive(Debug, Args)]
pub struct Looking {
    /// Options for parallelism
    #[command(flatten)]
    pub work: WorkArgs,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The settings
    #[command(flatten)]
    pub settings: SettingArgs<Uploading>,
    /// Known findings
    #[command(flatten)]
    pub baseline: BaselineChoice,
    /// Reports
    #[command(flatten)]
    pub output: OutputArgs,
    /// Exit with 0 despite findings; failures still exit with 2
    #[arg(long, help_heading = "Exit status")]
    pub exit_zero: bool,
}

/// A kind of repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RepoType {
    /// A model
    Model,
    /// A data set
    Dataset,
    /// A Space
    Space,
    /// A kernel
    Kernel,
}
