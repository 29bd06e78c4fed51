//! Proves that a rule can be woken: every name that it selects contains a keyword that counts.
//!
//! A rule never runs on a file without its keywords, so a key without a keyword in it is never
//! found. Only this proof shows it, because in the tests the rule's other examples wake it.

use super::{
    ids::RuleId,
    keywords::{CheckedLine, Group, Keyword, Keywords},
};
use crate::rule::{BindingMatcher, Globs, Matcher, Rule, alternatives, example::expand};
use std::collections::BTreeSet;

/// A name that a rule selects but that none of its keywords matches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unseen {
    /// The key in the rule.
    pub key: String,
    /// The name as one of the languages writes it.
    pub name: String,
    /// The test line.
    pub line: String,
}

/// The syntax by which languages bind a value to a name, with the names of the languages.
const LINES: &[(&[&str], &str)] = &[
    (
        &["python", "notebook", "ruby", "rust", "julia", "r", "lua", "swift", "kotlin", "scala"],
        "NAME = \"VALUE\"",
    ),
    (&["python", "javascript", "json", "ruby", "dart", "notebook"], "{\"NAME\": \"VALUE\"}"),
    (&["javascript", "go", "csharp", "java", "c", "dart", "php"], "x.NAME = \"VALUE\";"),
    (&["javascript", "go", "csharp", "yaml"], "NAME: \"VALUE\","),
    (&["yaml"], "NAME: VALUE"),
    (&["yaml"], "- name: NAME\n  value: VALUE"),
    (&["toml", "hcl", "ini", "properties"], "NAME = \"VALUE\""),
    (&["dotenv", "ini", "properties", "makefile"], "NAME=VALUE"),
    (&["shell"], "export NAME=VALUE"),
    (&["dockerfile"], "ENV NAME=VALUE"),
    (&["dockerfile"], "ARG NAME=VALUE"),
    (&["batch"], "set NAME=VALUE"),
    (&["powershell"], "$env:NAME = \"VALUE\""),
    (&["xml"], "<NAME>VALUE</NAME>"),
    (&["xml"], "<add key=\"NAME\" value=\"VALUE\"/>"),
];

/// Ways to write an argument or an option of a call.
const ARGUMENTS: [&str; 3] =
    ["CALLEE(NAME=VALUE)", "CALLEE(NAME=\"VALUE\")", "CALLEE({ NAME: VALUE })"];

/// Values of every class. After every keyword, at least one of them counts if any can.
const VALUES: [&str; 7] = [
    "{{alnum:32}}",
    "hf_{{alpha:34}}",
    "Bearer {{alnum:40}}",
    "https://mirror.example.org",
    "os.environ[x]",
    "${{ secrets.HF_TOKEN }}",
    "True",
];

/// The names that `rule` selects but that none of its keywords matches when they are alone in a
/// file.
pub fn unseen(rule: &Rule) -> Vec<Unseen> {
    let Matcher::Facts { bindings, .. } = &rule.matcher else { return Vec::new() };
    let woken = Woken::by(rule);
    let mut unseen = BTreeSet::new();
    for selector in bindings {
        for key in selector.key.texts() {
            for name in names(key, selector, rule.credential) {
                let lines = LINES.iter().filter(|(languages, _)| is_for(selector, languages));
                let lines: Vec<&str> = lines.map(|(_, line)| *line).collect();
                // One way to write an argument is enough.
                let missed = if selector.callee.is_empty() {
                    lines.into_iter().find(|line| !woken.sees(line, &name))
                } else {
                    let callees = || selector.callee.texts().flat_map(alternatives);
                    let seen = ARGUMENTS.iter().any(|line| {
                        callees().any(|callee| {
                            woken.sees(&line.replace("CALLEE", &callee.replace('*', "")), &name)
                        })
                    });
                    (!seen).then_some(ARGUMENTS[0])
                };
                unseen.extend(missed.map(|line| Unseen {
                    key: key.to_string(),
                    name,
                    line: line.to_string(),
                }));
            }
        }
    }
    unseen.into_iter().collect()
}

/// `true` if a selector is for one of `languages`. A selector that names only dialects is for all
/// languages.
fn is_for(selector: &BindingMatcher, languages: &[&str]) -> bool {
    let named = &selector.surroundings.language;
    let is_line = |name: &String| LINES.iter().any(|(all, _)| all.contains(&name.as_str()));
    !named.iter().any(is_line) || named.iter().any(|name| languages.contains(&name.as_str()))
}

