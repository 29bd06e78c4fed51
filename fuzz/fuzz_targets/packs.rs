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

mod nobody;
#[cfg(not(fuzzing))]
mod plain;

use hfscan::{
    Source,
    internal::source::git::{GitOptions, History, HistoryOptions, RepositoryRef},
};
use nobody::Nobody;
use std::{fs, path::Path, sync::LazyLock};
use tempfile::TempDir;

/// A repository without other objects, whose branch points to the first object of the index.
static REPOSITORY: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["objects/pack", "refs/heads"] {
        fs::create_dir_all(folder.path().join(name)).expect("a folder");
    }
    fs::write(folder.path().join("HEAD"), "ref: refs/heads/main\n").expect("a file");
    fs::write(folder.path().join("config"), "[core]\n\tbare = true\n").expect("a file");
    folder
});

/// The first object id in an index of version 2, in hexadecimal.
fn first_name(index: &[u8]) -> String {
    let name = index.get(8 + 1024..8 + 1024 + 20).unwrap_or(&[0; 20]);
    name.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check(bytes: &[u8]) {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else { return };
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (index, pack) = rest.split_at(length.min(rest.len()));
    let folder: &Path = REPOSITORY.path();
    let packs = folder.join("objects/pack");
    fs::write(packs.join("pack-a.idx"), index).expect("a file");
    fs::write(packs.join("pack-a.pack"), pack).expect("a file");
    fs::write(folder.join("refs/heads/main"), first_name(index) + "\n").expect("a file");
    let options = GitOptions { threads: 1, ..GitOptions::default() };
    let place = RepositoryRef::find(folder, &[], options).expect("a repository");
    // A broken object is reported as skipped, not as an error.
    let _ = History::new(place, HistoryOptions::default()).run(&Nobody);
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));

#[cfg(not(fuzzing))]
fn main() {
    plain::run(check);
}
