//! Random secrets are found in nearly every draw: for each rule in the form of its own examples,
//! and for secrets that only a name identifies, by alphabet and length.
//!
//! The short tests always run. The long one makes `docs/draws.md`: `HFSCAN_BLESS=1 cargo nextest run
//! --release --run-ignored only -E 'test(/draws/)'`.

use crate::docs::assert_fresh;
use hfscan::internal::{
    detect::{Engine, Scratch, Text, Verdict},
    model::SourcePath,
    rule::{
        Example, Matcher, Rule, RuleSet, Selection, Structure, ValueClass, built_in,
        example::expand,
    },
    scan::rule_names,
};
use std::{fmt::Write as _, thread};

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
        text.push_str(inside);
        // Texts of different lengths with one label begin alike.
        let length = inside.split(':').nth(1).filter(|length| {
            behind.starts_with("}}") && length.starts_with(|first: char| first.is_ascii_digit())
        });
        if let Some(length) = length {
            let separator = if inside.matches(':').count() == 1 { ":" } else { "" };
            write!(text, "{separator}draw{draw}of{length}").expect("a string takes all");
        }
        rest = behind;
    }
    text.push_str(rest);
    expand(&text)
}

/// The draws of one example.
struct Drawn {
    rule: String,
    /// The name of the example's file.
    form: String,
    /// The number of drawn secrets.
    draws: usize,
    misses: usize,
}

/// `true` if the rule finds random secrets.
fn is_random(rule: &Rule) -> bool {
    // An example with a checksum is a fixed draw.
    rule.credential && rule.judge.structure != Structure::GithubChecksum
}

/// `true` if an example is a text with a random secret that its rule finds.
fn is_drawn(example: &Example) -> bool {
    let is_plain = example.container.is_empty() && example.part.is_none();
    !example.found.is_empty() && is_plain && example.text.contains("{{")
}

/// The examples of each rule with other draws of their secrets.
fn redraw_all(draws: usize) -> Vec<Drawn> {
    let rules = built_in(Some(&rule_names())).expect("the built-in rules are valid");
    let random = rules.iter().filter(|rule| is_random(rule));
    let all: Vec<(&Rule, &Example)> = random
        .flat_map(|rule| rule.examples.iter().map(move |example| (rule, example)))
        .filter(|(_, example)| is_drawn(example))
        .collect();
    let share = all.len().div_ceil(thread::available_parallelism().map_or(1, usize::from));
    let redraw = |part: &[(&Rule, &Example)]| -> Vec<Drawn> {
        let (engine, mut scratch) = (engine(), Scratch::default());
        let mut redraw = |(rule, example): &(&Rule, &Example)| {
            let misses = (0..draws).map(|draw| {
                let text = redrawn(example, draw);
                let lines = lines_of(&engine, &rule.id, &mut scratch, &example.path, &text);
                example.found.iter().filter(|line| !lines.contains(line)).count()
            });
            let misses = misses.sum();
            let draws = draws * example.found.len();
            Drawn { rule: rule.id.to_string(), form: example.path.clone(), draws, misses }
        };
        part.iter().map(&mut redraw).collect()
    };
    thread::scope(|scope| {
        let parts = all.chunks(share).map(|part| scope.spawn(move || redraw(part)));
        let parts: Vec<_> = parts.collect();
        parts.into_iter().flat_map(|part| part.join().expect("no draw panics")).collect()
    })
}

/// Fails if more draws are missed than the limit allows.
fn assert_rare(drawn: &[Drawn]) {
    let missed: Vec<String> = drawn
        .iter()
        .filter(|one| one.misses > one.draws / RARE)
        .map(|one| format!("{} in {}: {} of {}", one.rule, one.form, one.misses, one.draws))
        .collect();
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

/// The misses of secrets of every alphabet and length in [`FORMS`], with this number of draws in
/// each.
fn draw_named(draws: usize) -> Vec<Drawn> {
    let engine = engine();
    let mut scratch = Scratch::default();
    let mut random = fastrand::Rng::with_seed(16);
    let mut drawn = Vec::new();
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
            let lines = lines_of(&engine, "generic-secret", &mut scratch, path, &text);
            drawn.push(Drawn {
                rule: alphabet.into(),
                form: format!("{length}, {path}"),
                draws,
                misses: draws - lines.len(),
            });
        }
    }
    drawn
}

/// Fails if more secrets that only a name identifies are missed than the limit allows. A number of
/// draws below the limit may miss one.
fn assert_named_rare(drawn: &[Drawn]) {
    let missed: Vec<String> = drawn
        .iter()
        .filter(|one| one.misses > one.draws.div_ceil(RARE / 2))
        .map(|one| format!("{}, {}: {} of {}", one.rule, one.form, one.misses, one.draws))
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// The page with the results.
fn page(by_rule: &[Drawn], named: &[Drawn]) -> String {
    let mut page = String::from(
        "# Random secrets\n\nMade by a test (`tests/integration/draws.rs`); do not edit.\n\n\
         Each example in which a rule finds random secrets, with other draws of them. A form is the \
         name of an\nexample's file.\n\n| rule | forms | draws | missed |\n|---|---|--:|--:|\n",
    );
    let mut rules: Vec<(&str, Vec<&Drawn>)> = Vec::new();
    for one in by_rule {
        match rules.last_mut().filter(|(rule, _)| *rule == one.rule) {
            Some((_, all)) => all.push(one),
            None => rules.push((&one.rule, vec![one])),
        }
    }
    for (rule, all) in rules {
        let mut forms: Vec<String> = all.iter().map(|one| format!("`{}`", one.form)).collect();
        forms.sort_unstable();
        forms.dedup();
        let draws: usize = all.iter().map(|one| one.draws).sum();
        let misses: usize = all.iter().map(|one| one.misses).sum();
        writeln!(
            page,
            "| [`{rule}`](rules.md#{rule}) | {} | {draws} | {misses} |",
            forms.join(", ")
        )
        .expect("a string takes all");
    }
    let draws = named.first().map_or(0, |one| one.draws) * FORMS.len();
    let lengths = LENGTHS.map(|length| length.to_string()).join(" | ");
    write!(
        page,
        "\n`generic-secret`: missed of {draws} draws, in equal parts in Python, a `.env` file, YAML, \
         JavaScript and Go, by\nalphabet and length.\n\n| alphabet | {lengths} |\n|---|{}\n",
        "--:|".repeat(LENGTHS.len())
    )
    .expect("a string takes all");
    for part in named.chunks(FORMS.len() * LENGTHS.len()) {
        let misses = |forms: &[Drawn]| forms.iter().map(|one| one.misses).sum::<usize>();
        let misses: Vec<String> =
            part.chunks(FORMS.len()).map(|forms| misses(forms).to_string()).collect();
        writeln!(page, "| {} | {} |", part[0].rule, misses.join(" | "))
            .expect("a string takes all");
    }
    page
}

#[test]
fn every_rule_finds_its_examples_with_other_draws() {
    assert_rare(&redraw_all(5));
}

#[test]
fn a_secret_under_a_name_is_found_in_every_alphabet() {
    assert_named_rare(&draw_named(20));
}

#[test]
#[ignore = "takes minutes"]
fn the_table_of_draws_is_fresh() {
    let (by_rule, named) = (redraw_all(20_000), draw_named(2_000));
    assert_fresh("draws.md", &page(&by_rule, &named));
    assert_rare(&by_rule);
    assert_named_rare(&named);
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
