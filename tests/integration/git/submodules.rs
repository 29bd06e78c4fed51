//! History scans of submodules.

use super::repo::{Repo, Scan, token};
use std::path::Path;

fn leak(label: &str) -> String {
    format!("TOKEN = \"{}\"\n", token(label))
}

/// A repository in which a secret was added and removed. Returns the two commits.
fn forgetful(label: &str) -> (Repo, [String; 2]) {
    let repo = Repo::new();
    let brought = repo.commit_file("a.py", leak(label));
    let removed = repo.commit_file("a.py", "x = 1\n");
    (repo, [brought, removed])
}

fn plain() -> Repo {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    repo
}

fn add(repo: &Repo, other: &Repo, arguments: &[&str]) {
    let url = other.dir.to_string_lossy().into_owned();
    repo.git(&[&["submodule", "--quiet", "add"], &arguments[1..], &[&url, arguments[0]]].concat());
    repo.commit("a submodule");
}

/// A repository with a submodule in `libs/outer`, which has a submodule in `in`, all checked out.
fn nested() -> (Repo, [String; 2], [String; 2]) {
    let (inner, inner_commits) = forgetful("inner");
    let (outer, outer_commits) = forgetful("outer");
    add(&outer, &inner, &["in"]);
    let repo = Repo::new();
    repo.commit_file("own.py", leak("own"));
    add(&repo, &outer, &["libs/outer", "--name", "some/name"]);
    repo.git(&["submodule", "--quiet", "update", "--init", "--recursive"]);
    (repo, outer_commits, inner_commits)
}

fn path<'s>(scan: &'s Scan, label: &str) -> &'s str {
    scan.one(label)["location"]["path"].as_str().expect("a path")
}

fn commits(scan: &Scan, label: &str) -> [String; 2] {
    let history = &scan.one(label)["history"];
    ["introduced", "removed"].map(|one| {
        assert_eq!(history[one]["path"], path(scan, label));
        history[one]["commit"].as_str().expect("a commit").to_string()
    })
}

#[test]
fn submodules_and_theirs_are_read_under_their_folders() {
    let (repo, outer, inner) = nested();
    for options in [&["--history"][..], &["--all", "-j1"], &["--unreachable"]] {
        let scan = repo.scan(options);
        scan.ended_with(1).found_only(&["own", "outer", "inner"]);
        assert_eq!(path(&scan, "outer"), "libs/outer/a.py");
        assert_eq!(path(&scan, "inner"), "libs/outer/in/a.py");
        assert_eq!(commits(&scan, "outer"), outer);
        assert_eq!(commits(&scan, "inner"), inner);
        assert!(scan.skipped().is_empty(), "{:?}", scan.skipped());
        let advice = scan.one("inner")["history"]["advice"].clone();
        assert!(advice[0].as_str().expect("advice").starts_with("revoke it first"));
        assert!(advice[1].as_str().expect("advice").contains("`cd './libs/outer/in'`"));
    }
}

#[test]
fn paths_globs_and_revisions_say_which_submodules_are_meant() {
    let (repo, ..) = nested();
    repo.scan(&["--history", "--exclude", "libs/outer/in/"]).found_only(&["own", "outer"]);
    repo.scan(&["--history", "--exclude", "libs/"]).found_only(&["own"]);
    repo.scan(&["--history", "--exclude", "/a.py"]).found_only(&["own", "outer", "inner"]);
    repo.scan(&["--history", "--", "libs"]).found_only(&["outer", "inner"]);
    repo.scan(&["--history", "--", "libs/outer/in"]).found_only(&["inner"]);
    repo.scan(&["--history", "main"]).found_only(&["own"]);
    repo.scan_in(&repo.dir.join("libs/outer"), &["--history"], "").found_only(&["outer", "inner"]);
    repo.write(".hfscan.toml", "[per-path]\n\"libs/outer/a.py\" = [\"*\"]\n");
    repo.scan(&["--history"]).found_only(&["own", "inner"]);
}

#[test]
fn the_same_secret_in_two_submodules_has_two_fingerprints() {
    let (one, _) = forgetful("same");
    let repo = Repo::new();
    add(&repo, &one, &["first"]);
    add(&repo, &one, &["second"]);
    let scan = repo.scan(&["--history"]);
    let found = scan.of("same");
    assert_eq!(found.len(), 2);
    assert_ne!(found[0]["fingerprint"], found[1]["fingerprint"]);
}

#[test]
fn a_submodule_that_head_has_no_longer_is_still_remembered() {
    let (other, commits_of) = forgetful("gone");
    let repo = Repo::new();
    add(&repo, &other, &["libs/x"]);
    repo.git(&["rm", "--quiet", "libs/x"]);
    repo.commit("remove");
    assert!(!repo.dir.join("libs/x").exists());
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["gone"]);
    assert_eq!(path(&scan, "gone"), "libs/x/a.py");
    assert_eq!(commits(&scan, "gone"), commits_of);
}

#[test]
fn a_submodule_with_a_git_folder_of_its_own_is_read() {
    let (other, commits_of) = forgetful("embedded");
    let repo = Repo::new();
    let url = other.dir.to_string_lossy().into_owned();
    repo.git(&["clone", "--quiet", &url, "old/style"]);
    repo.git(&["-c", "advice.addEmbeddedRepo=false", "add", "old/style"]);
    repo.commit("embedded");
    assert!(repo.dir.join("old/style/.git").is_dir());
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["embedded"]);
    assert_eq!(path(&scan, "embedded"), "old/style/a.py");
    assert_eq!(commits(&scan, "embedded"), commits_of);
}

