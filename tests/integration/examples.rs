//! Every rule is tested by its own examples.

use hfscan::internal::{
    detect::{Engine, Scratch, Text, Verdict},
    model::SourcePath,
    rule::{Example, Matcher, Rule, RuleSet, Selection, built_in, example::expand},
    scan::rule_names,
};

fn engine() -> Engine {
    let rules = built_in(Some(&rule_names())).expect("the built-in rules are valid");
    Engine::new(RuleSet::new(rules, &Selection::default()).expect("no id twice"), 1_800_000_000)
}

/// The lines on which `rule` has findings in an example, and the reasons of its dismissed matches.
fn found(engine: &Engine, rule: &Rule, example: &Example) -> (Vec<usize>, Vec<String>) {
    let path = SourcePath::from_bytes(&example.path);
    let text = &expand(&example.text);
    let containers: Vec<&str> = example.container.iter().map(String::as_str).collect();
    let (mut lines, mut dismissed) = (Vec::new(), Vec::new());
    let input = Text {
        path: &path,
        containers: &containers,
        bytes: text.as_bytes(),
        part: example.part.as_deref(),
        is_whole: true,
        map: None,
    };
    engine.run(input, &mut Scratch::default(), &mut |candidate| {
        if candidate.rule.id != rule.id {
            return;
        }
        let line = text[..candidate.span.start].matches('\n').count() + 1;
        match candidate.verdict {
            Verdict::Real(_) => lines.push(line),
            Verdict::Dismissed(reason) => dismissed.push(format!("{line}: {}", reason.as_str())),
        }
    });
    lines.sort_unstable();
    lines.dedup();
    (lines, dismissed)
}

#[test]
fn every_rule_finds_what_its_examples_say_and_nothing_else() {
    let engine = engine();
    let mut wrong = Vec::new();
    for rule in engine.rules().rules() {
        for (number, example) in rule.examples.iter().enumerate() {
            let (lines, dismissed) = found(&engine, rule, example);
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
