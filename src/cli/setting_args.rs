//! The command-line options of settings, generated from the list of settings.

use crate::config::{
    Flag, Items, KEYS, Key, Layer, Origin, Said, Sourced, Takes, parse_size, parse_word,
};
use crate::model::SkipReason;
use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueHint,
    builder::PossibleValuesParser, value_parser,
};
use std::{ffi::OsString, marker::PhantomData};

/// The settings given as options. `S` selects the settings that have an option.
#[derive(Debug, Clone)]
pub struct SettingArgs<S> {
    /// The settings.
    pub layer: Layer,
    subset: PhantomData<S>,
}

impl<S> Default for SettingArgs<S> {
    fn default() -> Self {
        Self { layer: Layer::default(), subset: PhantomData }
    }
}

/// The settings that have an option in a command.
pub trait Subset {
    /// `true` if the command has an option for this setting.
    fn has(key: &Key) -> bool;
}

/// Every setting.
#[derive(Debug, Clone)]
pub struct All;

/// The settings that select rules.
#[derive(Debug, Clone)]
pub struct Selecting;

/// The settings that name rule files.
#[derive(Debug, Clone)]
pub struct RuleFiles;

/// Every setting but those that select files: the upload's own rules select them.
#[derive(Debug, Clone)]
pub struct Uploading;

impl Subset for Uploading {
    fn has(key: &Key) -> bool {
        !matches!(key.name, "exclude" | "ignore-files")
    }
}

impl Subset for All {
    fn has(_: &Key) -> bool {
        true
    }
}

impl Subset for Selecting {
    fn has(key: &Key) -> bool {
        let selects = matches!(key.takes, Takes::List { items: Items::Rules, .. });
        selects || RuleFiles::has(key)
    }
}

impl Subset for RuleFiles {
    fn has(key: &Key) -> bool {
        matches!(key.takes, Takes::List { items: Items::Files, .. })
    }
}

impl<S: Subset> Args for SettingArgs<S> {
    fn augment_args(command: Command) -> Command {
        KEYS.iter().filter(|key| S::has(key)).filter_map(arg).fold(command, Command::arg)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<S: Subset> FromArgMatches for SettingArgs<S> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut layer = Layer::default();
        for key in KEYS.iter().filter(|key| S::has(key)) {
            if let Some(said) = said(key, matches) {
                layer.set(key.name, said);
            }
        }
        Ok(Self { layer, subset: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The option of a setting.
fn arg(key: &Key) -> Option<Arg> {
    let (long, heading, help) = match key.flag {
        Flag::None | Flag::Own(_) => return None,
        Flag::Switch { long, heading, help, .. } | Flag::Value { long, heading, help, .. } => {
            (long, heading, help)
        }
    };
    let arg = Arg::new(long).long(long).help(help).help_heading(heading);
    let Flag::Value { value, .. } = key.flag else { return Some(arg.action(ArgAction::SetTrue)) };
    let arg = arg.value_name(value);
    Some(match key.takes {
        Takes::Size => arg.value_parser(parse_size),
        Takes::Word(words) => {
            arg.value_parser(PossibleValuesParser::new(words())).ignore_case(true)
        }
        Takes::List { items: Items::Files, .. } => arg
            .action(ArgAction::Append)
            .value_parser(value_parser!(OsString))
            .value_hint(ValueHint::FilePath),
        Takes::List { items: Items::Reasons, .. } => arg
            .action(ArgAction::Append)
            .value_parser(PossibleValuesParser::new(SkipReason::allowable())),
        Takes::List { items, .. } => {
            let arg = arg.action(ArgAction::Append).value_parser(value_parser!(String));
            if items == Items::Rules { arg.value_delimiter(',') } else { arg }
        }
        Takes::Flag | Takes::Number | Takes::Severities | Takes::RulesByPath => {
            arg.value_parser(value_parser!(u64))
        }
    })
}

/// The value that the arguments give a setting.
fn said(key: &Key, matches: &ArgMatches) -> Option<Said> {
    let (long, sets) = match key.flag {
        Flag::None | Flag::Own(_) => return None,
        Flag::Switch { long, sets, .. } => (long, sets),
        Flag::Value { long, .. } => (long, true),
    };
    let origin = || Origin::Flag(long);
    match key.takes {
        Takes::Flag => {
            matches.get_flag(long).then(|| Said::Flag(Sourced { value: sets, origin: origin() }))
        }
        Takes::Size | Takes::Number => {
            let value = *matches.get_one::<u64>(long)?;
            Some(Said::Number(Sourced { value, origin: origin() }))
        }
        Takes::Word(words) => {
            // Arguments are case-insensitive.
            let value = parse_word(matches.get_one::<String>(long)?, &words()).ok()?;
            Some(Said::Word(Sourced { value, origin: origin() }))
        }
        Takes::List { items: Items::Files, .. } => {
            let files = matches.get_many::<OsString>(long)?;
            let texts = files.map(|file| file.to_string_lossy().into_owned());
            Some(list(texts, &origin))
        }
        Takes::List { .. } => Some(list(matches.get_many::<String>(long)?.cloned(), &origin)),
        Takes::Severities | Takes::RulesByPath => None,
    }
}

fn list(texts: impl Iterator<Item = String>, origin: &dyn Fn() -> Origin) -> Said {
    Said::List(texts.map(|value| Sourced { value, origin: origin() }).collect())
}
