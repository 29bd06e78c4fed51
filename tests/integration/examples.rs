//! Every rule is tested by its own examples.

use hfscan::internal::{
    detect::{Engine, outcome_of},
    rule::{Matcher, Rule, RuleSet, Selection, built_in},
    scan::rule_names,
};

fn engine() -> Engine {
    let rules = built_in(Some(&rule_names())).expect("the built-in rules are valid");
    Engine::new(RuleSet::new(rules, &Selection::default()).expect("no id twice"), 1_800_000_000)
}

#[test]
fn every_rule_finds_what_its_examples_say_and_nothing_else() {
    let engine = engine();
    let mut wrong = Vec::new();
    for rule in engine.rules().rules() {
        for (number, example) in rule.examples.iter().enumerate() {
            let (lines, dismissed) = outcome_of(&engine, rule, example);
            if lines != example.found {
                wrong.push(format!(
                    "{} example {}: expected lines {:?}, found {lines:?}, dismissed {dismissed:?}",
                    rule.id,
                    number + 1,
                    example.found
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_an_example_that_is_found_and_one_that_is_clean() {
    // Checks over whole trees are tested in `repository.rs`, because an example is one file.
    let is_about_a_file = |rule: &&Rule| !matches!(rule.matcher, Matcher::Nothing);
    for rule in engine().rules().rules().iter().filter(is_about_a_file) {
        assert!(rule.examples.iter().any(|example| !example.found.is_empty()), "{}", rule.id);
        assert!(rule.examples.iter().any(|example| example.found.is_empty()), "{}", rule.id);
    }
}

#[test]
fn every_rule_says_why_what_to_do_and_where_to_read_on() {
    for rule in engine().rules().rules() {
        for (key, text) in [
            ("title", &rule.title),
            ("message", &rule.message),
            ("why", &rule.why),
            ("hint", &rule.hint),
        ] {
            assert!(
                text.len() > 10 && !text.contains('\n'),
                "{}: `{key}` must be one line of more than 10 bytes: {text:?}",
                rule.id
            );
        }
        assert!(
            rule.references.iter().all(|address| address.starts_with("https://")),
            "{}",
            rule.id
        );
        assert!(!rule.references.is_empty(), "{}", rule.id);
    }
}
