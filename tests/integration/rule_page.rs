//! The page on writing rules lists every key and every word that a rule file may contain, and no
//! others.

use hfscan::internal::{
    decode::container::CONTAINERS,
    detect::repository,
    language::{READERS, dialects},
    rule::{Rule, built_in, compile::parse, tags::TAGS},
};
use std::{collections::BTreeSet, path::Path};

/// A minimal rule, extended by the key or word under test.
const RULE: &str = "[[rule]]\nid = 'a'\ntitle = 'a'\nseverity = 'low'\nconfidence = 'low'\n\
    cwe = [1]\nmessage = 'a'\nwhy = 'a'\nhint = 'a'\nreferences = []\n";

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/writing-rules.md");
    std::fs::read_to_string(path).unwrap()
}

/// The lines under a heading, up to the next one.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let start = page.find(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no `{heading}`"));
    let body = &page[start + heading.len() + 2..];
    body.find("\n#").map_or(body, |end| &body[..end])
}

/// The words listed as expected in the parser's error about `unknown`.
fn accepted(unknown: &str) -> BTreeSet<String> {
    let error = parse("a.toml", &format!("{RULE}{unknown}\n"), None).unwrap_err().message;
    let (_, list) = error.split_once("expected ").unwrap_or_else(|| panic!("{error}"));
    list.split('`').skip(1).step_by(2).map(str::to_string).collect()
}

/// The words in the first column of the section's table.
fn rows(section: &str) -> BTreeSet<String> {
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    cells.map(|(key, _)| key.to_string()).collect()
}

/// The words between backquotes.
fn words(section: &str) -> BTreeSet<String> {
    section.split('`').skip(1).step_by(2).map(str::to_string).collect()
}

#[test]
fn every_key_of_a_rule_file_has_its_row_in_the_page() {
    let page = page();
    for (heading, unknown) in [
        ("## The rule", "x = 1"),
        ("## Bindings", "[[rule.binding]]\nx = 1"),
        ("## Commands", "[[rule.command]]\nx = 1"),
        ("### Saying something else", "[[rule.command]]\nsays.x = 1"),
        ("## Judging", "[rule.judge]\nx = 1"),
        ("## Examples", "[[rule.example]]\nx = 1"),
    ] {
        assert_eq!(rows(section(&page, heading)), accepted(unknown), "{heading}");
    }
}

#[test]
fn every_word_that_a_key_takes_has_its_row_in_the_page() {
    let page = page();
    for (heading, unknown) in [
        ("### Views", "views = ['x']"),
        ("### Values", "[[rule.binding]]\nvalue = ['x']"),
        ("### Boundary", "[rule.judge]\nboundary = 'x'"),
        ("### Randomness", "[rule.judge]\nrandomness = 'x'"),
        ("### Structure", "[rule.judge]\nstructure = 'x'"),
        ("### Precedence", "precedence = 'x'"),
    ] {
        assert_eq!(rows(section(&page, heading)), accepted(unknown), "{heading}");
    }
}

#[test]
fn words_that_are_explained_in_a_row_are_all_there() {
    let page = page();
    for (heading, key, unknown) in [
        ("## The rule", "severity", "severity-in-tests = 'x'"),
        ("## The rule", "report", "report = 'x'"),
        ("## Bindings", "context", "[[rule.binding]]\ncontext = ['x']"),
        ("## Commands", "place", "[[rule.command]]\nplace = ['x']"),
    ] {
        let start = format!("| `{key}` |");
        let row = section(&page, heading).lines().find(|line| line.starts_with(&start)).unwrap();
        let (row, accepted) = (words(row), accepted(unknown));
        assert!(accepted.is_subset(&row), "{key}: {:?}", accepted.difference(&row));
    }
}

