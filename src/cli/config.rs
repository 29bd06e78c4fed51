//! Shows, describes and checks the settings.

use super::{
    args::{ConfigCommand, ConfigShowArgs},
    error::CliError,
    input::config_start,
    rules, settings,
};
use crate::{
    config::{self, ConfigFile, Layer, Places, Settings},
    model::SourcePath,
    rule::RuleSet,
    source::{Root, root::normalised},
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
    let cwd =
        std::env::current_dir().map_err(|error| CliError::Read { path: ".".into(), error })?;
    let cwd = normalised(&cwd);
    let paths = [args.path.clone()];
    let root = Root::of(&cwd, &paths)?;
    let places = Places::new(&cwd, Some(&root));
    let start = config_start(&cwd, &paths);
    let (settings, file) = settings::of(&args.config, Layer::default(), &start, places)?;
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
