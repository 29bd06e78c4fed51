//! Ignore files of a hostile tree: links, pipes, and files that are too large.

use crate::support::Workspace;
use std::{
    os::unix::fs::symlink,
    process::Command,
    time::{Duration, Instant},
};

const NAMES: [&str; 3] = [".gitignore", ".ignore", ".hfscanignore"];
const TOKEN: &str = "hf_{{alpha:34}}";

/// The files with findings.
fn found(workspace: &Workspace, args: &[&str]) -> Vec<String> {
    let run = workspace.run(&[args, &["--format", "json"]].concat());
    let file = |place: &String| place.split(':').next().unwrap_or_default().to_string();
    let mut files: Vec<String> = run.places().iter().map(file).collect();
    files.dedup();
    files
}

#[test]
fn an_ignore_file_that_is_a_link_is_not_followed() {
    for target in ["/dev/zero", "patterns", "missing"] {
        let workspace = Workspace::new();
        workspace.git(&["init", "-q"]);
        workspace.write("patterns", "*.txt\n");
        for folder in ["a", "b/c"] {
            workspace.write(&format!("{folder}/leak.txt"), TOKEN);
            for name in NAMES {
                symlink(target, workspace.path(&format!("{folder}/{name}"))).unwrap();
            }
        }
        for args in [&[][..], &["--isolated"], &["a", "b"]] {
            let started = Instant::now();
            assert_eq!(found(&workspace, args), ["a/leak.txt", "b/c/leak.txt"], "{target}");
            assert!(started.elapsed() < Duration::from_secs(20), "{target} {args:?}");
        }
    }
}

#[test]
fn an_ignore_file_that_is_a_pipe_or_a_folder_does_not_stop_a_scan() {
    let workspace = Workspace::new();
    workspace.git(&["init", "-q"]);
    workspace.write("leak.txt", TOKEN);
    workspace.write("sub/leak.txt", TOKEN);
    for name in NAMES {
        let pipe = workspace.path(name);
        assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        std::fs::create_dir(workspace.path(&format!("sub/{name}"))).unwrap();
    }
    let exclude = workspace.path(".git/info/exclude");
    std::fs::remove_file(&exclude).ok();
    std::fs::create_dir_all(exclude.parent().unwrap()).unwrap();
    assert!(Command::new("mkfifo").arg(exclude).status().unwrap().success());
    assert_eq!(found(&workspace, &[]), ["leak.txt", "sub/leak.txt"]);
    assert_eq!(found(&workspace, &["sub"]), ["sub/leak.txt"]);
}

#[test]
fn an_ignore_file_over_the_bounds_hides_nothing_and_makes_the_status_2() {
    let numbers = 0..40_000;
    let wildcards: String =
        (0..3000).map(|number| format!("{}{number}**/a[a-z]*b\n", "*".repeat(20))).collect();
    let names: String = numbers.map(|number| format!("name{number}\n")).collect();
    let long = format!("#{}\n", "x".repeat(2 << 20));
    for patterns in [wildcards, names, long] {
        for name in NAMES {
            let workspace = Workspace::new();
            workspace.git(&["init", "-q"]);
            workspace.write("sub/other.txt", "nothing\n");
            workspace.write_bytes(format!("sub/{name}"), format!("*.log\n{patterns}").as_bytes());
            let run = workspace.run(&["--format", "json"]);
            assert_eq!(run.skipped(), [format!("sub/{name} over-limit")]);
            assert_eq!(run.code, Some(2));
            workspace.write("sub/leak.log", TOKEN);
            assert_eq!(found(&workspace, &[]), ["sub/leak.log"]);
        }
    }
}

#[test]
fn many_patterns_of_ordinary_kinds_are_applied() {
    let workspace = Workspace::new();
    let names: String = (0..10_000).map(|number| format!("/out/name{number}/\n")).collect();
    workspace.write(".gitignore", &format!("{names}*.log\nfoo*\n!keep.log\n"));
    for path in ["a.log", "keep.log", "out/name77/x", "food", "other"] {
        workspace.write(path, TOKEN);
    }
    assert_eq!(found(&workspace, &[]), ["keep.log", "other"]);
}

#[test]
fn isolated_obeys_of_ignore_files_only_what_git_leaves_untracked() {
    let workspace = Workspace::new();
    workspace.write(".gitignore", "git.txt\n");
    workspace.write(".ignore", "plain.txt\n");
    workspace.write(".hfscanignore", "own.txt\n");
    for path in ["git.txt", "plain.txt", "own.txt"] {
        workspace.write(path, TOKEN);
    }
    assert_eq!(found(&workspace, &[]), Vec::<String>::new());
    let all = ["git.txt", "own.txt", "plain.txt"];
    assert_eq!(found(&workspace, &["--isolated"]), all);
    workspace.git(&["init", "-q"]);
    assert_eq!(found(&workspace, &["--isolated"]), all[1..]);
    workspace.git(&["add", "-f", "git.txt"]);
    assert_eq!(found(&workspace, &["--isolated"]), all);
}

#[test]
fn patterns_of_a_folder_hold_below_it_and_deeper_ones_come_first() {
    let workspace = Workspace::new();
    workspace.git(&["init", "-q"]);
    workspace.write(".gitignore", "*.log\n/top.txt\n");
    workspace.write("a/.gitignore", "!keep.log\n");
    workspace.write("a/b/.ignore", "keep.log\n");
    workspace.write("nested/.gitignore", "");
    workspace.git(&["init", "-q", "nested"]);
    for path in ["top.txt", "a/top.txt", "a/x.log", "a/keep.log", "a/b/keep.log", "nested/y.log"] {
        workspace.write(path, TOKEN);
    }
    // The ignore files of the outer repository do not apply to a nested one.
    assert_eq!(found(&workspace, &[]), ["a/keep.log", "a/top.txt", "nested/y.log"]);
    assert_eq!(found(&workspace, &["a/b", "a"]), ["a/keep.log", "a/top.txt"]);
}
