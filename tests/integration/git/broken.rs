//! Repositories that are damaged, locked or owned by another user.

use super::repo::{Repo, token};
use std::path::{Path, PathBuf};

fn leak(label: &str) -> String {
    format!("TOKEN = \"{}\"\n", token(label))
}

fn with_history() -> Repo {
    let repo = Repo::new();
    for number in 0..40 {
        repo.commit_file(
            &format!("f{number}.py"),
            format!("x = {number}\n{}", "y\n".repeat(number)),
        );
    }
    repo.commit_file("a.py", leak("a"));
    repo.commit_file("b.py", leak("b"));
    repo
}

fn pack(repo: &Repo) -> PathBuf {
    let folder = repo.dir.join(".git/objects/pack");
    let mut files = std::fs::read_dir(folder).expect("a folder").flatten().map(|one| one.path());
    files.find(|path| path.extension().is_some_and(|one| one == "pack")).expect("a pack")
}

fn make_writable(path: &Path) {
    let mut permissions = std::fs::metadata(path).expect("a file").permissions();
    #[allow(clippy::permissions_set_readonly_false)]
    permissions.set_readonly(false);
    std::fs::set_permissions(path, permissions).expect("a file");
}

#[test]
fn of_a_pack_that_is_cut_off_the_rest_is_read() {
    let repo = with_history();
    repo.git(&["repack", "-adq"]);
    let pack = pack(&repo);
    make_writable(&pack);
    let length = std::fs::metadata(&pack).expect("a file").len();
    let file = std::fs::OpenOptions::new().write(true).open(&pack).expect("a file");
    file.set_len(length * 9 / 10).expect("a file");
    let scan = repo.scan(&["--history"]);
    assert!(matches!(scan.status, 1 | 2), "{}", scan.errors);
    assert!(!scan.skipped().is_empty());
    assert_eq!(scan.report["complete"], false);
}

#[test]
fn an_object_that_is_missing_is_named_and_the_rest_is_read() {
    let repo = with_history();
    let blob = repo.git(&["rev-parse", "HEAD:b.py"]);
    std::fs::remove_file(repo.dir.join(".git/objects").join(&blob[..2]).join(&blob[2..]))
        .expect("a file");
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["a"]);
    assert!(scan.skipped().iter().any(|one| one.contains(&blob)), "{:?}", scan.skipped());
    // Without a finding, the result cannot be trusted.
    let scan = repo.scan(&["--history", "--exclude", "a.py"]);
    scan.ended_with(2);
}

#[test]
fn a_corrupt_object_is_named_and_the_rest_is_read() {
    let repo = with_history();
    let blob = repo.git(&["rev-parse", "HEAD:b.py"]);
    let file = repo.dir.join(".git/objects").join(&blob[..2]).join(&blob[2..]);
    make_writable(&file);
    let mut bytes = std::fs::read(&file).expect("a file");
    let last = bytes.len() - 6;
    bytes.truncate(last);
    std::fs::write(&file, bytes).expect("a file");
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["a"]);
    assert!(scan.skipped().iter().any(|one| one.contains(&blob)), "{:?}", scan.skipped());
}

#[test]
fn bytes_that_change_anywhere_in_a_pack_crash_nothing() {
    let repo = with_history();
    repo.git(&["repack", "-adq"]);
    let pack = pack(&repo);
    make_writable(&pack);
    let whole = std::fs::read(&pack).expect("a file");
    for step in 0..25 {
        let mut bytes = whole.clone();
        let at = 12 + (bytes.len() - 40) * step / 25;
        bytes[at] ^= 0xff;
        bytes[at + 1] = bytes[at + 1].wrapping_add(0x80);
        std::fs::write(&pack, bytes).expect("a file");
        let scan = repo.scan(&["--history"]);
        assert!(matches!(scan.status, 1 | 2), "byte {at}: {} {}", scan.status, scan.errors);
        assert!(!scan.report.is_null(), "byte {at}: {}", scan.errors);
        assert!(!scan.skipped().iter().any(|one| one.contains("crash")), "{:?}", scan.skipped());
    }
}

#[test]
fn a_reference_to_nothing_is_named_and_the_rest_is_read() {
    let repo = with_history();
    let nothing = "1".repeat(40);
    std::fs::write(repo.dir.join(".git/refs/heads/broken"), format!("{nothing}\n"))
        .expect("a file");
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["a", "b"]);
    let skipped = scan.skipped();
    assert!(skipped.iter().any(|one| one.contains("refs/heads/broken")), "{skipped:?}");
}

#[test]
fn symbolic_references_that_lead_to_no_end_are_named() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    let write = |name: &str, target: &str| {
        let text = format!("ref: {target}\n");
        std::fs::write(repo.dir.join(".git").join(name), text).expect("a file");
    };
    // One that refers to a branch, or to none yet, is usual.
    write("refs/heads/alias", "refs/heads/main");
    write("refs/heads/unborn", "refs/heads/none");
    repo.git(&["pack-refs", "--all"]);
    repo.scan(&["--history"]).ended_with(0);
    write("refs/heads/x", "refs/heads/y");
    write("refs/heads/y", "refs/heads/x");
    write("refs/tags/z", "refs/tags/z");
    let scan = repo.scan(&["--history"]);
    scan.ended_with(2);
    for name in ["refs/heads/x", "refs/heads/y", "refs/tags/z"] {
        assert!(scan.skipped().iter().any(|one| one.contains(name)), "{:?}", scan.skipped());
    }
}

#[test]
fn a_lock_that_is_held_does_not_matter_to_a_reader() {
    let repo = with_history();
    repo.add("c.py", leak("c"));
    for lock in ["index.lock", "HEAD.lock", "packed-refs.lock", "config.lock"] {
        std::fs::write(repo.dir.join(".git").join(lock), "").expect("a file");
    }
    repo.scan(&["--staged"]).ended_with(1).found_only(&["c"]);
    repo.scan(&["--history"]).ended_with(1).found_only(&["a", "b"]);
    repo.scan(&["--since", "HEAD~1"]).ended_with(1).found_only(&["b"]);
}

#[test]
fn an_index_that_is_cut_off_is_an_error() {
    let repo = with_history();
    let index = repo.dir.join(".git/index");
    let bytes = std::fs::read(&index).expect("a file");
    for length in [0, 5, 100, bytes.len() / 2] {
        std::fs::write(&index, &bytes[..length]).expect("a file");
        let scan = repo.scan(&["--staged"]);
        scan.ended_with(2);
        assert!(scan.errors.contains("truncated or malformed"), "{length}: {}", scan.errors);
    }
}

#[test]
fn outside_of_a_repository_git_options_say_so() {
    let folder = Repo::new();
    for option in ["--staged", "--history", "--since=HEAD", "--range=a..b"] {
        let scan = folder.scan_in(folder.folder(), &[option], "");
        scan.ended_with(2);
        assert!(scan.errors.contains("is not in a git repository"), "{}", scan.errors);
    }
}

#[test]
#[cfg(unix)]
fn the_repository_of_another_user_is_refused_with_the_way_out() {
    let repo = with_history();
    // Only root can give a folder to another user.
    let given = std::os::unix::fs::chown(&repo.dir, Some(12345), Some(12345))
        .and_then(|()| std::os::unix::fs::chown(repo.dir.join(".git"), Some(12345), Some(12345)));
    if given.is_err() {
        return;
    }
    let scan = repo.scan(&["--history"]);
    scan.ended_with(2);
    assert!(scan.errors.contains("another user"), "{}", scan.errors);
    assert!(scan.errors.contains("safe.directory"), "{}", scan.errors);
}
