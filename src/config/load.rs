//! Loads the settings of a run.

use super::{
    config_file::ConfigFile,
    discover::{find, named},
    draft::Places,
    environment,
    error::ConfigError,
    layer::Layer,
    resolve::Config,
};
use crate::source::IgnoreRules;
use std::path::{Path, PathBuf};

/// Selects the configuration of a run.
#[derive(Debug, Clone, Default)]
pub struct ConfigChoice {
    /// A file given by the user, used instead of the project's own.
    pub named: Option<PathBuf>,
    /// `true` if neither configuration nor ignore comments of the scanned tree may change the
    /// result.
    pub isolated: bool,
}

impl ConfigChoice {
    /// The configuration file: the one given, or the nearest from the folder `start` upwards.
    ///
    /// # Errors
    /// Returns an error for a file that cannot be read or is invalid.
    pub fn file(&self, start: &Path, cwd: &Path) -> Result<Option<ConfigFile>, ConfigError> {
        match &self.named {
            Some(path) => named(path, cwd).map(Some),
            None if self.isolated => Ok(None),
            None => find(start, cwd),
        }
    }

    /// `true` if each file uses its nearest configuration.
    pub fn is_by_file(&self) -> bool {
        self.named.is_none() && !self.isolated
    }

    /// The settings of options, environment and `file`, in this order of precedence.
    ///
    /// # Errors
    /// Returns an error for an invalid setting.
    pub fn config(
        &self,
        options: Layer,
        file: Option<&ConfigFile>,
        places: Places<'_>,
    ) -> Result<Config, ConfigError> {
        let environment = environment::read(std::env::vars_os())?;
        let mut config = Config::new([options, environment], file, places)?;
        config.settings.inline_ignores &= !self.isolated;
        if self.isolated && config.reading.ignore == IgnoreRules::All {
            config.reading.ignore = IgnoreRules::Git;
        }
        Ok(config)
    }
}
