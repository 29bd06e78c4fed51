//! Repositories in the middle of an operation, in other formats, or in unusual locations: a token
//! is found, or the status is 2 with a reason.

use super::{
    repo::{Repo, token},
    states::{Row, check, cut, leak, leaky, loose, write},
};
use std::io::Write as _;
use std::{fs, process::Command};

/// Commits the staged changes, and creates a branch `side` with another `b.py`.
fn diverged(repo: &Repo) {
    repo.commit("b");
    repo.git(&["checkout", "--quiet", "-b", "side", "main~1"]);
    repo.commit_file("b.py", format!("y = 1\n{}", leak()));
}

const ROWS: &[Row] = &[
    Row {
        name: "rebase in progress",
        expected: "f-ff",
        make: |repo| {
            diverged(repo);
            repo.try_git(&repo.dir, &["rebase", "--quiet", "main"]);
        },
    },
    Row {
        name: "cherry-pick in progress",
        expected: "f-ff",
        make: |repo| {
            diverged(repo);
            repo.try_git(&repo.dir, &["cherry-pick", "main"]);
        },
    },
    Row {
        name: "revert in progress",
        expected: "f--f",
        make: |repo| {
            diverged(repo);
            repo.git(&["checkout", "--quiet", "main"]);
            repo.commit_file("b.py", format!("z = 1\n{}", leak()));
            repo.try_git(&repo.dir, &["revert", "--no-edit", "main~1"]);
        },
    },
    Row {
        name: "am in progress",
        expected: "f-ff",
        make: |repo| {
            diverged(repo);
            let patches = repo.beside("patches");
            let folder = patches.to_string_lossy().into_owned();
            repo.git(&["format-patch", "--quiet", "-1", "-o", &folder, "main"]);
            let patch = fs::read_dir(&patches).expect("a folder").flatten().next();
            let patch = patch.expect("a patch").path().to_string_lossy().into_owned();
            repo.try_git(&repo.dir, &["am", "--quiet", "--3way", &patch]);
        },
    },
    Row {
        name: "bisect in progress",
        expected: "ffff",
        make: |repo| {
            repo.git(&["bisect", "start"]);
        },
    },
    Row {
        name: "intent to add",
        expected: "ffff",
        make: |repo| {
            repo.write("c.py", "x = 1\n");
            repo.git(&["add", "--intent-to-add", "c.py"]);
        },
    },
    Row {
        name: "renamed and staged",
        expected: "ffff",
        make: |repo| {
            repo.git(&["mv", "first.py", "second.py"]);
        },
    },
    Row {
        name: "a commit graph in parts",
        expected: "ffff",
        make: |repo| {
            repo.git(&["commit-graph", "write", "--reachable", "--split"]);
        },
    },
    Row {
        name: "a multi-pack index",
        expected: "ffff",
        make: |repo| {
            repo.git(&["repack", "-dq"]);
            repo.git(&["multi-pack-index", "write"]);
        },
    },
    Row {
        name: "packed twice",
        expected: "ffff",
        make: |repo| {
            repo.git(&["repack", "-q"]);
        },
    },
    Row {
        name: "packed, and its loose commit cut off",
        expected: "ffff",
        make: |repo| {
            repo.git(&["repack", "-q"]);
            cut(repo, "main");
        },
    },
    Row {
        name: "packed, and its loose blob cut off",
        expected: "ffff",
        make: |repo| {
            repo.git(&["repack", "-q"]);
            cut(repo, "main:a.py");
        },
    },
    Row {
        name: "a graft",
        expected: "ff-f",
        make: |repo| {
            let id = repo.git(&["rev-parse", "main"]);
            write(repo, "info/grafts", format!("{id}\n"));
        },
    },
    Row {
        name: "a lock of the index",
        expected: "ffff",
        make: |repo| write(repo, "index.lock", ""),
    },
];

#[test]
fn an_operation_in_progress_hides_nothing() {
    check(ROWS);
}

#[test]
fn a_revision_that_leads_to_a_truncated_object_ends_at_once() {
    for (cut_off, named) in [
        ("main", "main"),
        ("main", "HEAD"),
        ("main", "HEAD~1"),
        ("main~1", "main~1"),
        ("main^{tree}", "main^{tree}"),
        ("main^{tree}", "main:a.py"),
        ("main:a.py", "main:a.py"),
    ] {
        let repo = leaky();
        cut(&repo, cut_off);
        for mode in ["--history", "--since"] {
            let scan = repo.scan(&[mode, named]);
            assert_eq!(scan.status, 2, "{mode} {named}: {}", scan.errors);
            let told = ["cannot read the object", "names no commit: object", "1 unreadable"];
            assert!(told.iter().any(|text| scan.errors.contains(text)), "{}", scan.errors);
        }
    }
    let repo = leaky();
    let path = loose(&repo, "main:a.py");
    let name = path.parent().and_then(|one| one.file_name()).expect("a folder").to_os_string();
    let id = format!("{}{}", name.display(), path.file_name().expect("a name").display());
    cut(&repo, "main:a.py");
    repo.scan(&["--history", &id]).ended_with(2);
}

