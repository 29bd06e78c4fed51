//! Parser of git's index, alone and with a shared index, on arbitrary bytes.
//!
//! Run like `containers`; an input is a file `.git/index`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(not(fuzzing))]
mod plain;

use hfscan::internal::source::WorkTree;
use std::{fs, path::PathBuf, sync::LazyLock};
use tempfile::TempDir;

/// The folder of the index.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

fn check(bytes: &[u8]) {
    let git_dir = FOLDER.path().to_path_buf();
    let tree = WorkTree { dir: PathBuf::from("/"), git_dir: git_dir.clone() };
    // A shared index is named by its checksum: here the one in the input's `link`, if any.
    if let Some(link) = bytes.windows(4).position(|window| window == b"link") {
        let name = bytes.iter().skip(link + 8).take(20);
        let name: String = name.map(|byte| format!("{byte:02x}")).collect();
        fs::write(git_dir.join(format!("sharedindex.{name}")), &bytes[..link]).expect("a file");
    }
    fs::write(tree.index(), bytes).expect("a file");
    let _ = tree.tracked();
    for format in ["", "[extensions]\n\tobjectFormat = sha256\n"] {
        fs::write(git_dir.join("config"), format).expect("a file");
        let _ = tree.tracked();
    }
    for entry in fs::read_dir(&git_dir).expect("a folder").flatten() {
        fs::remove_file(entry.path()).expect("a file");
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));

#[cfg(not(fuzzing))]
fn main() {
    plain::run(check);
}
