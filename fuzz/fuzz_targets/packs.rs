//! The history of a repository whose pack and pack index are arbitrary bytes.
//!
//! Run like `containers`. An input is the length of the index (four bytes, the least significant
//! first), the index, and the pack:
//!
//! ```sh
//! python3 -c 'import struct, sys
//! index, pack = (open(sys.argv[1] + end, "rb").read() for end in (".idx", ".pack"))
//! sys.stdout.buffer.write(struct.pack("<I", len(index)) + index + pack)' PACK > FILE
//! ```
#![cfg_attr(fuzzing, no_main)]

#[cfg(not(fuzzing))]
mod plain;
mod repository;

fn check(bytes: &[u8]) {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else { return };
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (index, pack) = rest.split_at(length.min(rest.len()));
    // The first object in an index of version 2.
    let head = index.get(8 + 1024..8 + 1024 + 20).unwrap_or(&[0; 20]);
    repository::scan(index, pack, head, 0);
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));

#[cfg(not(fuzzing))]
fn main() {
    plain::run(check);
}