#[test]
fn a_linked_work_tree_is_scanned_like_the_first_one() {
    let repo = leaky();
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "--quiet", "-b", "other", &linked.to_string_lossy(), "main"]);
    repo.git_in(&linked, &["reset", "--quiet", "--soft", "main~1"]);
    for mode in [&["."][..], &["--staged"], &["--range", "main~1..main"], &["--history"]] {
        repo.scan_in(&linked, mode, "").ended_with(1).found_only(&["leak"]);
    }
    fs::rename(&repo.dir, repo.beside("moved")).expect("a folder");
    for mode in [&["--staged"][..], &["--range", "main~1..main"], &["--history"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hfscan"));
        super::repo::scrub(&mut command, &linked);
        let output = command.args(mode).output().expect("hfscan");
        assert_eq!(output.status.code(), Some(2), "{mode:?}");
    }
}

#[test]
fn a_repository_whose_objects_are_named_by_sha_256_is_scanned_or_says_that_it_is_not() {
    let repo = Repo::with(&["--object-format=sha256"]);
    repo.commit_file("first.py", "x = 1\n");
    repo.commit_file("a.py", leak());
    repo.scan(&["."]).ended_with(1).found_only(&["leak"]);
    for mode in [&["--staged"][..], &["--range", "main~1..main"], &["--history"]] {
        let scan = repo.scan(mode);
        scan.ended_with(2);
        assert!(scan.errors.contains("SHA-256"), "{}", scan.errors);
    }
}

#[test]
fn a_treeless_clone_says_what_was_never_fetched() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    repo.commit_file("a.py", leak());
    repo.commit_file("a.py", "x = 2\n");
    let clone = super::clones::clone(&repo, &["--filter=tree:0"]);
    repo.scan_in(&clone, &["."], "").ended_with(0);
    repo.scan_in(&clone, &["--staged"], "").ended_with(0);
    for mode in [&["--range", "HEAD~2..HEAD"][..], &["--history"]] {
        repo.scan_in(&clone, mode, "").ended_with(2);
    }
}

#[test]
fn a_shared_clone_reads_the_objects_that_it_borrows() {
    let repo = leaky();
    let dir = repo.beside("shared");
    let path = dir.to_string_lossy().into_owned();
    repo.git_in(repo.folder(), &["clone", "--quiet", "--shared", "repo", &path]);
    repo.scan_in(&dir, &["--history"], "").ended_with(1).found_only(&["leak"]);
    fs::rename(&repo.dir, repo.beside("moved")).expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_hfscan"));
    super::repo::scrub(&mut command, &dir);
    let output = command.arg("--history").output().expect("hfscan");
    assert_eq!(output.status.code(), Some(2), "what it borrows is gone");
}

/// Only root can give files to another user.
#[test]
#[cfg(unix)]
fn a_repository_of_another_user_is_refused_in_git_modes_and_its_files_are_read() {
    let repo = leaky();
    let is_root = Command::new("chown").args(["-R", "12345"]).arg(&repo.dir).status();
    if !is_root.is_ok_and(|status| status.success()) {
        let _ = writeln!(std::io::stderr(), "left out: only root can give files to another user");
        return;
    }
    repo.scan(&["."]).ended_with(1);
    for mode in [&["--staged"][..], &["--range", "main~1..main"], &["--history"]] {
        let scan = repo.scan(mode);
        scan.ended_with(2);
        assert!(scan.errors.contains("safe.directory"), "{}", scan.errors);
    }
}

#[test]
fn a_bare_clone_is_read_in_the_modes_that_need_no_work_tree() {
    let repo = leaky();
    let dir = repo.beside("bare");
    let path = dir.to_string_lossy().into_owned();
    repo.git_in(repo.folder(), &["clone", "--quiet", "--bare", "repo", &path]);
    repo.scan_in(&dir, &["--history"], "").ended_with(1).found_only(&["leak"]);
    repo.scan_in(&dir, &["--range", "main~1..main"], "").ended_with(1).found_only(&["leak"]);
    repo.scan_in(&dir, &["--staged"], "").ended_with(2);
}

#[test]
fn a_submodule_in_progress_is_read_with_its_own_index() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    let other = repo.beside("other");
    let path = other.to_string_lossy().into_owned();
    repo.git_in(repo.folder(), &["clone", "--quiet", "repo", &path]);
    repo.git_in(&repo.dir, &["submodule", "--quiet", "add", &path, "sub"]);
    repo.commit("sub");
    fs::write(repo.dir.join("sub/b.py"), format!("TOKEN = \"{}\"\n", token("leak"))).expect("file");
    repo.git_in(&repo.dir.join("sub"), &["add", "b.py"]);
    repo.scan_in(&repo.dir.join("sub"), &["--staged"], "").ended_with(1).found_only(&["leak"]);
    repo.scan(&["."]).ended_with(1).found_only(&["leak"]);
}
