//! The description of a rule in a SARIF log.

use super::{
    log::{Configuration, Help, Message, RuleDescription, RuleProperties},
    severity::{level, security_severity},
};
use crate::{
    model::Confidence,
    report::{
        reporter::{reading, revoke_url},
        wording::{sentence, shortened},
    },
    rule::{Rule, general},
};
use std::borrow::Cow;

/// Maximum number of characters of a description; platforms reject longer ones.
const MAX_DESCRIPTION: usize = 1_000;
/// Maximum number of characters of a name.
const MAX_NAME: usize = 255;
/// Maximum number of tags; platforms drop further tags, or the rule.
const MAX_TAGS: usize = 10;

/// A rule with its complete description, so that platforms need no other source.
pub fn described(rule: &Rule) -> RuleDescription<'_> {
    let title = sentence(&rule.title);
    let full = format!("{} {}", sentence(&general(&rule.message)), sentence(&rule.why));
    RuleDescription {
        id: &rule.id,
        name: shortened(&pascal_case(&rule.id), MAX_NAME),
        short_description: Message { text: shortened(&title, MAX_DESCRIPTION) },
        full_description: Message { text: shortened(full.trim(), MAX_DESCRIPTION) },
        help: help(rule),
        help_uri: reading(rule).next(),
        default_configuration: Configuration { level: level(rule.severity) },
        properties: RuleProperties {
            tags: tags(rule),
            precision: precision(rule.confidence),
            security_severity: format!("{:.1}", security_severity(rule.severity)),
        },
    }
}

fn help(rule: &Rule) -> Help {
    let (why, hint) = (sentence(&rule.why), sentence(&general(&rule.hint)));
    let mut text = format!("{why} To fix it: {hint}");
    let mut markdown = format!("{why}\n\n## What to do\n\n");
    if let Some(address) = revoke_url(rule) {
        let first = "Revoke it first: removing it from the file is not enough.";
        text.push_str(&format!(" {first} {address}"));
        markdown.push_str(&format!("1. {first} <{address}>\n2. {hint}\n"));
    } else {
        markdown.push_str(&format!("{hint}\n"));
    }
    markdown.push_str(
        "\nAn alert closes when the line is removed, but the secret stays in the git history.\n",
    );
    let mut addresses = reading(rule).peekable();
    if addresses.peek().is_some() {
        markdown.push_str("\n## Read on\n\n");
        for address in addresses {
            text.push_str(&format!(" {address}"));
            markdown.push_str(&format!("- <{address}>\n"));
        }
    }
    Help { text, markdown }
}

/// GitHub groups by `external/cwe/cwe-798`; GitLab reports a finding as a secret if it has the tag
/// `cwe-798`.
fn tags(rule: &Rule) -> Vec<Cow<'_, str>> {
    let mut tags: Vec<Cow<'_, str>> = vec!["security".into()];
    if rule.credential {
        tags.push("secret".into());
    }
    for cwe in &rule.cwe {
        tags.push(format!("external/cwe/cwe-{cwe:03}").into());
        tags.push(format!("cwe-{cwe}").into());
    }
    tags.extend(rule.tags.iter().map(|tag| Cow::Borrowed(tag.as_str())));
    let mut seen = std::collections::HashSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags.truncate(MAX_TAGS);
    tags
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "very-high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// Converts `hf-user-access-token` to `HfUserAccessToken`.
fn pascal_case(id: &str) -> String {
    id.split(|character: char| !character.is_alphanumeric())
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_rule_has_all_that_platforms_ask_for() {
        let rules = sample::rules();
        for rule in rules.rules() {
            let described = described(rule);
            let tags = &described.properties.tags;
            assert!(tags.len() <= MAX_TAGS, "{tags:?}");
            for cwe in &rule.cwe {
                assert!(tags.iter().any(|tag| **tag == format!("cwe-{cwe}")), "{tags:?}");
            }
            let help = [&described.help.text, &described.help.markdown];
            for text in help.into_iter().chain([&described.full_description.text]) {
                let holes = ["{key}", "{path}", "{callee}", "{program}", "{name}"];
                assert!(!holes.iter().any(|hole| text.contains(hole)), "{text}");
            }
            for text in [&described.short_description.text, &described.full_description.text] {
                assert!(text.ends_with('.') && text.chars().count() <= 1024, "{text}");
            }
            assert!(described.name.chars().all(char::is_alphanumeric), "{}", described.name);
            assert!(described.properties.security_severity.parse::<f64>().is_ok());
        }
    }

    #[test]
    fn a_name_is_one_word_in_pascal_case() {
        assert_eq!(pascal_case("hf-user-access-token"), "HfUserAccessToken");
        assert_eq!(pascal_case("git-url-credentials"), "GitUrlCredentials");
    }
}
