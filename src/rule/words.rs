//! A rule's message and hint: their defaults and their placeholders.

use super::schema::{RawRule, Says};
use std::borrow::Cow;

/// All placeholders, with the text used for each outside a match.
const PLACEHOLDERS: [(&str, &str); 6] = [
    ("key", "NAME"),
    ("path", "NAME"),
    ("callee", "FUNCTION"),
    ("program", "PROGRAM"),
    ("file", "FILE"),
    ("name", "FILE"),
];

/// The message of a rule without one.
pub fn default_message(title: &str) -> String {
    format!("hard-coded {title}")
}

/// The hint of a rule without one.
pub fn default_hint(variable: Option<&str>) -> String {
    match variable {
        Some(name) => format!("remove it and read it from the environment variable `{name}`"),
        None => "remove it and read it from the environment or a secret store".into(),
    }
}

/// `words` with general texts for its placeholders: `{key}` becomes `NAME`.
pub fn general(words: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(words);
    for (name, stand_in) in PLACEHOLDERS {
        let placeholder = format!("{{{name}}}");
        if text.contains(&placeholder) {
            text = text.replace(&placeholder, stand_in).into();
        }
    }
    text
}

/// A placeholder that a finding would show unfilled.
#[derive(Debug, PartialEq, Eq)]
pub struct Unfilled {
    /// The key that holds it: `message`, `hints.python`.
    pub key: String,
    /// Its name, without the braces.
    pub name: String,
    /// The names that can be filled in there.
    pub allowed: Vec<&'static str>,
}

/// The first placeholder in the rule's texts that some match cannot fill.
pub fn unfilled(raw: &RawRule) -> Option<Unfilled> {
    let selectors = selectors(raw);
    let hints = raw.hints.iter().map(|(kind, words)| (format!("hints.{kind}"), words.as_str()));
    let hints: Vec<_> =
        raw.hint.iter().map(|hint| ("hint".to_string(), hint.as_str())).chain(hints).collect();
    for (says, allowed) in &selectors {
        let check = |key: &str, words: &str| first_outside(key, words, allowed);
        if let Some(own) = says {
            let own = [("says.message", &own.message), ("says.hint", &own.hint)];
            let wrong = own.into_iter().find_map(|(key, words)| check(key, words.as_deref()?));
            if wrong.is_some() {
                return wrong;
            }
        }
        let message =
            raw.message.as_deref().filter(|_| says.is_none_or(|own| own.message.is_none()));
        let applies = says.is_none_or(|own| own.hint.is_none());
        let hints = hints.iter().filter(|_| applies);
        let wrong = message
            .and_then(|words| check("message", words))
            .or_else(|| hints.clone().find_map(|(key, words)| check(key, words)));
        if wrong.is_some() {
            return wrong;
        }
    }
    None
}

/// The texts of each selector, and the placeholders that its matches can fill.
fn selectors(raw: &RawRule) -> Vec<(Option<&Says>, Vec<&'static str>)> {
    let check = raw.repository.is_some().then(|| (None, vec!["name"]));
    let bindings = raw.binding.iter().map(|one| {
        // Without `callee`, the selector also finds bindings that are not arguments.
        let callee = (!one.callee.is_empty()).then_some("callee");
        (Some(&one.says), ["key", "path", "file"].into_iter().chain(callee).collect())
    });
    let commands = raw.command.iter().map(|one| (Some(&one.says), vec!["program", "file"]));
    let all: Vec<_> = check.into_iter().chain(bindings).chain(commands).collect();
    if all.is_empty() { vec![(None, Vec::new())] } else { all }
}

/// The first `{name}` in `words` that is not among `allowed`. Braces of shells, templates and
/// format strings (`${name}`, `{{ name }}`, `{NAME}`) are not placeholders.
fn first_outside(key: &str, words: &str, allowed: &[&'static str]) -> Option<Unfilled> {
    words
        .match_indices('{')
        .filter(|(at, _)| !words[..*at].ends_with(['$', '#', '{', '%']))
        .filter_map(|(at, _)| words[at + 1..].split_once('}').map(|(name, _)| name))
        .filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()))
        .find(|name| !allowed.contains(name))
        .map(|name| Unfilled { key: key.into(), name: name.into(), allowed: allowed.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_that_nothing_fills_is_found_and_other_braces_are_not() {
        let wrong = first_outside("message", "`{callee}` of {key}", &["key"]).expect("is found");
        assert_eq!((wrong.key.as_str(), wrong.name.as_str()), ("message", "callee"));
        for words in ["${key}", "${{ secrets.X }}", "#{key}", "{{ key }}", "f\"{NAME}\"", "{ key }"]
        {
            assert_eq!(first_outside("message", words, &[]), None, "{words}");
        }
    }

    #[test]
    fn words_about_a_rule_have_stand_ins_for_names() {
        assert_eq!(general("`{key}` is passed to `{callee}`"), "`NAME` is passed to `FUNCTION`");
        for name in ["key", "path", "file", "callee", "program", "name"] {
            let placeholder = format!("{{{name}}}");
            assert!(!general(&placeholder).contains(&placeholder), "{placeholder}");
        }
    }
}
