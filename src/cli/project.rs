//! The settings that apply to a path.

use super::{
    config_args::ConfigArgs, error::CliError, input::config_start, surroundings::working_directory,
};
use crate::{
    config::{Config, ConfigChoice, ConfigFile, Layer, Places},
    source::Root,
};
use std::path::Path;

/// The settings that apply at `path`, and the configuration file that they come from.
///
/// # Errors
/// Returns an error for a setting that cannot be used.
pub fn config_at(
    path: &Path,
    args: ConfigArgs,
    options: Layer,
) -> Result<(Config, Option<ConfigFile>), CliError> {
    let cwd = working_directory()?;
    let paths = [path.to_path_buf()];
    let root = Root::of(&cwd, &paths)?;
    let choice = ConfigChoice::from(args);
    let file = choice.file(&config_start(&cwd, &paths), &cwd)?;
    let config = choice.config(options, file.as_ref(), Places { cwd: &cwd, root: root.dir() })?;
    Ok((config, file))
}
