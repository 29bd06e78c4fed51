//! Parsers of baselines, our own and those of other scanners, on arbitrary text.
//!
//! Run like `containers`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(not(fuzzing))]
mod plain;

use hfscan::internal::suppress::{Baseline, PeerBaseline};

fn check(bytes: &[u8]) {
    if let Ok(baseline) = Baseline::read(bytes) {
        let text = baseline.text();
        let again = Baseline::read(text.as_bytes()).expect("it reads what it wrote");
        assert_eq!(again.text(), text);
    }
    let _ = PeerBaseline::read(&String::from_utf8_lossy(bytes));
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));

#[cfg(not(fuzzing))]
fn main() {
    plain::run(check);
}
