//! Shows, describes and checks the settings.

use super::{
    args::{ConfigCommand, ConfigShowArgs, SchemaOf},
    error::CliError,
    project,
};
use crate::{
    config::{self, Config, ConfigFile, Layer},
    model::SourcePath,
    report,
    rule::{self, RuleSet},
    scan::{RulesError, rules::load},
};

/// Runs `hfscan config` and returns its output.
///
/// # Errors
/// Returns an error for a setting that cannot be used.
pub fn run(command: ConfigCommand) -> Result<String, CliError> {
    match command {
        ConfigCommand::Schema(args) => Ok(match args.of {
            SchemaOf::Config => format!("{:#}\n", config::schema()),
            SchemaOf::Report => report::schema(),
            SchemaOf::Rules => rule::json_schema(),
        }),
        ConfigCommand::Show(args) => {
            let (config, file) = checked(args)?;
            Ok(format!("# {}\n{}", named(file.as_ref()), config::show(config.layer())))
        }
        ConfigCommand::Check(args) => {
            let (_, file) = checked(args)?;
            Ok(format!("{}: ok\n", named(file.as_ref())))
        }
    }
}

/// The settings, after checking every rule file and rule that they name.
fn checked(args: ConfigShowArgs) -> Result<(Config, Option<ConfigFile>), CliError> {
    let (config, file) = project::config_at(&args.path, args.config, Layer::default())?;
    let rules = load(&config.settings.rule_files)?;
    config.check_rules(&rules)?;
    RuleSet::new(rules, &config.settings.selection).map_err(RulesError::from)?;
    Ok((config, file))
}

fn named(file: Option<&ConfigFile>) -> String {
    match file {
        Some(file) => SourcePath::from_path(&file.path).to_string(),
        None => "no configuration file".into(),
    }
}
