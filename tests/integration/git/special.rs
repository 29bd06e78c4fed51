//! FIFOs, devices and oversized files in place of repository files that libgit2 opens by itself.

use super::{
    repo::Repo,
    states::{Row, check, leaky, loose, write},
};
use std::{fs, os::unix::fs::symlink, path::PathBuf, process::Command};

fn fifo(repo: &Repo, path: &str) {
    let path = repo.dir.join(".git").join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let _ = fs::remove_file(&path);
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

const ROWS: &[Row] = &[
    Row { name: "index is a FIFO", expected: "i222", make: |repo| fifo(repo, "index") },
    Row {
        name: "alternates is a FIFO",
        expected: "f222",
        make: |repo| {
            fifo(repo, "objects/info/alternates");
        },
    },
    Row { name: "shallow is a FIFO", expected: "f222", make: |repo| fifo(repo, "shallow") },
    Row { name: "packed-refs is a FIFO", expected: "f222", make: |repo| fifo(repo, "packed-refs") },
    Row {
        name: "a branch is a FIFO",
        expected: "f--2",
        make: |repo| fifo(repo, "refs/heads/other"),
    },
    Row {
        name: "the current branch is a FIFO",
        expected: "f222",
        make: |repo| fifo(repo, "refs/heads/main"),
    },
    Row {
        name: "what the current branch names is a FIFO",
        expected: "f222",
        make: |repo| {
            write(repo, "refs/heads/main", "ref: refs/heads/other\n");
            fifo(repo, "refs/heads/other");
        },
    },
    Row { name: "config is a FIFO", expected: "-222", make: |repo| fifo(repo, "config") },
    Row { name: "HEAD is a FIFO", expected: "f222", make: |repo| fifo(repo, "HEAD") },
];

#[test]
fn special_files_in_the_repository_are_reported_and_never_waited_for() {
    check(ROWS);
}

/// Files of a repository and of its work tree, by their paths in the work tree.
const FILES: &[&str] = &[
    ".git/CHERRY_PICK_HEAD",
    ".git/FETCH_HEAD",
    ".git/HEAD",
    ".git/MERGE_HEAD",
    ".git/ORIG_HEAD",
    ".git/commondir",
    ".git/config",
    ".git/config.worktree",
    ".git/gitdir",
    ".git/hooks/pre-commit",
    ".git/index",
    ".git/info/attributes",
    ".git/info/exclude",
    ".git/info/grafts",
    ".git/info/sparse-checkout",
    ".git/logs/HEAD",
    ".git/logs/refs/heads/main",
    ".git/logs/refs/stash",
    ".git/modules/a/HEAD",
    ".git/modules/a/config",
    ".git/objects/info/alternates",
    ".git/objects/info/commit-graph",
    ".git/objects/info/commit-graphs/commit-graph-chain",
    ".git/objects/pack/multi-pack-index",
    ".git/packed-refs",
    ".git/refs/heads/main",
    ".git/refs/heads/other",
    ".git/refs/remotes/origin/main",
    ".git/refs/replace/x",
    ".git/refs/stash",
    ".git/shallow",
    ".git/worktrees/a/HEAD",
    ".git/worktrees/a/gitdir",
    ".gitattributes",
    ".gitignore",
    ".gitmodules",
    ".hfscan.toml",
    ".hfscanignore",
    ".mailmap",
];

/// Configuration lines that refer to a file `{}`.
const SETTINGS: &[&str] = &[
    "[core]\n\tattributesFile = {}",
    "[core]\n\texcludesFile = {}",
    "[include] path = {}",
    "[include]\n\tpath = \"{}\" ; a comment",
    "[include]\n\tpath = ~/../../../../../../../../../..{}",
    "[includeIf \"gitdir:**\"]\n\tpath = {}",
    "[includeIf \"onbranch:main\"]\n\tpath = {}",
    "[INCLUDE]\n\tpath = \\\n{}",
    "[mailmap]\n\tfile = {}",
];

const MODES: &[&[&str]] = &[
    &["."],
    &["--staged"],
    &["--history"],
    &["--range", "main~1..main"],
    &["--since", "main~1"],
    &["--pre-push"],
];

/// A scan of `repo` in each mode exits, and either finds the token or reports why it may not have.
fn check_modes(repo: &Repo, head: &str, what: &str, modes: &[&[&str]]) {
    let pushed = format!("refs/heads/main {head} refs/heads/main {}\n", "0".repeat(40));
    for mode in modes.iter().copied() {
        let scan = repo.scan_in(&repo.dir, mode, &pushed);
        let is_told = !scan.skipped().is_empty() || !scan.errors.is_empty();
        let is_found = !scan.of("leak").is_empty();
        assert!(
            scan.status == 1 && is_found || scan.status == 2 && is_told,
            "{what} {mode:?}: status {}, {:?} {}",
            scan.status,
            scan.skipped(),
            scan.errors
        );
    }
}

/// Checks a repository whose `file` is created by `make`.
fn check_file(file: &str, make: fn(&PathBuf), modes: &[&[&str]]) {
    let repo = leaky();
    let head = repo.head();
    let path = repo.dir.join(file);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let _ = fs::remove_file(&path);
    make(&path);
    check_modes(&repo, &head, file, modes);
}

fn make_fifo(path: &PathBuf) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

#[test]
fn a_fifo_in_place_of_any_file_of_a_repository_stops_no_scan() {
    for file in FILES {
        check_file(file, make_fifo, MODES);
    }
}

#[test]
fn a_link_to_a_device_in_place_of_any_file_of_a_repository_stops_no_scan() {
    for file in FILES {
        let link = |path: &PathBuf| symlink("/dev/zero", path).expect("a link");
        check_file(file, link, &MODES[..3]);
    }
}

#[test]
fn a_huge_file_in_place_of_any_of_a_repository_stops_no_scan() {
    let make = |path: &PathBuf| {
        fs::File::create(path).expect("a file").set_len(1 << 40).expect("a sparse file");
    };
    for file in FILES {
        // A scan of the files would read some of these to their end.
        check_file(file, make, &MODES[1..4]);
    }
}

#[test]
fn a_fifo_in_place_of_an_object_or_a_pack_stops_no_scan() {
    for (what, is_packed) in [("main", false), ("main:a.py", false), ("idx", true), ("pack", true)]
    {
        let repo = leaky();
        let head = repo.head();
        let path = match is_packed {
            true => {
                repo.git(&["repack", "-adq"]);
                let files = fs::read_dir(repo.dir.join(".git/objects/pack")).expect("a folder");
                let mut files = files.flatten().map(|one| one.path());
                files.find(|one| one.extension().is_some_and(|end| end == what)).expect("a pack")
            }
            false => loose(&repo, what),
        };
        fs::remove_file(&path).expect("a file");
        make_fifo(&path);
        check_modes(&repo, &head, what, MODES);
    }
}

#[test]
fn a_fifo_that_a_configuration_names_stops_no_scan_and_its_line_is_named() {
    for setting in SETTINGS {
        let repo = leaky();
        let head = repo.head();
        let fifo = repo.beside("a-fifo");
        make_fifo(&fifo);
        let path = repo.dir.join(".git/config");
        let own = fs::read_to_string(&path).expect("a configuration");
        let setting = setting.replace("{}", &fifo.to_string_lossy());
        fs::write(&path, format!("{own}{setting}\n")).expect("a file");
        check_modes(&repo, &head, &setting, MODES);
        let errors = repo.scan(&["--staged"]).errors;
        let is_include = setting.to_lowercase().contains("include");
        let line = own.lines().count() + 1 + usize::from(!setting.contains("] path"));
        let place = format!("config:{line}: it includes");
        assert_eq!(errors.contains(&place), is_include, "{setting}: {errors}");
    }
}

#[test]
fn a_reference_that_leads_to_a_fifo_stops_no_scan() {
    let repo = leaky();
    let head = repo.head();
    write(&repo, "refs/remotes/origin/HEAD", "ref: refs/heads/other\n");
    fifo(&repo, "refs/heads/other");
    check_modes(&repo, &head, "origin/HEAD", MODES);
}
