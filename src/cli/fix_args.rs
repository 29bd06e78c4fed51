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

/// Arguments of `hfscan fix`.
#[derive(Debug, Args)]
pub struct FixCommand {
    /// Files and folders to fix [default: .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The fixes
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
    /// Print only what remains to be done
    #[arg(short, long)]
    pub quiet: bool,
}

/// Arguments of a fix run, from `hfscan fix` or `hfscan --fix`.
#[derive(Debug)]
pub struct FixArgs {
    /// The files.
    pub input: InputArgs,
    /// The fixes.
    pub choice: FixChoice,
    /// The configuration.
    pub config: ConfigArgs,
    /// The settings.
    pub settings: SettingArgs<All>,
    /// Known findings.
    pub baseline: BaselineChoice,
    /// `true` if only remaining actions are printed.
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
