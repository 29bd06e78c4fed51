//! Scans of staged changes.

use super::{
    repo::{Repo, scrub, token},
    states::leaky,
};
use std::{fs, path::Path, process::Command};

/// A line with a token.
fn leak(label: &str) -> String {
    format!("TOKEN = \"{}\"\n", token(label))
}

#[test]
fn before_the_first_commit_the_whole_index_is_new() {
    let repo = Repo::new();
    repo.add("a.py", leak("a"));
    repo.write("b.py", leak("b"));
    let scan = repo.scan(&["--staged"]);
    scan.ended_with(1).found_only(&["a"]);
    assert_eq!(scan.one("a")["history"]["state"], "staged");
    assert_eq!(scan.one("a")["location"]["path"], "a.py");
}

#[test]
fn the_index_counts_and_not_the_file() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    repo.add("a.py", leak("staged"));
    repo.write("a.py", leak("unstaged"));
    repo.scan(&["--staged"]).ended_with(1).found_only(&["staged"]);
    // Conversely, a change that is only in the work tree is not committed.
    repo.add("a.py", "x = 2\n");
    repo.write("a.py", leak("unstaged"));
    repo.scan(&["--staged"]).ended_with(0).found_only(&[]);
}

#[test]
fn only_what_the_change_adds_counts_unless_whole_files_are_asked_for() {
    let repo = Repo::new();
    repo.commit_file("a.py", format!("{}x = 1\n", leak("old")));
    repo.add("a.py", format!("{}x = 2\n{}", leak("old"), leak("new")));
    repo.scan(&["--staged"]).ended_with(1).found_only(&["new"]);
    repo.scan(&["--staged", "--whole-files"]).ended_with(1).found_only(&["new", "old"]);
}

#[test]
fn a_changed_mode_or_name_adds_nothing() {
    let repo = Repo::new();
    repo.commit_file("a.py", leak("a"));
    let long: String = (0..40).map(|n| format!("line {n}\n")).collect();
    repo.commit_file("c.py", format!("{}{long}", leak("c")));
    repo.git(&["update-index", "--chmod=+x", "a.py"]);
    repo.scan(&["--staged"]).ended_with(0).found_only(&[]);
    repo.git(&["mv", "a.py", "b.py"]);
    repo.scan(&["--staged"]).ended_with(0).found_only(&[]);
    // A renamed and edited file: only the edit counts.
    repo.git(&["mv", "c.py", "d.py"]);
    repo.add("d.py", format!("{}{long}{}", leak("c"), leak("edit")));
    repo.scan(&["--staged"]).ended_with(1).found_only(&["edit"]);
}

#[test]
fn a_copy_is_a_new_leak_and_a_deletion_is_none() {
    let repo = Repo::new();
    repo.commit_file("a.py", leak("a"));
    repo.commit_file("gone.py", leak("gone"));
    repo.add("copy.py", leak("a"));
    repo.git(&["rm", "--quiet", "gone.py"]);
    let scan = repo.scan(&["--staged"]);
    scan.ended_with(1).found_only(&["a"]);
    assert_eq!(scan.one("a")["location"]["path"], "copy.py");
}

#[test]
fn a_file_that_is_only_meant_to_be_added_is_not_in_the_commit() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    repo.write("b.py", leak("b"));
    repo.git(&["add", "--intent-to-add", "b.py"]);
    repo.scan(&["--staged"]).ended_with(0).found_only(&[]);
}

#[test]
fn split_and_sparse_and_compressed_indexes_are_read() {
    for options in [
        &["update-index", "--split-index"][..],
        &["update-index", "--index-version", "4"],
        &["-c", "index.skipHash=true", "update-index", "--force-write-index"],
    ] {
        let repo = Repo::new();
        for number in 0..30 {
            repo.add(&format!("d{}/f{number}.py", number % 3), format!("x = {number}\n"));
        }
        repo.commit("many");
        repo.git(options);
        repo.add("d1/f4.py", leak("changed"));
        repo.add("d1/new.py", leak("new"));
        repo.git(&["rm", "--quiet", "--cached", "d2/f5.py"]);
        repo.scan(&["--staged"]).ended_with(1).found_only(&["changed", "new"]);
    }
}

#[test]
fn a_sparse_index_is_read_and_what_lies_outside_is_not_new() {
    let repo = Repo::new();
    repo.add("in/a.py", "x = 1\n");
    repo.add("out/deep/b.py", leak("old"));
    repo.commit("both");
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    assert!(
        repo.git(&["ls-files", "--sparse"]).contains("out/\n")
            || repo.git(&["ls-files", "--sparse"]).ends_with("out/")
    );
    repo.add("in/a.py", leak("new"));
    repo.scan(&["--staged"]).ended_with(1).found_only(&["new"]);
}

