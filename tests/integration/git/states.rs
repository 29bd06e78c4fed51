//! States of a repository, and the exit status of each scan mode: a token is found, or the status
//! is 2 with a reason. In no state does a scan exit with 0 without having read everything.

use super::repo::{Repo, Scan, token};
use std::fs;

/// The scan modes, in the order of the columns of [`Row::expected`].
const MODES: [&[&str]; 4] = [&["."], &["--staged"], &["--range", "main~1..main"], &["--history"]];

/// A state. `expected` has a letter for each mode: `f`: the token is found; `2`: the status is 2
/// and a reason is reported; `0`: the scan is clean and complete; `-`: the mode is not tested.
pub struct Row {
    pub name: &'static str,
    pub expected: &'static str,
    pub make: fn(&Repo),
}

/// A repository with two commits, the second of which adds a token, and another file staged.
pub fn leaky() -> Repo {
    let repo = Repo::new();
    repo.commit_file("first.py", "x = 1\n");
    repo.commit_file("a.py", leak());
    repo.add("b.py", leak());
    repo
}

pub fn leak() -> String {
    format!("TOKEN = \"{}\"\n", token("leak"))
}

/// The file of a loose object.
pub fn loose(repo: &Repo, revision: &str) -> std::path::PathBuf {
    let id = repo.git(&["rev-parse", revision]);
    repo.dir.join(".git/objects").join(&id[..2]).join(&id[2..])
}

/// Truncates the file of a loose object.
pub fn cut(repo: &Repo, revision: &str) {
    let path = loose(repo, revision);
    let bytes = fs::read(&path).expect("an object");
    fs::remove_file(&path).expect("an object");
    fs::write(&path, &bytes[..bytes.len() - 8]).expect("a file");
}

pub fn write(repo: &Repo, path: &str, bytes: impl AsRef<[u8]>) {
    let path = repo.dir.join(".git").join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let _ = fs::remove_file(&path);
    fs::write(path, bytes).expect("a file");
}

