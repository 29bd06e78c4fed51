//! States of a repository, and the exit status of each scan mode: a token is found, or the status
//! is 2 with a reason. In no state does a scan exit with 0 without having read everything.

use super::repo::{Repo, Scan, token};
use std::{fs, path::Path, process::Command};

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

#[cfg(unix)]
fn fifo(repo: &Repo, path: &str) {
    let path = repo.dir.join(".git").join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let _ = fs::remove_file(&path);
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
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

/// Sets an extension; git accepts some only in repositories of format version 1.
fn extension(repo: &Repo, name: &str, value: &str) {
    let path = repo.dir.join(".git/config");
    let own = fs::read_to_string(&path).expect("a configuration");
    let own = own.replace("repositoryformatversion = 0", "repositoryformatversion = 1");
    fs::write(path, format!("{own}[extensions]\n\t{name} = {value}\n")).expect("a file");
}

#[cfg(unix)]
const UNIX_ROWS: &[Row] = &[
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

#[test]
#[cfg(unix)]
fn special_files_in_the_repository_are_reported_and_never_waited_for() {
    check(UNIX_ROWS);
}

/// A clone of `repo` beside it, created with these options.
pub fn clone(repo: &Repo, options: &[&str]) -> std::path::PathBuf {
    let dir = repo.beside("clone");
    let url = format!("file://{}", repo.dir.display());
    let mut arguments = vec!["clone", "--quiet"];
    arguments.extend(options);
    let path = dir.to_string_lossy().into_owned();
    arguments.extend([url.as_str(), &path]);
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    repo.git_in(repo.folder(), &arguments);
    dir
}

#[cfg(unix)]
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
fn the_history_of_a_shallow_clone_is_incomplete_and_its_files_are_not() {
    let repo = Repo::new();
    repo.commit_file("a.py", leak());
    repo.commit_file("a.py", "x = 1\n");
    let clone = clone(&repo, &["--depth", "1"]);
    let scan = repo.scan_in(&clone, &["--history"], "");
    scan.ended_with(2);
    assert!(scan.skipped()[0].contains("fetch --unshallow"), "{:?}", scan.skipped());
    repo.scan_in(&clone, &["."], "").ended_with(0);
    repo.scan_in(&clone, &["--staged"], "").ended_with(0);
}

#[test]
fn what_a_partial_clone_never_fetched_is_reported_where_it_is_needed() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    repo.commit_file("a.py", leak());
    repo.commit_file("a.py", "x = 2\n");
    let clone = clone(&repo, &["--filter=blob:none"]);
    repo.scan_in(&clone, &["."], "").ended_with(0);
    repo.scan_in(&clone, &["--staged"], "").ended_with(0);
    for mode in [&["--range", "HEAD~2..HEAD"][..], &["--history"]] {
        let scan = repo.scan_in(&clone, mode, "");
        scan.ended_with(2);
        assert!(scan.skipped()[0].contains("partial clone"), "{:?}", scan.skipped());
    }
}

#[test]
fn a_clean_repository_of_any_kind_of_index_ends_with_0() {
    let repo = Repo::new();
    repo.add("in/a.py", "x = 1\n");
    repo.add("out/deep/b.py", "x = 1\n");
    repo.commit("both");
    repo.scan(&["."]).ended_with(0);
    repo.git(&["update-index", "--split-index"]);
    repo.scan(&["."]).ended_with(0);
    repo.git(&["update-index", "--no-split-index"]);
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    repo.scan(&["."]).ended_with(0);
    let repo = Repo::with(&["--object-format=sha256"]);
    repo.add("a.py", "x = 1\n");
    repo.commit("a");
    repo.scan(&["."]).ended_with(0);
    // A file that is ignored but tracked is also found through that index.
    repo.add(".gitignore", "b.py\n");
    repo.add("b.py", leak());
    repo.scan(&["."]).ended_with(1).found_only(&["leak"]);
}

#[test]
fn a_bare_repository_has_nothing_staged() {
    let repo = Repo::with(&["--bare"]);
    let scan = repo.scan(&["--staged"]);
    scan.ended_with(2);
    assert!(scan.errors.contains("is bare"), "{}", scan.errors);
}

#[test]
fn a_hook_that_names_files_reads_the_index_that_git_names() {
    let repo = leaky();
    let index = repo.dir.join(".git/alt");
    fs::copy(repo.dir.join(".git/index"), &index).expect("a file");
    repo.git(&["reset", "--quiet", "--hard"]);
    let scan = |dir: &Path, index: &str, arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hfscan"));
        super::repo::scrub(&mut command, dir);
        command.args(["--staged", "--format", "json"]).args(arguments);
        command.env("GIT_INDEX_FILE", index).output().expect("hfscan").status.code()
    };
    fs::create_dir(repo.dir.join("sub")).expect("a folder");
    repo.write("b.py", "x = 1\n");
    assert_eq!(scan(&repo.dir, ".git/alt", &["."]), Some(1));
    assert_eq!(scan(&repo.dir, ".git/alt", &["b.py"]), Some(1));
    assert_eq!(scan(&repo.dir.join("sub"), ".git/alt", &[]), Some(1));
    assert_eq!(scan(&repo.dir, ".git/none", &[]), Some(2));
    assert_eq!(scan(&repo.dir, ".git/none", &["."]), Some(2));
}

#[test]
fn zeros_before_a_range_mean_a_new_branch() {
    let repo = Repo::new();
    repo.commit_file("old.py", leak());
    repo.git(&["checkout", "--quiet", "-b", "new"]);
    repo.commit_file("a.py", format!("x = \"{}\"\n", token("new")));
    let range = format!("{}..HEAD", "0".repeat(40));
    repo.scan(&["--range", &range]).ended_with(1).found_only(&["new"]);
    repo.scan(&["--since", &"0".repeat(40)]).ended_with(1).found_only(&["new"]);
}

#[test]
fn a_merge_in_progress_reports_what_the_merge_adds() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.commit_file("theirs.py", leak());
    repo.git(&["checkout", "--quiet", "main"]);
    repo.commit_file("ours.py", "y = 1\n");
    repo.git(&["merge", "--quiet", "--no-commit", "--no-ff", "side"]);
    repo.scan(&["--staged"]).ended_with(0);
    repo.add("theirs.py", format!("{}x = \"{}\"\n", leak(), token("own")));
    repo.scan(&["--staged"]).ended_with(1).found_only(&["own"]);
}

#[test]
fn a_servers_hook_reads_what_a_push_brings() {
    let repo = Repo::new();
    let old = repo.commit_file("a.py", format!("x = \"{}\"\n", token("old")));
    repo.git(&["branch", "kept"]);
    let new = repo.commit_file("b.py", leak());
    repo.git(&["reset", "--quiet", "--hard", &old]);
    let zero = "0".repeat(40);
    for before in [&old, &zero] {
        let input = format!("{before} {new} refs/heads/main\n");
        repo.scan_in(&repo.dir, &["--pre-receive"], &input).ended_with(1).found_only(&["leak"]);
    }
    let deletion = format!("{old} {zero} refs/heads/main\n");
    repo.scan_in(&repo.dir, &["--pre-receive"], &deletion).ended_with(0);
    repo.scan_in(&repo.dir, &["--pre-receive"], "nonsense\n").ended_with(2);
}
