//! How far containers are opened, on the command line.

use crate::config::parse_size;
use clap::Args;

/// How far archives, model files, databases and data sets are opened.
#[derive(Debug, Clone, Default, Args)]
pub struct ContainerArgs {
    /// Open no archives, model files, databases and data sets: scan them as they are
    #[arg(long, help_heading = "Containers")]
    pub no_containers: bool,
    /// Open at most so many containers within each other; 0 opens none [default: 4]
    #[arg(long, value_name = "N", help_heading = "Containers")]
    pub max_depth: Option<u64>,
    /// Open at most so many members of a file, at every depth together [default: 1000000]
    #[arg(long, value_name = "N", help_heading = "Containers")]
    pub max_entries: Option<u64>,
    /// Unpack at most so many bytes of a file: a number, or with K, M or G [default: 64G]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, help_heading = "Containers")]
    pub max_expanded_size: Option<u64>,
    /// Take at most so long over a container, besides a second for each 4 MiB of its size
    /// [default: 20]
    #[arg(long, value_name = "SECONDS", help_heading = "Containers")]
    pub max_container_time: Option<u64>,
}
