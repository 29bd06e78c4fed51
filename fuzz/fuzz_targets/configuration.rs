//! Parser of configuration files, on arbitrary text.
//!
//! Run like `containers`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(not(fuzzing))]
mod plain;

use hfscan::internal::config::{Config, Places, read_file};
use std::path::Path;

fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for table in [&[][..], &["tool", "hfscan"]] {
        let Ok(Some(layer)) = read_file("hfscan.toml", &text, table) else { continue };
        let places = Places { cwd: Path::new("/work"), root: Path::new("/work") };
        let _ = Config::new([layer], None, places);
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));

#[cfg(not(fuzzing))]
fn main() {
    plain::run(check);
}
