//! Reads the settings of the environment.

use super::{
    error::{ConfigError, did_you_mean},
    key::{Key, Takes},
    keys::KEYS,
    layer::{Layer, Origin, Said, Sourced},
    value::{Wrong, check_item, parse_flag, parse_number, parse_size, parse_word},
};
use std::ffi::OsString;

/// Variables that are not settings.
const OTHERS: [&str; 2] = ["HFSCAN_CONFIG", "HFSCAN_ISOLATED"];

/// Reads the settings from the variables `HFSCAN_…`; lists are comma-separated. Empty variables are
/// ignored, and so are unknown ones, which may belong to another program.
///
/// # Errors
/// Returns an error for an invalid value, and for an unknown name that is similar to a known one.
pub fn read(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Layer, ConfigError> {
    let mut layer = Layer::default();
    let names: Vec<String> = KEYS.iter().filter_map(Key::variable).collect();
    for (name, value) in variables {
        let Some(name) = name.to_str().filter(|name| name.starts_with("HFSCAN_")) else { continue };
        let Some(key) = KEYS.iter().find(|key| key.variable().as_deref() == Some(name)) else {
            unknown(name, &names)?;
            continue;
        };
        let Some(value) = value.to_str() else {
            return Err(ConfigError::new(name, "is not UTF-8"));
        };
        if !value.is_empty() {
            set(key, name, value, &mut layer)
                .map_err(|wrong| ConfigError::new(name, wrong.message).with_help(wrong.help))?;
        }
    }
    Ok(layer)
}

fn unknown(name: &str, names: &[String]) -> Result<(), ConfigError> {
    if OTHERS.contains(&name) {
        return Ok(());
    }
    // Without the common prefix, which would make all names similar.
    let plain: Vec<&str> = names.iter().map(|name| &name["HFSCAN_".len()..]).collect();
    match did_you_mean(&name["HFSCAN_".len()..], &plain) {
        Some(help) => {
            let help = help.replacen('`', "`HFSCAN_", 1);
            Err(ConfigError::new(name, "unknown setting").with_help(Some(help)))
        }
        None => Ok(()),
    }
}

fn set(key: &Key, name: &str, text: &str, layer: &mut Layer) -> Result<(), Wrong> {
    let origin = || Origin::Variable(name.to_string());
    let said = match key.takes {
        Takes::Flag => Said::Flag(Sourced { value: parse_flag(text)?, origin: origin() }),
        Takes::Size => Said::Number(Sourced { value: parse_size(text)?, origin: origin() }),
        Takes::Number => Said::Number(Sourced { value: parse_number(text)?, origin: origin() }),
        Takes::Word(words) => {
            Said::Word(Sourced { value: parse_word(text, &words())?, origin: origin() })
        }
        Takes::List { items, .. } => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            let checked = parts.map(|part| {
                check_item(part, items)?;
                Ok(Sourced { value: part.to_string(), origin: origin() })
            });
            Said::List(checked.collect::<Result<_, Wrong>>()?)
        }
        Takes::Severities | Takes::RulesByPath => return Ok(()),
    };
    layer.set(key.name, said);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, value: &str) -> Result<Layer, ConfigError> {
        read([(OsString::from(name), OsString::from(value))])
    }

    #[test]
    fn lists_are_separated_by_commas() {
        let layer = of("HFSCAN_EXCLUDE", "a/, b/").expect("valid");
        let exclude = layer.get("exclude").expect("it is set").list();
        let values: Vec<_> = exclude.iter().map(|one| one.value.as_str()).collect();
        assert_eq!(values, ["a/", "b/"]);
        assert_eq!(exclude[0].origin.to_string(), "HFSCAN_EXCLUDE");
    }

    #[test]
    fn a_misspelt_variable_is_told_and_a_strange_one_left_alone() {
        let error = of("HFSCAN_FIAL_ON", "high").expect_err("misspelt");
        assert_eq!(error.help.as_deref(), Some("did you mean `HFSCAN_FAIL_ON`?"));
        assert_eq!(of("HFSCAN_VERSION", "1.2.3"), Ok(Layer::default()));
        assert_eq!(of("HFSCAN_FAIL_ON", ""), Ok(Layer::default()));
        assert!(of("HFSCAN_FAIL_ON", "bad").is_err());
    }
}
