//! Runs the examples of rules.

use super::{
    candidate::{Text, Verdict},
    engine::{Engine, Scratch},
};
use crate::{
    model::SourcePath,
    rule::{Example, Rule, example::expand},
};

/// The lines of a rule's findings in an example, and the reasons for its dismissed matches.
pub fn outcome_of(engine: &Engine, rule: &Rule, example: &Example) -> (Vec<usize>, Vec<String>) {
    let path = SourcePath::from_bytes(&example.path);
    let text = expand(&example.text);
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
    let _ = engine.run(input, &mut Scratch::default(), &mut |candidate| {
        if candidate.rule.id != rule.id {
            return;
        }
        let before = &text.as_bytes()[..candidate.span.start.min(text.len())];
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        match candidate.verdict {
            Verdict::Real(_) => lines.push(line),
            Verdict::Dismissed(reason) => {
                dismissed.push(format!("line {line} ({})", reason.as_str()));
            }
        }
    });
    lines.sort_unstable();
    lines.dedup();
    (lines, dismissed)
}
