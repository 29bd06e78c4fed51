//! All container readers, on arbitrary bytes.
//!
//! `cargo +nightly fuzz run containers`, or on stable
//! `cargo run --release --manifest-path fuzz/Cargo.toml --bin containers -- SECONDS FILES…`, which
//! mutates the files. With `HFSCAN_FUZZ_READER=zip` only that reader runs, on the complete input, as
//! for the files in `corpus/zip`.
#![cfg_attr(fuzzing, no_main)]

#[path = "../../tests/integration/containers/drain.rs"]
mod drain;
#[cfg(not(fuzzing))]
mod plain;

use hfscan::internal::decode::container::{CONTAINERS, Container, identify};
use std::sync::LazyLock;

static ONLY: LazyLock<Option<&dyn Container>> = LazyLock::new(|| {
    let wanted = std::env::var("HFSCAN_FUZZ_READER").ok()?;
    let known = CONTAINERS.iter().copied().find(|container| container.name() == wanted);
    Some(known.unwrap_or_else(|| panic!("no reader is called `{wanted}`")))
});

fn check(bytes: &[u8]) {
    if let Some(container) = *ONLY {
        drain::drain(bytes, container);
        return;
    }
    // The first byte selects the reader of the rest.
    if let Some((number, rest)) = bytes.split_first() {
        drain::drain(rest, CONTAINERS[usize::from(*number) % CONTAINERS.len()]);
    }
    if let Some(container) = identify(bytes) {
        drain::drain(bytes, container);
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));

#[cfg(not(fuzzing))]
fn main() {
    plain::run(check);
}
