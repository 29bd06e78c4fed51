//! The scanner on arbitrary bytes: it never panics, and all spans are in the text.
//!
//! Run like `containers`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(not(fuzzing))]
mod plain;

use hfscan::{
    Scanner, Settings,
    internal::language::{READERS, Reader},
};
use std::sync::LazyLock;

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| {
    let mut settings = Settings::default();
    settings.now = Some(0);
    settings.threads = 1;
    Scanner::new(settings).expect("the built-in rules are valid")
});

/// A file name for each language.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let name = |reader: &&dyn Reader| {
        let files = reader.files();
        let ending = || files.endings.first().map(|ending| format!("a.{ending}"));
        files.names.first().map(|name| (*name).to_string()).or_else(ending)
    };
    READERS.iter().filter_map(name).chain(["a.txt".into()]).collect()
});

fn check(bytes: &[u8]) {
    // The first byte selects the name, and so the language, of the rest.
    let Some((number, bytes)) = bytes.split_first() else { return };
    let outcome = SCANNER.bytes(&NAMES[usize::from(*number) % NAMES.len()], bytes);
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
