//! The table of tests: each rule in every language and context that it mentions.

use crate::{docs::assert_fresh, fixtures, idioms::idioms, twins::twins};
use hfscan::internal::{
    language::{self, FileHead, Wanted},
    model::{CommandPlace, Facts, SourcePath},
    rule::{Matcher, Rule, RuleSet, Selection, built_in, example::expand},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::{Path, PathBuf},
};

/// Number of texts in which a rule finds something, and number of those in which it must not.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    leaky: usize,
    clean: usize,
}

/// Counts by rule and place: a language, dialect, container, part or place of commands.
type Tested = BTreeMap<(String, String), Count>;

fn rules() -> RuleSet {
    let rules = built_in(None).expect("the built-in rules are valid");
    RuleSet::new(rules, &Selection::default()).expect("no id twice")
}

/// The name of a place in rule files.
fn name(place: CommandPlace) -> String {
    let value = serde_json::to_value(place).unwrap();
    format!("({})", value.as_str().unwrap())
}

/// The language and the dialect of a text, and its facts.
fn read(path: &str, text: &str) -> (BTreeSet<String>, Facts) {
    let path = SourcePath::from_bytes(path);
    let file = FileHead { path: &path, head: &text.as_bytes()[..text.len().min(4096)] };
    let Some(reader) = language::identify(file) else {
        return (BTreeSet::from(["text".to_string()]), Facts::default());
    };
    let facts = reader.read(text.as_bytes(), file, Wanted::ALL);
    let names = [Some(reader.name()), facts.dialect];
    (names.into_iter().flatten().map(str::to_string).collect(), facts)
}

/// The places of a finding that starts at byte `start` of a text.
fn places_of_finding(path: &str, text: &str, start: usize) -> BTreeSet<String> {
    let (mut places, facts) = read(path, text);
    let around =
        facts.commands.iter().filter(|one| one.span.start <= start && start < one.span.end);
    places.extend(around.map(|one| name(one.place)));
    places
}

/// All places of a text.
fn places_of_text(path: &str, text: &str) -> BTreeSet<String> {
    let (mut places, facts) = read(path, text);
    places.extend(facts.commands.iter().map(|one| name(one.place)));
    places
}

/// The byte at `line:column`, or at the start of the line.
fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let line = text[before..].lines().next().unwrap_or_default();
    before + line.chars().take(column - 1).map(char::len_utf8).sum::<usize>()
}

fn line_column(place: &str) -> (usize, usize) {
    let (line, column) = place.split_once(':').expect(place);
    (line.parse().unwrap(), column.parse().unwrap())
}

/// Counts the tests.
#[derive(Default)]
struct Counter {
    tested: Tested,
}

impl Counter {
    fn leaky(&mut self, rule: &str, places: BTreeSet<String>) {
        for place in places {
            self.tested.entry((rule.to_string(), place)).or_default().leaky += 1;
        }
    }

    fn clean(&mut self, rule: &str, places: BTreeSet<String>) {
        for place in places {
            self.tested.entry((rule.to_string(), place)).or_default().clean += 1;
        }
    }

    fn examples(&mut self, rule: &Rule) {
        for example in &rule.examples {
            let text = expand(&example.text);
            let more = || example.container.iter().chain(&example.part).cloned();
            if example.found.is_empty() {
                let places = places_of_text(&example.path, &text);
                self.clean(&rule.id, places.into_iter().chain(more()).collect());
                continue;
            }
            for line in &example.found {
                // Only the line is known, so all its commands count.
                let (mut places, facts) = read(&example.path, &text);
                let start = byte_at(&text, *line, 1);
                let end = byte_at(&text, *line + 1, 1);
                let is_here = |one: &&hfscan::internal::model::Command| {
                    one.span.start < end && one.span.end > start
                };
                places.extend(facts.commands.iter().filter(is_here).map(|one| name(one.place)));
                self.leaky(&rule.id, places.into_iter().chain(more()).collect());
            }
        }
    }

    fn idioms(&mut self) {
        for idiom in idioms() {
            let text = expand(&idiom.text);
            let (line, column) = line_column(&idiom.place);
            let places = places_of_finding(&idiom.path, &text, byte_at(&text, line, column));
            self.leaky(&idiom.rule, places);
        }
        for twin in twins() {
            let text = expand(&twin.leaky);
            let (line, column) = line_column(&twin.place);
            let places = places_of_finding(&twin.path, &text, byte_at(&text, line, column));
            self.leaky(&twin.rule, places);
            self.clean(&twin.rule, places_of_text(&twin.path, &expand(&twin.clean)));
        }
    }

