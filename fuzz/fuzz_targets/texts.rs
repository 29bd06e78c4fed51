//! The scanner on arbitrary bytes: it never panics, and all spans are in the text.
//!
//! Run like `containers`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(not(fuzzing))]
mod plain;

use hfscan::{Scanner, Settings};
use std::sync::LazyLock;

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| {
    let mut settings = Settings::default();
    settings.now = Some(0);
    settings.threads = 1;
    Scanner::new(settings).expect("the built-in rules are valid")
});

fn check(bytes: &[u8]) {
    // The first byte selects the name, and so the language, of the rest.
    const NAMES: [&str; 8] =
        ["a.txt", "a.py", "a.js", "a.yaml", "a.ipynb", "Dockerfile", "a.sh", "a.toml"];
    let number = bytes.first().copied().map_or(0, usize::from);
    let outcome = SCANNER.bytes(NAMES[number % NAMES.len()], bytes);
    for finding in outcome.findings.iter().filter(|one| one.location.inside.is_empty()) {
        let span = finding.location.span;
        assert!(span.start <= span.end && span.end <= bytes.len());
    }
    assert!(!outcome.skipped.iter().any(|one| one.reason.as_str() == "crashed"));
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));

#[cfg(not(fuzzing))]
fn main() {
    plain::run(check);
}