const ROWS: &[Row] = &[
    Row { name: "whole", expected: "ffff", make: |_| {} },
    Row { name: "packed", expected: "ffff", make: |repo| drop(repo.git(&["gc", "--quiet"])) },
    Row {
        name: "packed refs",
        expected: "ffff",
        make: |repo| {
            repo.git(&["pack-refs", "--all"]);
        },
    },
    Row {
        name: "split index",
        expected: "ffff",
        make: |repo| {
            repo.git(&["update-index", "--split-index"]);
        },
    },
    Row {
        name: "index v4",
        expected: "ffff",
        make: |repo| {
            repo.git(&["update-index", "--index-version", "4"]);
        },
    },
    Row {
        name: "index without a checksum",
        expected: "ffff",
        make: |repo| {
            repo.git(&["-c", "index.skipHash=true", "update-index", "--force-write-index"]);
        },
    },
    Row {
        name: "detached head",
        expected: "ffff",
        make: |repo| {
            repo.git(&["checkout", "--quiet", "--detach"]);
        },
    },
    Row {
        name: "stash",
        expected: "f0ff",
        make: |repo| {
            repo.git(&["stash", "--quiet"]);
        },
    },
    Row {
        name: "notes",
        expected: "ffff",
        make: |repo| {
            repo.git(&["notes", "add", "-m", "a note"]);
        },
    },
    Row {
        name: "annotated tag",
        expected: "ffff",
        make: |repo| {
            repo.git(&["tag", "-a", "v1", "-m", "a tag"]);
        },
    },
    Row {
        name: "commit graph",
        expected: "ffff",
        make: |repo| {
            repo.git(&["commit-graph", "write", "--reachable"]);
        },
    },
    Row {
        name: "corrupt commit graph",
        expected: "ffff",
        make: |repo| {
            write(repo, "objects/info/commit-graph", "nonsense");
        },
    },
    Row {
        name: "blob cut off",
        expected: "f222",
        make: |repo| {
            cut(repo, "main:a.py");
        },
    },
    Row { name: "tree cut off", expected: "f222", make: |repo| cut(repo, "main^{tree}") },
    Row { name: "commit cut off", expected: "f222", make: |repo| cut(repo, "main") },
    Row {
        name: "blob missing",
        expected: "f222",
        make: |repo| {
            fs::remove_file(loose(repo, "main:a.py")).expect("an object");
        },
    },
    Row {
        name: "tree missing",
        expected: "f222",
        make: |repo| {
            fs::remove_file(loose(repo, "main^{tree}")).expect("an object");
        },
    },
    Row {
        name: "commit missing",
        expected: "f222",
        make: |repo| {
            fs::remove_file(loose(repo, "main")).expect("an object");
        },
    },
    Row {
        name: "blob empty",
        expected: "f222",
        make: |repo| {
            let path = loose(repo, "main:a.py");
            fs::remove_file(&path).expect("an object");
            fs::write(path, "").expect("a file");
        },
    },
    Row {
        name: "another object's blob",
        expected: "f222",
        make: |repo| {
            let (path, other) = (loose(repo, "main:a.py"), loose(repo, "main:first.py"));
            fs::remove_file(&path).expect("an object");
            fs::copy(other, path).expect("a file");
        },
    },
    Row {
        name: "head's branch empty",
        expected: "f222",
        make: |repo| {
            write(repo, "refs/heads/main", "");
        },
    },
    Row {
        name: "head's branch of NUL",
        expected: "f222",
        make: |repo| {
            write(repo, "refs/heads/main", [0; 41]);
        },
    },
    Row {
        name: "head's branch of garbage",
        expected: "f222",
        make: |repo| {
            write(repo, "refs/heads/main", "garbage\n");
        },
    },
    Row {
        name: "head's branch cut off",
        expected: "f222",
        make: |repo| {
            write(repo, "refs/heads/main", "0123456789abcdef\n");
        },
    },
    Row {
        name: "another branch empty",
        expected: "fffi",
        make: |repo| {
            write(repo, "refs/heads/other", "");
        },
    },
    Row {
        name: "another branch of NUL",
        expected: "fffi",
        make: |repo| {
            write(repo, "refs/heads/other", [0; 41]);
        },
    },
    Row {
        name: "another branch of garbage",
        expected: "fffi",
        make: |repo| {
            write(repo, "refs/heads/other", "garbage\n");
        },
    },
    Row {
        name: "another branch to nothing",
        expected: "fffi",
        make: |repo| {
            write(repo, "refs/heads/other", format!("{}\n", "1".repeat(40)));
        },
    },
    Row {
        name: "packed references of garbage",
        expected: "f--i",
        make: |repo| {
            write(repo, "packed-refs", b"\x00\x01\x02garbage\n");
        },
    },
    Row { name: "head empty", expected: "f2f2", make: |repo| write(repo, "HEAD", "") },
    Row { name: "head of garbage", expected: "f2f2", make: |repo| write(repo, "HEAD", "x\n") },
    Row { name: "index empty", expected: "i2ff", make: |repo| write(repo, "index", "") },
    Row {
        name: "index cut off",
        expected: "i2ff",
        make: |repo| {
            let index = fs::read(repo.dir.join(".git/index")).expect("an index");
            write(repo, "index", &index[..index.len() / 2]);
        },
    },
    Row {
        name: "index of garbage",
        expected: "i2ff",
        make: |repo| {
            write(repo, "index", "garbage".repeat(100));
        },
    },
    Row {
        name: "alternates to nothing",
        expected: "ffff",
        make: |repo| {
            write(repo, "objects/info/alternates", "/no/such/folder\n");
        },
    },
    Row {
        name: "merge head of garbage",
        expected: "f2ff",
        make: |repo| {
            write(repo, "MERGE_HEAD", "garbage\n");
        },
    },
    Row {
        name: "merge head to nothing",
        expected: "f2ff",
        make: |repo| {
            write(repo, "MERGE_HEAD", format!("{}\n", "1".repeat(40)));
        },
    },
    Row {
        name: "leads nowhere",
        expected: "i222",
        make: |repo| {
            fs::rename(repo.dir.join(".git"), repo.beside("git")).expect("a folder");
            fs::write(repo.dir.join(".git"), "gitdir: ../nowhere\n").expect("a file");
        },
    },
    Row {
        name: "git file without a path",
        expected: "i222",
        make: |repo| {
            fs::rename(repo.dir.join(".git"), repo.beside("git")).expect("a folder");
            fs::write(repo.dir.join(".git"), "garbage\n").expect("a file");
        },
    },
    Row {
        name: "replaced blob",
        expected: "ffff",
        make: |repo| {
            let (old, new) =
                (repo.git(&["rev-parse", "main:a.py"]), repo.git(&["rev-parse", "main:first.py"]));
            repo.git(&["replace", &old, &new]);
        },
    },
    Row {
        name: "skip-worktree",
        expected: "ffff",
        make: |repo| {
            repo.git(&["update-index", "--skip-worktree", "first.py"]);
        },
    },
    Row {
        name: "assume-unchanged",
        expected: "ffff",
        make: |repo| {
            repo.git(&["update-index", "--assume-unchanged", "a.py"]);
        },
    },
    Row {
        name: "worktree configuration",
        expected: "ffff",
        make: |repo| {
            repo.git(&["config", "extensions.worktreeConfig", "true"]);
            repo.git(&["config", "core.repositoryFormatVersion", "1"]);
        },
    },
    Row {
        name: "unknown extension",
        expected: "f222",
        make: |repo| {
            repo.git(&["config", "core.repositoryFormatVersion", "1"]);
            repo.git(&["config", "extensions.fromTheFuture", "true"]);
        },
    },
    Row {
        name: "conflict",
        expected: "f0ff",
        make: |repo| {
            repo.commit("b");
            repo.git(&["checkout", "--quiet", "-b", "side", "main~1"]);
            repo.commit_file("b.py", format!("{}y = 1\n", leak()));
            repo.try_git(&repo.dir, &["merge", "--quiet", "main"]);
        },
    },
];

/// `true` if the scan has the result of the letter; `i` is a finding in an incomplete scan.
fn is(letter: char, scan: &Scan) -> bool {
    let is_found = !scan.of("leak").is_empty();
    let is_told = !scan.skipped().is_empty() || !scan.errors.is_empty();
    let is_complete = scan.report["complete"] == true;
    match letter {
        'f' => is_found && scan.status == 1,
        'i' => is_found && !is_complete && is_told,
        '2' => is_told && !is_complete && (scan.status == 2 || is_found),
        '0' => scan.status == 0 && is_complete,
        _ => true,
    }
}

pub fn check(rows: &[Row]) {
    let mut wrong = Vec::new();
    for row in rows {
        let repo = leaky();
        (row.make)(&repo);
        for (mode, letter) in MODES.iter().zip(row.expected.chars()) {
            if letter == '-' {
                continue;
            }
            let scan = repo.scan(mode);
            if !is(letter, &scan) {
                let told = scan.skipped();
                let (name, status, errors) = (row.name, scan.status, &scan.errors);
                let found = scan.of("leak").len();
                wrong.push(format!(
                    "{name} {mode:?}: expected {letter}, found {found}, status {status}, {told:?} {errors}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_state_is_found_in_or_reported_in_each_mode() {
    check(ROWS);
}
