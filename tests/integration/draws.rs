//! Random secrets are found in nearly every draw: for each rule in the form of its own examples,
//! and for secrets that only a name identifies, by alphabet and length.
//!
//! The short tests always run. The limits were measured with the long ones: `cargo nextest run
//! --release --run-ignored only -E 'test(/draws/)'`.

use hfscan::internal::{
    detect::{Engine, Scratch, Text, Verdict},
    model::SourcePath,
    rule::{
        Example, Matcher, Randomness, Rule, RuleSet, Selection, Structure, ValueClass, built_in,
        example::expand,
    },
    scan::rule_names,
};
use std::fmt::Write as _;

/// At most one in this number of draws may be missed.
const RARE: usize = 10_000;

fn engine() -> Engine {
    let rules = built_in(Some(&rule_names())).expect("the built-in rules are valid");
    Engine::new(RuleSet::new(rules, &Selection::default()).expect("no id twice"), 1_800_000_000)
}

/// The lines of a text on which `rule` has findings.
fn lines_of(
    engine: &Engine,
    rule: &str,
    scratch: &mut Scratch,
    path: &str,
    text: &str,
) -> Vec<usize> {
    let path = SourcePath::from_bytes(path);
    let mut lines = Vec::new();
    let input = Text {
        path: &path,
        containers: &[],
        bytes: text.as_bytes(),
        part: None,
        is_whole: true,
        map: None,
    };
    engine.run(input, scratch, &mut |candidate| {
        if let (Verdict::Real(_), true) = (candidate.verdict, &*candidate.rule.id == rule) {
            lines.push(text[..candidate.span.start].matches('\n').count() + 1);
        }
    });
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// The example with a different draw for each placeholder, selected by its label.
fn redrawn(example: &Example, draw: usize) -> String {
    let mut text = String::new();
    let mut rest = example.text.as_str();
    while let Some(open) = rest.find("{{") {
        text.push_str(&rest[..open + 2]);
        rest = &rest[open + 2..];
        let end = rest.find(['{', '}']).unwrap_or(rest.len());
        let (inside, behind) = rest.split_at(end);
        let is_draw = behind.starts_with("}}")
            && inside.split_once(':').is_some_and(|(_, length)| {
                length.starts_with(|first: char| first.is_ascii_digit())
            });
        text.push_str(inside);
        if is_draw {
            let separator = if inside.matches(':').count() == 1 { ":" } else { "" };
            write!(text, "{separator}draw{draw}").expect("a string takes all");
        }
        rest = behind;
    }
    text.push_str(rest);
    expand(&text)
}

/// `true` if the rule finds random secrets.
fn is_random(rule: &Rule) -> bool {
    rule.credential
        && !matches!(rule.judge.randomness, Randomness::None | Randomness::Password)
        // An example with a checksum is a fixed draw.
        && rule.judge.structure != Structure::GithubChecksum
        && matches!(&rule.matcher, Matcher::Pattern { .. })
}

/// The examples of each rule are found in nearly every draw.
fn redraw_all(draws: usize) {
    let rules = built_in(Some(&rule_names())).expect("the built-in rules are valid");
    let (engine, mut scratch) = (engine(), Scratch::default());
    let mut missed = Vec::new();
    for rule in rules.iter().filter(|rule| is_random(rule)) {
        for (number, example) in rule.examples.iter().enumerate() {
            let is_plain = example.container.is_empty() && example.part.is_none();
            if example.found.is_empty() || !is_plain || !example.text.contains("{{") {
                continue;
            }
            let misses = (0..draws).filter(|draw| {
                let text = redrawn(example, *draw);
                let lines = lines_of(&engine, &rule.id, &mut scratch, &example.path, &text);
                !example.found.iter().all(|line| lines.contains(line))
            });
            let misses = misses.count();
            if misses > draws / RARE {
                missed.push(format!("{} example {}: {misses} of {draws}", rule.id, number + 1));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

const DIGITS: &str = "0123456789";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The alphabets of secrets, by name.
fn alphabets() -> Vec<(&'static str, String)> {
    vec![
        ("digits", DIGITS.into()),
        ("hexadecimal", format!("{DIGITS}abcdef")),
        ("hexadecimal in capitals", format!("{DIGITS}ABCDEF")),
        ("base32", format!("{UPPER}234567")),
        ("small letters", LOWER.into()),
        ("capitals", UPPER.into()),
        ("small letters and digits", format!("{LOWER}{DIGITS}")),
        ("capitals and digits", format!("{UPPER}{DIGITS}")),
        ("letters", format!("{LOWER}{UPPER}")),
        ("base62", format!("{LOWER}{UPPER}{DIGITS}")),
        ("base64", format!("{LOWER}{UPPER}{DIGITS}+/")),
        ("base64url", format!("{LOWER}{UPPER}{DIGITS}-_")),
    ]
}

const LENGTHS: [usize; 7] = [16, 20, 24, 32, 40, 64, 128];

/// The syntax that binds a name to a secret, in five languages.
const FORMS: [(&str, &str, &str); 5] = [
    ("app.py", "api_key = \"", "\"\n"),
    (".env", "API_KEY=", "\n"),
    ("app.yaml", "- api_key: \"", "\"\n"),
    ("app.js", "const apiKey = \"", "\";\n"),
    ("app.go", "var apiKey = \"", "\"\n"),
];

/// Secrets of every alphabet and length are found in nearly every draw.
fn draw_named(draws: usize) {
    let engine = engine();
    let mut scratch = Scratch::default();
    let mut random = fastrand::Rng::with_seed(16);
    let mut missed = Vec::new();
    for (alphabet, characters) in alphabets() {
        let characters = characters.as_bytes();
        for (length, (path, before, after)) in
            LENGTHS.iter().flat_map(|length| FORMS.map(|form| (*length, form)))
        {
            let mut text = String::new();
            for _ in 0..draws {
                text.push_str(before);
                text.extend((0..length).map(|_| {
                    char::from(*random.choice(characters).expect("an alphabet has characters"))
                }));
                text.push_str(after);
            }
            let misses =
                draws - lines_of(&engine, "generic-secret", &mut scratch, path, &text).len();
            if misses > draws.div_ceil(RARE / 2) {
                missed.push(format!("{alphabet}, {length}, {path}: {misses} of {draws}"));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn every_rule_finds_its_examples_with_other_draws() {
    redraw_all(5);
}

#[test]
#[ignore = "takes minutes"]
fn every_rule_finds_its_examples_in_20_000_draws() {
    redraw_all(20_000);
}

#[test]
fn a_secret_under_a_name_is_found_in_every_alphabet() {
    draw_named(20);
}

#[test]
#[ignore = "takes minutes"]
fn a_secret_under_a_name_is_found_in_2_000_draws_of_every_alphabet() {
    draw_named(2_000);
}

/// Values under a secret's name that a person wrote, one per line: names in programs, models,
/// paths, digests by name, media types, dates, placeholders.
const WRITTEN: &str = include_str!("written.txt");

#[test]
fn what_is_written_is_no_secret_under_any_name() {
    let engine = engine();
    let values: Vec<&str> = WRITTEN.lines().collect();
    let text: String = values.iter().fold(String::new(), |mut text, value| {
        writeln!(text, "api_key = \"{value}\"").expect("a string takes all");
        text
    });
    let found = lines_of(&engine, "generic-secret", &mut Scratch::default(), "app.py", &text);
    let found: Vec<_> = found.into_iter().map(|line| values[line - 1]).collect();
    assert!(found.is_empty(), "{found:?}");
    assert!(values.len() >= 100);
}

/// The classes of values that are distinguished by their randomness.
#[test]
fn every_class_of_random_values_is_drawn() {
    let rules = built_in(Some(&rule_names())).expect("the built-in rules are valid");
    let over_facts = rules.iter().filter(|rule| match &rule.matcher {
        Matcher::Facts { bindings, .. } => {
            bindings.iter().any(|one| one.value.contains(&ValueClass::NamedSecret))
        }
        _ => false,
    });
    let ids: Vec<&str> = over_facts.map(|rule| &*rule.id).collect();
    assert_eq!(ids, ["generic-secret"], "draw the values of these as well");
}
