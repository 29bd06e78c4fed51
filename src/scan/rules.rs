//! The rules of a scanner: the built-in ones and those of rule files.

use super::{PARTS, settings::RuleText};
use crate::{
    decode::container::CONTAINERS,
    detect::repository,
    language::{READERS, dialects},
    rule::{BUILT_IN_DIGEST, Names, Rule, RuleError, SelectionError, built_in_to_run, parse},
};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The reason why the rules cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// A rule file is invalid.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// A rule names a check of the whole tree that does not exist.
    #[error("{origin}: rule `{rule}`: there is no repository check `{name}`")]
    UnknownCheck {
        /// The rule file.
        origin: String,
        /// The rule.
        rule: String,
        /// The check.
        name: String,
    },
    /// The selection names a rule that does not exist, or two rules have the same id.
    #[error(transparent)]
    Selection(#[from] SelectionError),
}

/// The built-in rules, without their examples, and the rules of `files`.
///
/// # Errors
/// Returns an error for an invalid rule file.
pub fn load(files: &[RuleText]) -> Result<Vec<Rule>, RulesError> {
    with_files(built_in_to_run()?, files)
}

/// `rules`, followed by the rules of `files`.
///
/// # Errors
/// Returns an error for an invalid rule file.
pub fn with_files(mut rules: Vec<Rule>, files: &[RuleText]) -> Result<Vec<Rule>, RulesError> {
    let names = rule_names();
    for file in files {
        let mut added = parse(&file.name, &file.text, Some(&names))?;
        // The severity of a user's rule takes precedence over that of the check.
        for rule in added.iter_mut().filter(|rule| rule.repository.is_some() && !rule.preview) {
            rule.give_severity(rule.severity);
        }
        rules.extend(added);
    }
    for rule in &rules {
        if let Some(name) = &rule.repository
            && !repository::is_check(name)
        {
            let (origin, rule) = (rule.origin.to_string(), rule.id.to_string());
            return Err(RulesError::UnknownCheck { origin, rule, name: name.clone() });
        }
    }
    Ok(rules)
}

/// The names of languages, parts and containers that rules can use.
pub fn rule_names() -> Names {
    let languages = READERS.iter().map(|reader| reader.name());
    Names {
        languages: languages.chain(dialects()).collect(),
        parts: PARTS.to_vec(),
        containers: CONTAINERS.iter().map(|container| container.name()).collect(),
    }
}

/// A version of the rules: the first 12 digits of the SHA-256 of the digest of the built-in rule
/// files and the texts of `files`.
pub fn version(files: &[RuleText]) -> String {
    let mut digest = Sha256::new();
    digest.update(BUILT_IN_DIGEST);
    files.iter().for_each(|file| digest.update(&file.text));
    digest.finalize()[..6].iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
