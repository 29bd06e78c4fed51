//! The command line of `hfscan fix`.

use super::{
    config_args::ConfigArgs,
    fix_choice::FixChoice,
    input_args::InputArgs,
    scan_args::{BaselineChoice, ScanArgs},
    setting_args::{All, SettingArgs},
};
use clap::Args;
use std::path::PathBuf;

/// What to fix, and how.
#[derive(Debug, Args)]
pub struct FixCommand {
    /// Files and folders to fix [default: .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to fix
    #[command(flatten)]
    pub choice: FixChoice,
    /// The configuration
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The settings
    #[command(flatten)]
    pub settings: SettingArgs<All>,
    /// Known findings
    #[command(flatten)]
    pub baseline: BaselineChoice,
    /// Say only what is left to do
    #[arg(short, long)]
    pub quiet: bool,
}

/// What to fix, and how, whichever command asks for it.
#[derive(Debug)]
pub struct FixArgs {
    /// The files.
    pub input: InputArgs,
    /// How to fix.
    pub choice: FixChoice,
    /// The configuration.
    pub config: ConfigArgs,
    /// The settings.
    pub settings: SettingArgs<All>,
    /// Known findings.
    pub baseline: BaselineChoice,
    /// `true` if only what is left to do is said.
    pub quiet: bool,
}

impl From<FixCommand> for FixArgs {
    fn from(command: FixCommand) -> Self {
        let FixCommand { paths, choice, config, settings, baseline, quiet } = command;
        let input = InputArgs { paths, stdin_filename: "stdin".into(), ..InputArgs::default() };
        Self { input, choice, config, settings, baseline, quiet }
    }
}

impl From<ScanArgs> for FixArgs {
    fn from(args: ScanArgs) -> Self {
        let ScanArgs { input, config, settings, baseline, output, fixes, .. } = args;
        let quiet = output.quiet || output.no_progress;
        Self { input, choice: fixes.choice, config, settings, baseline, quiet }
    }
}
