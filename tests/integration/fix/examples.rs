//! Every text in which a rule must find something is fixed, and files that parsed before still
//! parse.

use super::parsers::refused;
use crate::support::{Run, Workspace};
use hfscan::internal::rule::{built_in, example::expand};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// The change made to the texts before they are fixed.
#[derive(Clone, Copy)]
enum Variant {
    Plain,
    /// With Windows line ends and, in Python, a byte order mark.
    Windows,
}

/// A workspace with the examples of every rule, each in its own folder.
fn workspace(variant: Variant) -> (Workspace, Vec<PathBuf>) {
    let workspace = Workspace::new();
    let mut files = Vec::new();
    let rules = built_in(None).expect("the built-in rules are valid");
    for rule in rules {
        let leaky = rule.examples.iter().filter(|one| !one.found.is_empty());
        for (number, example) in leaky.enumerate() {
            if !example.container.is_empty() {
                continue;
            }
            let mut text = expand(&example.text);
            match variant {
                Variant::Plain => {}
                Variant::Windows => {
                    text = text.replace('\n', "\r\n");
                    if example.path.ends_with(".py") {
                        text.insert(0, '\u{feff}');
                    }
                }
            }
            let name = format!("{}-{number}/{}", rule.id, example.path);
            workspace.write_bytes(&name, text.as_bytes());
            files.push(workspace.path(&name));
        }
    }
    (workspace, files)
}

fn texts(files: &[PathBuf]) -> BTreeMap<PathBuf, Vec<u8>> {
    files.iter().filter_map(|file| Some((file.clone(), std::fs::read(file).ok()?))).collect()
}

fn fix(workspace: &Workspace, options: &[&str]) -> Run {
    let all = [&["fix", "--isolated", "--no-ignore", "--discard"], options, &["."]].concat();
    workspace.run(&all)
}

fn assert_parsed(before: &[PathBuf], files: &[PathBuf], run: &Run) {
    let before: BTreeSet<&PathBuf> = before.iter().collect();
    let broken: Vec<_> = refused(files).into_iter().filter(|file| !before.contains(file)).collect();
    let shown: Vec<String> = broken
        .iter()
        .map(|file| format!("{}:\n{}", file.display(), std::fs::read_to_string(file).unwrap()))
        .collect();
    assert!(broken.is_empty(), "{}\n{}", shown.join("\n"), run.stdout);
}

/// Fixes the examples, and returns each file before and after.
fn check(variant: Variant, options: &[&str], least: usize) -> Vec<(PathBuf, Vec<u8>, Vec<u8>)> {
    let (workspace, files) = workspace(variant);
    let refused_before = refused(&files);
    let before = texts(&files);
    let run = fix(&workspace, options);
    let withdrawn: Vec<&str> =
        run.stdout.lines().filter(|line| line.contains("withdrawn")).collect();
    assert!(withdrawn.is_empty(), "{}", withdrawn.join("\n"));
    assert!(!run.stdout.contains(": not fixed"), "{}", run.stdout);
    assert_parsed(&refused_before, &files, &run);
    let after = texts(&files);
    let changed = before.iter().filter(|(file, text)| after.get(*file) != Some(*text)).count();
    assert!(changed >= least, "{changed} of {} files: {}", files.len(), run.stdout);
    // A second run changes nothing.
    let again = fix(&workspace, options);
    assert_eq!(texts(&files), after, "{}", again.stdout);
    let with_after = |(file, old): (PathBuf, Vec<u8>)| {
        let new = after.get(&file)?.clone();
        Some((file, old, new))
    };
    before.into_iter().filter_map(with_after).collect()
}

#[test]
fn examples_are_fixed_safely() {
    // Several secrets share one name here, so that most fixes are unsafe.
    check(Variant::Plain, &[], 30);
}

#[test]
fn examples_are_fixed_unsafely() {
    check(Variant::Plain, &["--unsafe-fixes"], 160);
}

#[test]
fn examples_with_line_ends_of_windows_and_a_byte_order_mark_keep_them() {
    let files = check(Variant::Windows, &["--unsafe-fixes"], 160);
    // A file of one line has no unchanged lines.
    for (file, before, after) in files.iter().filter(|(_, before, _)| before.contains(&b'\n')) {
        let is_bare = |at: usize| at == 0 || after[at - 1] != b'\r';
        assert!(!memchr::memchr_iter(b'\n', after).any(is_bare), "{}", file.display());
        let mark = b"\xef\xbb\xbf";
        assert_eq!(before.starts_with(mark), after.starts_with(mark), "{}", file.display());
    }
}
