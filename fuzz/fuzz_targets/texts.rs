//! The whole engine, with every decoder, on any bytes: spans lie in the text.
//!
//! Run like `containers`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(not(fuzzing))]
mod plain;

use hfscan::internal::{
    detect::{Engine, Scratch, Text},
    model::SourcePath,
    rule::{RuleSet, Selection, built_in},
};
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let rules = built_in(true).expect("the built-in rules are valid");
    Engine::new(RuleSet::new(rules, &Selection::default()).expect("no id twice"), 0)
});

fn check(bytes: &[u8]) {
    let path = SourcePath::from_bytes("a.txt");
    let text = Text { path: &path, containers: &[], bytes, part: None, is_whole: true, map: None };
    ENGINE.run(text, &mut Scratch::default(), &mut |candidate| {
        assert!(candidate.span.start <= candidate.span.end && candidate.span.end <= bytes.len());
    });
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));

#[cfg(not(fuzzing))]
fn main() {
    plain::run(check);
}
