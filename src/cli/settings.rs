//! From the command line to settings.

use super::args::{ConfigArgs, ScanArgs};
use crate::config::{
    ConfigError, ConfigFile, Layer, Origin, Places, Settings, Sourced, find, named,
    read_environment,
};
use std::path::Path;

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

/// What the flags say.
pub fn flags(args: &ScanArgs) -> Layer {
    let word = |flag, word: Option<&str>| {
        word.map(|word| Sourced { value: word.to_string(), origin: Origin::Flag(flag) })
    };
    let off = |flag, is_given: bool| {
        is_given.then_some(Sourced { value: false, origin: Origin::Flag(flag) })
    };
    let files = args.selection.rules.iter().map(|path| path.to_string_lossy().into_owned());
    Layer {
        select: list("--select", args.selection.select.iter().cloned()),
        ignore: list("--ignore", args.selection.ignore.iter().cloned()),
        rules: list("--rules", files),
        exclude: list("--exclude", args.exclude.iter().cloned()),
        ignore_files: off("--no-ignore", args.no_ignore),
        max_file_size: args
            .max_file_size
            .map(|value| Sourced { value, origin: Origin::Flag("--max-file-size") }),
        min_severity: word("--min-severity", args.min_severity.map(|one| one.as_str())),
        min_confidence: word("--min-confidence", args.min_confidence.map(|one| one.as_str())),
        fail_on: word("--fail-on", args.fail_on.map(|one| one.as_str())),
        inline_ignores: off("--no-inline-ignores", args.no_inline_ignores),
        require_reason: args
            .require_reason
            .then_some(Sourced { value: true, origin: Origin::Flag("--require-reason") }),
        ..Layer::default()
    }
}

fn list(flag: &'static str, values: impl Iterator<Item = String>) -> Vec<Sourced<String>> {
    values.map(|value| Sourced { value, origin: Origin::Flag(flag) }).collect()
}
