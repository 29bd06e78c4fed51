//! Every reader of containers, on any bytes.
//!
//! `cargo +nightly fuzz run containers`, or on stable
//! `cargo run --release --manifest-path fuzz/Cargo.toml --bin containers -- SECONDS FILES…`,
//! where the files are what is changed.
#![cfg_attr(fuzzing, no_main)]

#[path = "../../tests/integration/containers/drain.rs"]
mod drain;
#[cfg(not(fuzzing))]
mod plain;

use hfscan::decode::container::{CONTAINERS, identify};

fn check(bytes: &[u8]) {
    // The first byte says which reader takes the rest, whatever that is.
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
