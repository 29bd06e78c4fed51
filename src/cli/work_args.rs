//! Options for parallelism.

use clap::Args;

/// Options for parallelism.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct WorkArgs {
    /// Maximum number of threads [default: one per processor, at most 12]
    #[arg(
        short = 'j',
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        help_heading = "Work"
    )]
    pub threads: usize,
}
