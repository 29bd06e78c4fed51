//! Walk over a folder with ignore files of arbitrary bytes.
//!
//! Run like `containers`.
#![cfg_attr(fuzzing, no_main)]

mod nobody;
#[cfg(not(fuzzing))]
mod plain;

use hfscan::{IgnoreRules, Root, Source, Walk, WalkOptions};
use nobody::Nobody;
use std::fs;

fn check(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("a/b");
    fs::create_dir_all(&inner).expect("a folder");
    for (place, name) in [(folder.path(), ".gitignore"), (&*inner, ".ignore")] {
        fs::write(place.join(name), bytes).expect("it can be written");
        fs::write(place.join("file.txt"), "text").expect("it can be written");
    }
    let root = Root::of(folder.path(), &[]).expect("it is there");
    for ignore in [IgnoreRules::All, IgnoreRules::Git] {
        let mut options = WalkOptions::default();
        options.threads = 1;
        options.ignore = ignore;
        let walk = Walk::new(root.clone(), vec![folder.path().to_path_buf()], options);
        walk.run(&Nobody).expect("the folder is there");
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));

#[cfg(not(fuzzing))]
fn main() {
    plain::run(check);
}