    fn fixtures(&mut self) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let text = |folder: &str, path: &str| {
            expand(&std::fs::read_to_string(root.join(folder).join(path)).unwrap())
        };
        let mut twins = BTreeSet::new();
        for line in text("leaky", "expected.txt").lines() {
            let (place, rule) = line.split_once(' ').unwrap();
            let (path, place) = place.split_once(':').unwrap();
            let (line, column) = line_column(place);
            let leaky = text("leaky", path);
            self.leaky(rule, places_of_finding(path, &leaky, byte_at(&leaky, line, column)));
            twins.insert((rule.to_string(), path.to_string()));
        }
        for (rule, path) in twins {
            self.clean(&rule, places_of_text(&path, &text("clean", &path)));
        }
        assert!(fixtures::files(&root).len() > 100);
    }
}

fn tested(rules: &RuleSet) -> Tested {
    let mut counter = Counter::default();
    rules.rules().iter().for_each(|rule| counter.examples(rule));
    counter.idioms();
    counter.fixtures();
    counter.tested
}

/// The places that a rule names: it has separate hints for them, or is limited to them.
fn claimed(rule: &Rule) -> BTreeSet<String> {
    let mut claimed: BTreeSet<String> = rule.hints.keys().cloned().collect();
    claimed.extend(rule.container.iter().chain(&rule.parts).cloned());
    if let Matcher::Facts { bindings, commands } = &rule.matcher {
        claimed.extend(bindings.iter().flat_map(|one| one.surroundings.language.clone()));
        claimed.extend(commands.iter().flat_map(|one| one.surroundings.language.clone()));
        claimed.extend(commands.iter().flat_map(|one| &one.place).map(|place| name(*place)));
    }
    claimed
}

#[test]
fn every_rule_is_tested_in_every_language_and_place_that_it_names() {
    let rules = rules();
    let tested = tested(&rules);
    let mut gaps = String::new();
    for rule in rules.rules() {
        for place in claimed(rule) {
            let count = tested.get(&(rule.id.to_string(), place.clone())).copied();
            let Count { leaky, clean } = count.unwrap_or_default();
            if leaky == 0 || clean == 0 {
                writeln!(gaps, "{} {place}: {leaky} leaky, {clean} clean", rule.id).unwrap();
            }
        }
    }
    assert!(gaps.is_empty(), "{} gaps\n{gaps}", gaps.lines().count());
}

/// The text of every test in `folder`.
fn tests_below(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let text = |path: PathBuf| match path.is_dir() {
        true => tests_below(&path),
        false if path.extension().is_some_and(|ending| ending == "rs") => {
            std::fs::read_to_string(path).unwrap()
        }
        false => String::new(),
    };
    entries.map(text).collect()
}

#[test]
fn a_test_names_every_rule_over_the_tree() {
    let tests = tests_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration"));
    let rules = rules();
    let over_trees = rules.rules().iter().filter(|rule| rule.repository.is_some());
    let untested: Vec<_> =
        over_trees.map(|rule| &rule.id).filter(|id| !tests.contains(&***id)).collect();
    assert!(untested.is_empty(), "no test of {untested:?}");
}

#[test]
fn the_table_of_what_is_tested_is_fresh() {
    let rules = rules();
    let tested = tested(&rules);
    let mut page = String::from(
        "# What is tested where\n\nMade from the examples in `rules/*.toml` and from `fixtures/`; \
         do not edit.\n\n\
         By rule, for each language, purpose of a file, container, part of a notebook and (in \
         parentheses) place\nwhere a command runs: how many texts it finds something in, and how \
         many harmless look-alikes in which\nit must find nothing. What a rule names itself, in \
         its conditions or its hints, is in bold, and must have\nboth. `text` is a file in no \
         language that is known.\n\n| rule | leaky + clean |\n|---|---|\n",
    );
    for rule in rules.rules() {
        let claimed = claimed(rule);
        let own = (rule.id.to_string(), String::new());
        let mut cells: Vec<String> = tested
            .range(own..)
            .take_while(|((id, _), _)| **id == *rule.id)
            .map(|((_, place), Count { leaky, clean })| {
                let bold = if claimed.contains(place) { "**" } else { "" };
                format!("{bold}{place}{bold} {leaky} + {clean}")
            })
            .collect();
        if rule.repository.is_some() {
            cells.push("whole trees: `tests/integration/`".into());
        }
        writeln!(page, "| [`{0}`](rules.md#{0}) | {1} |", rule.id, cells.join(", ")).unwrap();
    }
    assert_fresh("tested.md", &page);
}
