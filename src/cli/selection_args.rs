//! Which rules, on the command line.

use clap::Args;
use std::path::PathBuf;

/// Which rules.
#[derive(Debug, Clone, Args)]
pub struct SelectionArgs {
    /// Run only these rules: ids, globs or `tag:NAME`, separated by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub select: Vec<String>,
    /// Do not run these rules: ids, globs or `tag:NAME`, separated by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub ignore: Vec<String>,
    /// Add the rules of a file; may be given again
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub rules: Vec<PathBuf>,
}
