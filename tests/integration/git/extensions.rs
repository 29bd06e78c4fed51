//! Repositories of format version 1, with extensions that git supports and libgit2 partly refuses.

use super::{
    repo::{Repo, scrub, token},
    states::{Row, check, leaky},
};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// Sets an extension; git accepts some only in repositories of format version 1.
fn extension(repo: &Repo, name: &str, value: &str) {
    let path = repo.dir.join(".git/config");
    let own = fs::read_to_string(&path).expect("a configuration");
    let own = own.replace("repositoryformatversion = 0", "repositoryformatversion = 1");
    fs::write(path, format!("{own}[extensions]\n\t{name} = {value}\n")).expect("a file");
}

const ROWS: &[Row] = &[
    Row {
        name: "partial clone",
        expected: "ffff",
        make: |repo| extension(repo, "partialClone", "origin"),
    },
    Row { name: "no operation", expected: "ffff", make: |repo| extension(repo, "noop-v1", "true") },
    Row {
        name: "references in files",
        expected: "ffff",
        make: |repo| extension(repo, "refStorage", "files"),
    },
    Row {
        name: "references in a reftable",
        expected: "f222",
        make: |repo| extension(repo, "refStorage", "reftable"),
    },
];

#[test]
fn an_extension_is_read_or_its_repository_refused_in_each_mode() {
    check(ROWS);
}

#[test]
fn an_extension_that_libgit2_refuses_and_git_reads_is_read_in_every_layout() {
    let repo = leaky();
    extension(&repo, "partialClone", "origin");
    let bare = repo.beside("bare");
    repo.git(&["clone", "--quiet", "--bare", ".", &bare.to_string_lossy()]);
    let config = fs::read_to_string(bare.join("config")).expect("a configuration");
    let config = config.replace("repositoryformatversion = 0", "repositoryformatversion = 1");
    fs::write(bare.join("config"), config + "[extensions]\n\tpartialClone = origin\n")
        .expect("a file");
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "--quiet", &linked.to_string_lossy(), "HEAD~1"]);
    for dir in [&repo.dir, &bare, &linked] {
        let scan = repo.scan_in(dir, &["--history"], "");
        assert_eq!((scan.status, scan.of("leak").len()), (1, 1), "{dir:?}: {}", scan.errors);
    }
    let scan = repo.scan_in(&repo.dir.join(".git"), &["--history"], "");
    assert_eq!(scan.status, 1, "{}", scan.errors);
}

#[test]
fn a_signal_leaves_no_temporary_folder() {
    let repo = leaky();
    // Scanning it takes seconds without optimisation.
    repo.commit_file("long.txt", format!("{} ", token("long")).repeat(100_000));
    extension(&repo, "partialClone", "origin");
    let folder = repo.beside("temporary");
    fs::create_dir(&folder).expect("a folder");
    let count = || fs::read_dir(&folder).expect("a folder").count();
    for signal in [Signal::INT, Signal::TERM] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hfscan"));
        scrub(&mut command, &repo.dir);
        command.args(["--history", "--no-progress"]).env("TMPDIR", &folder);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("hfscan is built");
        let started = Instant::now();
        while count() == 0 {
            assert!(started.elapsed() < Duration::from_secs(30), "there is no temporary folder");
            sleep(Duration::from_millis(2));
        }
        kill_process(Pid::from_child(&child), signal).expect("a process");
        assert_eq!(child.wait().expect("it ends").code(), Some(2));
        assert_eq!(count(), 0);
    }
}