#[test]
fn what_only_the_store_of_a_submodule_has_is_told_if_asked_for() {
    let (other, _) = forgetful("x");
    let repo = Repo::new();
    add(&repo, &other, &["sub"]);
    let sub = repo.dir.join("sub");
    std::fs::write(sub.join("a.py"), leak("dropped")).expect("a file");
    repo.git_in(&sub, &["stash", "--quiet"]);
    repo.git_in(&sub, &["stash", "drop", "--quiet"]);
    repo.scan(&["--history"]).found_only(&["x"]);
    let scan = repo.scan(&["--history", "--unreachable"]);
    scan.found_only(&["x", "dropped"]);
    assert_eq!(path(&scan, "dropped"), "sub/a.py");
}

#[test]
fn a_submodule_that_was_never_fetched_is_not_there() {
    let (repo, ..) = nested();
    let clone = repo.beside("clone");
    repo.git_in(
        repo.folder(),
        &["clone", "--quiet", &repo.dir.to_string_lossy(), &clone.to_string_lossy()],
    );
    let scan = repo.scan_in(&clone, &["--history"], "");
    scan.ended_with(1).found_only(&["own"]);
    assert!(scan.skipped().is_empty(), "{:?}", scan.skipped());
}

#[test]
fn a_submodule_that_cannot_be_read_is_named_and_the_rest_is_read() {
    let (other, _) = forgetful("x");
    let repo = Repo::new();
    add(&repo, &other, &["sub"]);
    let other = plain();
    add(&repo, &other, &["broken"]);
    let config = repo.dir.join(".git/modules/broken/config");
    std::fs::write(&config, "[core]\nrepositoryformatversion = 9\n").expect("a file");
    let scan = repo.scan(&["--history"]);
    scan.found_only(&["x"]);
    assert!(
        scan.skipped()[0].starts_with("\"broken/.git\": \"unreadable\""),
        "{:?}",
        scan.skipped()
    );
    repo.git_in(&repo.dir, &["rm", "--quiet", "--cached", "sub"]);
    std::fs::remove_dir_all(repo.dir.join(".git/modules/sub")).expect("a folder");
    repo.scan(&["--history"]).ended_with(2).found_only(&[]);
}

/// Scans `repo`, whose submodule `evil` points to a foreign repository.
fn finds_nothing_outside(repo: &Repo, reason: &str) {
    let scan = repo.scan(&["--history", "--unreachable"]);
    scan.ended_with(0).found_only(&[]);
    let expected = format!("\"evil/.git\": \"{reason}\"");
    let skipped = scan.skipped();
    assert!(skipped.len() == 1 && skipped[0].starts_with(&expected), "{skipped:?}");
}

fn with_evil() -> (Repo, Repo) {
    let (victim, _) = forgetful("victim");
    let repo = Repo::new();
    let other = plain();
    add(&repo, &other, &["evil"]);
    finds(&repo, &[]);
    (repo, victim)
}

fn finds(repo: &Repo, labels: &[&str]) {
    let scan = repo.scan(&["--history"]);
    scan.found_only(labels);
    assert!(scan.skipped().is_empty(), "{:?}", scan.skipped());
}

fn drop_store(repo: &Repo) {
    std::fs::remove_dir_all(repo.dir.join(".git/modules/evil")).expect("a store");
}

#[test]
fn a_git_file_that_points_out_of_the_repository_is_not_followed() {
    let (repo, victim) = with_evil();
    drop_store(&repo);
    let outside = victim.dir.join(".git");
    repo.write("evil/.git", format!("gitdir: {}\n", outside.display()));
    finds_nothing_outside(&repo, "outside");
    // Inside the repository, the target would be read.
    let inside = repo.dir.join(".git/elsewhere");
    copy(&outside, &inside);
    repo.write("evil/.git", format!("gitdir: {}\n", inside.display()));
    finds(&repo, &["victim"]);
}

#[test]
fn a_store_that_borrows_all_of_another_repositorys_is_not_read() {
    let (repo, victim) = with_evil();
    let outside = victim.dir.join(".git");
    repo.write(".git/modules/evil/commondir", format!("{}\n", outside.display()));
    finds_nothing_outside(&repo, "outside");
}

#[cfg(unix)]
#[test]
fn links_to_other_repositories_are_not_followed() {
    use std::os::unix::fs::symlink;
    let (repo, victim) = with_evil();
    let outside = victim.dir.join(".git");
    let store = repo.dir.join(".git/modules/evil");
    std::fs::remove_dir_all(store.join("objects")).expect("objects");
    symlink(outside.join("objects"), store.join("objects")).expect("a link");
    finds_nothing_outside(&repo, "outside");
    drop_store(&repo);
    symlink(&outside, &store).expect("a link");
    std::fs::remove_dir_all(repo.dir.join("evil")).expect("a folder");
    finds_nothing_outside(&repo, "symlink");
    std::fs::remove_file(&store).expect("a link");
    symlink(&victim.dir, repo.dir.join("evil")).expect("a link");
    finds_nothing_outside(&repo, "outside");
    std::fs::remove_file(repo.dir.join("evil")).expect("a link");
    std::fs::create_dir(repo.dir.join("evil")).expect("a folder");
    symlink(&outside, repo.dir.join("evil/.git")).expect("a link");
    finds_nothing_outside(&repo, "symlink");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("a file")),
        }
    }
}