#[test]
fn a_submodule_is_none_of_the_commits_files() {
    let other = Repo::new();
    other.commit_file("a.py", leak("inner"));
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    repo.git(&["submodule", "--quiet", "add", &other.dir.to_string_lossy(), "sub"]);
    repo.add("b.py", leak("b"));
    repo.scan(&["--staged"]).ended_with(1).found_only(&["b"]);
}

#[test]
fn paths_that_are_named_limit_what_is_read() {
    let repo = Repo::new();
    repo.add("a/x.py", leak("a"));
    repo.add("b/x.py", leak("b"));
    repo.scan(&["--staged", "a"]).found_only(&["a"]);
    repo.scan(&["--staged", "--exclude", "a/"]).found_only(&["b"]);
    repo.scan_in(&repo.dir.join("a"), &["--staged"], "").found_only(&["a", "b"]);
}

#[test]
fn a_work_tree_of_its_own_has_an_index_of_its_own() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    let other = repo.beside("other");
    repo.git(&["worktree", "add", "--quiet", &other.to_string_lossy()]);
    std::fs::write(other.join("w.py"), leak("w")).expect("a file");
    repo.git_in(&other, &["add", "w.py"]);
    repo.scan_in(&other, &["--staged"], "").ended_with(1).found_only(&["w"]);
    repo.scan(&["--staged"]).ended_with(0);
}

/// A repository whose pre-commit hook is hfscan.
fn guarded() -> Repo {
    let repo = Repo::new();
    let hook = repo.dir.join(".git/hooks/pre-commit");
    let program = env!("CARGO_BIN_EXE_hfscan");
    std::fs::create_dir_all(hook.parent().expect("a file")).expect("a folder");
    std::fs::write(&hook, format!("#!/bin/sh\nexec '{program}' --staged --no-progress\n"))
        .expect("a file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).expect("a file");
    }
    repo
}

fn commit(repo: &Repo, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    scrub(&mut command, &repo.dir);
    command
        .args(["commit", "--quiet", "-m", "x"])
        .args(arguments)
        .output()
        .expect("git")
        .status
        .success()
}

#[test]
#[cfg(unix)]
fn a_hook_stops_every_way_to_commit_a_token() {
    let repo = guarded();
    repo.add("first.py", leak("first"));
    assert!(!commit(&repo, &[]), "the first commit");
    repo.add("first.py", "x = 1\n");
    assert!(commit(&repo, &[]), "a clean first commit");
    repo.write("first.py", leak("all"));
    assert!(!commit(&repo, &["--all"]), "commit --all makes an index of its own");
    assert!(!commit(&repo, &["--", "first.py"]), "so does commit -- path");
    assert!(!commit(&repo, &["--amend", "--all"]), "amend");
    repo.write("first.py", "x = 2\n");
    repo.add("other.py", leak("other"));
    assert!(commit(&repo, &["--", "first.py"]), "what is staged beside is not in this commit");
    assert!(!commit(&repo, &[]), "it is in the next");
}

#[test]
fn git_dir_and_index_of_the_environment_are_obeyed() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    repo.add("a.py", leak("a"));
    let index = repo.beside("index");
    std::fs::copy(repo.dir.join(".git/index"), &index).expect("a file");
    repo.git(&["reset", "--quiet", "--hard"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_hfscan"));
    scrub(&mut command, repo.folder());
    let output = command
        .args(["--staged", "--format", "json"])
        .env("GIT_DIR", repo.dir.join(".git"))
        .env("GIT_WORK_TREE", &repo.dir)
        .env("GIT_INDEX_FILE", &index)
        .output()
        .expect("hfscan");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_repository_that_is_named_brings_its_own_configuration() {
    let repo = Repo::new();
    let elsewhere = repo.beside("elsewhere");
    std::fs::create_dir_all(&elsewhere).expect("a folder");
    repo.add("kept.py", leak("kept"));
    repo.add("left_out.py", leak("left out"));
    repo.write(".hfscan.toml", "exclude = [\"/left_out.py\"]\n");
    repo.scan_in(&elsewhere, &["--staged", "../repo"], "").ended_with(1).found_only(&["kept"]);
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
    repo.add("b.py", leak("leak"));
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
fn a_merge_in_progress_reports_what_the_merge_adds() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.commit_file("theirs.py", leak("leak"));
    repo.git(&["checkout", "--quiet", "main"]);
    repo.commit_file("ours.py", "y = 1\n");
    repo.git(&["merge", "--quiet", "--no-commit", "--no-ff", "side"]);
    repo.scan(&["--staged"]).ended_with(0);
    repo.add("theirs.py", format!("{}x = \"{}\"\n", leak("leak"), token("own")));
    repo.scan(&["--staged"]).ended_with(1).found_only(&["own"]);
}