#[test]
fn every_tag_has_its_row_in_the_page() {
    let page = page();
    let rows = section(&page, "### Tags").lines().filter(|line| line.starts_with("| `"));
    let expected: Vec<String> =
        TAGS.iter().map(|(tag, about)| format!("| `{tag}` | {about} |")).collect();
    assert_eq!(rows.collect::<Vec<_>>(), expected);
}

/// Data languages: no file in them can read an environment variable.
const DATA: [&str; 8] = ["ini", "json", "netrc", "properties", "sql", "toml", "xml", "yaml"];

#[test]
fn every_language_but_those_of_data_has_words_for_reading_a_variable() {
    let rules = built_in(None).expect("the built-in rules are valid");
    let is_plain = |rule: &&Rule| rule.variable.is_some() && rule.hints.is_empty();
    let rule = rules.iter().find(is_plain).expect("a rule with a variable and no hints");
    let names = READERS.iter().map(|reader| reader.name());
    let silent: BTreeSet<_> = names.filter(|name| rule.hint_for([*name]) == rule.hint).collect();
    assert_eq!(silent, BTreeSet::from(DATA), "add a row to `src/rule/replacement.rs`");
}

#[test]
fn every_check_over_the_repository_has_a_rule() {
    let rules = built_in(None).expect("the built-in rules are valid");
    let used: BTreeSet<_> = rules.iter().filter_map(|rule| rule.repository.clone()).collect();
    let known: BTreeSet<_> = repository::names().map(str::to_string).collect();
    assert_eq!(used, known, "a check without a rule never runs");
}

#[test]
fn languages_containers_and_checks_are_listed() {
    let page = page();
    let readers = READERS.iter().map(|reader| reader.name());
    for (heading, known) in [
        ("### Languages and dialects", readers.chain(dialects()).collect::<BTreeSet<_>>()),
        ("### Containers", CONTAINERS.iter().map(|container| container.name()).collect()),
        ("### Checks over the repository", repository::names().collect()),
    ] {
        let known: BTreeSet<String> = known.into_iter().map(str::to_string).collect();
        assert_eq!(words(section(&page, heading)), known, "{heading}");
    }
}

#[test]
fn the_schema_of_rule_files_has_every_key_and_word() {
    let schema: serde_json::Value =
        serde_json::from_str(&hfscan::internal::rule::json_schema()).unwrap();
    let rule = &schema["properties"]["rule"]["items"];
    let keys = |object: &serde_json::Value| -> BTreeSet<String> {
        object["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let item = |name: &str| &rule["properties"][name]["items"];
    for (object, unknown) in [
        (rule, "x = 1"),
        (item("binding"), "[[rule.binding]]\nx = 1"),
        (item("command"), "[[rule.command]]\nx = 1"),
        (&item("command")["properties"]["says"], "[[rule.command]]\nsays.x = 1"),
        (&rule["properties"]["judge"], "[rule.judge]\nx = 1"),
        (item("example"), "[[rule.example]]\nx = 1"),
    ] {
        assert_eq!(keys(object), accepted(unknown), "{unknown}");
    }
    let words = |list: &serde_json::Value| -> BTreeSet<String> {
        let words = list["enum"].as_array().unwrap().iter();
        words.map(|word| word.as_str().unwrap().to_string()).collect()
    };
    let judge = &rule["properties"]["judge"]["properties"];
    for (list, unknown) in [
        (item("views"), "views = ['x']"),
        (&item("binding")["properties"]["value"]["items"], "[[rule.binding]]\nvalue = ['x']"),
        (&judge["boundary"], "[rule.judge]\nboundary = 'x'"),
        (&judge["randomness"], "[rule.judge]\nrandomness = 'x'"),
        (&judge["structure"], "[rule.judge]\nstructure = 'x'"),
        (&rule["properties"]["precedence"], "precedence = 'x'"),
        (&rule["properties"]["severity"], "severity-in-tests = 'x'"),
    ] {
        assert_eq!(words(list), accepted(unknown), "{unknown}");
    }
}
