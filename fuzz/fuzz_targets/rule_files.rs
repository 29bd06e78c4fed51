//! Parser of rule files, on arbitrary text, and a scan with the resulting rules.
//!
//! Run like `containers`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(not(fuzzing))]
mod plain;

use hfscan::{RuleText, Scanner, Settings};

fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut settings = Settings::default();
    settings.now = Some(0);
    settings.threads = 1;
    settings.rule_files = vec![RuleText { name: "rules.toml".into(), text }];
    if let Ok(scanner) = Scanner::new(settings) {
        scanner.bytes("a.txt", bytes);
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));

#[cfg(not(fuzzing))]
fn main() {
    plain::run(check);
}