/// Names that a glob of keys matches, in the spellings of languages.
fn names(key: &str, selector: &BindingMatcher, credential: bool) -> Vec<String> {
    // An environment variable, an argument and a name of an interface have one spelling.
    let is_variable = key.bytes().any(|byte| byte.is_ascii_uppercase());
    let is_interface = !credential && !key.contains(['*', '{']);
    if is_variable || is_interface || !selector.callee.is_empty() {
        let plain = alternatives(&key.replace('*', ""));
        return plain.into_iter().filter(|name| !name.is_empty()).collect();
    }
    let own = Globs::of_names([key.replace('-', "_")]);
    let mut names = BTreeSet::new();
    for one in alternatives(&key.replace('-', "_").to_ascii_lowercase()) {
        let plain = one.trim_start_matches('*').replace('*', "");
        if !plain.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
            continue;
        }
        for name in [plain.clone(), format!("my_{plain}"), format!("{plain}_x")] {
            names.extend(spellings(&name));
        }
    }
    let wanted = |name: &String| {
        let name = name.replace('-', "_");
        own.matches(&name) && !selector.not_key.matches(&name)
    };
    names.into_iter().filter(wanted).collect()
}

/// A name in snake, upper, camel, Pascal and kebab case, and as a header.
fn spellings(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split('_').filter(|word| !word.is_empty()).collect();
    let title = |word: &&str| word[..1].to_ascii_uppercase() + &word[1..];
    let titles: Vec<String> = words.iter().map(title).collect();
    let pascal = titles.concat();
    let camel = pascal[..1].to_ascii_lowercase() + &pascal[1..];
    let header = titles.join("-");
    vec![
        name.to_string(),
        name.to_ascii_uppercase(),
        name.replace('_', "-"),
        name.to_ascii_uppercase().replace('_', "-"),
        camel,
        pascal,
        format!("X-{header}"),
        header,
    ]
}

/// The keywords of one rule.
struct Woken(Vec<Keyword>);

impl Woken {
    fn by(rule: &Rule) -> Self {
        let mut keywords = Keywords::default();
        keywords.wake(rule.keywords.iter().map(String::as_bytes), RuleId::new(0), rule);
        Self(keywords.into_all())
    }

    /// `true` if a keyword counts for the name in the line with one of the values.
    fn sees(&self, line: &str, name: &str) -> bool {
        VALUES
            .iter()
            .any(|value| self.is_by(&line.replace("NAME", name).replace("VALUE", &expand(value))))
    }

    fn is_by(&self, text: &str) -> bool {
        let text = text.as_bytes();
        self.0.iter().any(|keyword| {
            memchr::memmem::find_iter(text, &keyword.text).any(|at| {
                let opens = |group: &Group| group.opens(text, at, &mut CheckedLine::default());
                keyword.groups.iter().any(opens)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{built_in, parse};

    #[test]
    fn every_spelling_of_every_key_wakes_its_rule_alone_in_a_file() {
        let rules = built_in(None).expect("the built-in rules are valid");
        let unseen: Vec<String> = rules
            .iter()
            .flat_map(|rule| unseen(rule).into_iter().map(move |one| (rule, one)))
            .map(|(rule, one)| {
                format!("{}: {} as {} in {:?}", rule.id, one.key, one.name, one.line)
            })
            .collect();
        let shown: Vec<&str> =
            unseen.iter().step_by(unseen.len() / 60 + 1).map(String::as_str).collect();
        assert!(unseen.is_empty(), "{} names:\n{}", unseen.len(), shown.join("\n"));
    }

    #[test]
    fn a_key_without_a_keyword_is_seen_by_nothing() {
        let text = "[[rule]]\nid = 'a'\ntitle = 'A key'\nseverity = 'low'\nconfidence = 'low'\n\
            cwe = [1]\nwhy = 'a'\nreferences = []\nkeywords = ['acme_pass']\n\
            [[rule.binding]]\nlanguage = ['python']\nkey = ['acme_pwd']\n";
        let rules = parse("a.toml", text, None).expect("is valid");
        let unseen = unseen(&rules[0]);
        assert!(unseen.iter().any(|one| one.name == "acme_pwd"), "{unseen:?}");
    }
}
