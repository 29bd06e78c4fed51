//! From the command line to settings.

use super::{
    args::{ConfigArgs, ScanArgs, SelectionArgs},
    error::CliError,
    input::config_start,
};
use crate::config::{
    ConfigError, ConfigFile, Layer, Origin, Places, Settings, Sourced, find, named,
    read_environment,
};
use crate::source::{Root, root::normalised};
use std::path::{Path, PathBuf};

/// What a run is to do: the flags, then the environment, then the configuration that is
/// found from `start` upwards or was named.
///
/// # Errors
/// A setting that cannot be used.
pub fn of(
    args: &ConfigArgs,
    flags: Layer,
    start: &Path,
    places: Places<'_>,
) -> Result<(Settings, Option<ConfigFile>), ConfigError> {
    let file = match &args.config {
        Some(path) => Some(named(path, places.cwd)?),
        None if args.isolated => None,
        None => find(start, places.cwd)?,
    };
    let environment = read_environment(std::env::vars_os())?;
    let mut settings = Settings::new([flags, environment], file.as_ref(), places)?;
    // The comments are in the files of others, as their configuration is.
    settings.inline_ignores &= !args.isolated;
    Ok((settings, file))
}

/// The settings in force at `path`, seen from the working directory.
///
/// # Errors
/// A setting that cannot be used.
pub fn at(
    path: &Path,
    args: &ConfigArgs,
    flags: Layer,
) -> Result<(Settings, Option<ConfigFile>), CliError> {
    let cwd =
        std::env::current_dir().map_err(|error| CliError::Read { path: ".".into(), error })?;
    let cwd = normalised(&cwd);
    let paths = [path.to_path_buf()];
    let root = Root::of(&cwd, &paths)?;
    let places = Places::new(&cwd, Some(&root));
    Ok(of(args, flags, &config_start(&cwd, &paths), places)?)
}

/// What the flags say of rules.
pub fn selection(args: &SelectionArgs) -> Layer {
    Layer {
        select: list("--select", args.select.iter().cloned()),
        ignore: list("--ignore", args.ignore.iter().cloned()),
        ..rule_files(&args.rules)
    }
}

/// What the flags say of rule files.
pub fn rule_files(files: &[PathBuf]) -> Layer {
    let files = files.iter().map(|path| path.to_string_lossy().into_owned());
    Layer { rules: list("--rules", files), ..Layer::default() }
}

/// What the flags say.
pub fn flags(args: &ScanArgs) -> Layer {
    let word = |flag, word: Option<&str>| {
        word.map(|word| Sourced { value: word.to_string(), origin: Origin::Flag(flag) })
    };
    let number =
        |flag, value: Option<u64>| value.map(|value| Sourced { value, origin: Origin::Flag(flag) });
    let off = |flag, is_given: bool| {
        is_given.then_some(Sourced { value: false, origin: Origin::Flag(flag) })
    };
    let on = |flag, is_given: bool| {
        is_given.then_some(Sourced { value: true, origin: Origin::Flag(flag) })
    };
    Layer {
        exclude: list("--exclude", args.exclude.iter().cloned()),
        ignore_files: off("--no-ignore", args.no_ignore),
        max_file_size: number("--max-file-size", args.max_file_size),
        containers: off("--no-containers", args.containers.no_containers),
        max_depth: number("--max-depth", args.containers.max_depth),
        max_entries: number("--max-entries", args.containers.max_entries),
        max_expanded_size: number("--max-expanded-size", args.containers.max_expanded_size),
        max_container_time: number("--max-container-time", args.containers.max_container_time),
        min_severity: word("--min-severity", args.min_severity.map(|one| one.as_str())),
        min_confidence: word("--min-confidence", args.min_confidence.map(|one| one.as_str())),
        fail_on: word("--fail-on", args.fail_on.map(|one| one.as_str())),
        inline_ignores: off("--no-inline-ignores", args.no_inline_ignores),
        require_reason: on("--require-reason", args.require_reason),
        author_email: on("--author-email", args.git.author_email),
        ..selection(&args.selection)
    }
}

fn list(flag: &'static str, values: impl Iterator<Item = String>) -> Vec<Sourced<String>> {
    values.map(|value| Sourced { value, origin: Origin::Flag(flag) }).collect()
}
