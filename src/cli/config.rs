//! Shows, describes and checks the settings.

use super::{
    args::{ConfigCommand, ConfigShowArgs},
    error::CliError,
    rules, settings,
};
use crate::{
    config::{self, ConfigFile, Layer, Settings},
    model::SourcePath,
    rule::RuleSet,
};

/// What the command prints.
///
/// # Errors
/// A setting that cannot be used.
pub fn run(command: &ConfigCommand) -> Result<String, CliError> {
    match command {
        ConfigCommand::Schema => Ok(format!("{:#}\n", config::schema())),
        ConfigCommand::Show(args) => {
            let (settings, file) = checked(args)?;
            Ok(format!("# {}\n{}", named(file.as_ref()), config::show(settings.layer())))
        }
        ConfigCommand::Check(args) => {
            let (_, file) = checked(args)?;
            Ok(format!("{}: ok\n", named(file.as_ref())))
        }
    }
}

/// The settings, with every rule file and rule that they name looked at.
fn checked(args: &ConfigShowArgs) -> Result<(Settings, Option<ConfigFile>), CliError> {
    let (settings, file) = settings::at(&args.path, &args.config, Layer::default())?;
    let rules = rules::load(&settings.rule_files)?;
    settings.check_rules(&rules)?;
    RuleSet::new(rules, &settings.selection)?;
    Ok((settings, file))
}

fn named(file: Option<&ConfigFile>) -> String {
    match file {
        Some(file) => SourcePath::from_path(&file.path).to_string(),
        None => "no configuration file".into(),
    }
}
