//! Scans of a range of commits or of a push.

use super::repo::{Repo, Scan, token};

fn leak(label: &str) -> String {
    format!("TOKEN = \"{}\"\n", token(label))
}

const ZERO: &str = "0000000000000000000000000000000000000000";

#[test]
fn what_a_later_commit_of_the_range_removes_was_brought_all_the_same() {
    let repo = Repo::new();
    repo.commit_file("old.py", leak("old"));
    let from = repo.head();
    let brought = repo.commit_file("a.py", leak("a"));
    let removed = repo.commit_file("a.py", "x = 1\n");
    for arguments in [
        &["--range", &format!("{from}..HEAD")][..],
        &["--range", &format!("{from}...HEAD")],
        &["--since", &from],
    ] {
        let scan = repo.scan(arguments);
        scan.ended_with(1).found_only(&["a"]);
        let history = &scan.one("a")["history"];
        assert_eq!(history["introduced"]["commit"], brought.as_str());
        assert_eq!(history["introduced"]["author"], "Ada");
        assert_eq!(history["removed"]["commit"], removed.as_str());
        assert!(!scan.report.to_string().contains("ada@example.org"));
    }
    repo.scan(&["--range", "HEAD..HEAD"]).ended_with(0).found_only(&[]);
}

#[test]
fn a_line_that_was_there_before_is_not_brought_by_an_edit_beside_it() {
    let repo = Repo::new();
    repo.commit_file("a.py", leak("old"));
    repo.commit_file("a.py", format!("{}x = 1\n", leak("old")));
    repo.git(&["mv", "a.py", "b.py"]);
    repo.commit("rename");
    repo.scan(&["--since", "HEAD~2"]).ended_with(0).found_only(&[]);
    // With whole files, the finding counts once for each name of the file.
    let scan = repo.scan(&["--since", "HEAD~2", "--whole-files"]);
    assert_eq!(scan.ended_with(1).of("old").len(), 2);
}

#[test]
fn one_secret_in_many_versions_is_told_once() {
    let repo = Repo::new();
    repo.commit("root");
    let first = repo.commit_file("a.py", leak("a"));
    repo.commit_file("a.py", format!("\n{}", leak("a").trim_end().to_string() + "  # moved\n"));
    let scan = repo.scan(&["--since", "HEAD~2"]);
    scan.found_only(&["a"]);
    assert_eq!(scan.one("a")["history"]["introduced"]["commit"], first.as_str());
    assert_eq!(scan.one("a")["history"]["occurrences"], 2);
    assert_eq!(repo.scan(&["--since", "HEAD~2", "--every-occurrence"]).of("a").len(), 2);
}

#[test]
fn a_merge_has_what_it_did_itself() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    let topic = repo.commit_file("t.py", leak("topic"));
    repo.git(&["checkout", "--quiet", "main"]);
    repo.commit_file("m.py", leak("main"));
    let from = repo.head();
    repo.git(&["merge", "--quiet", "--no-ff", "--no-commit", "topic"]);
    repo.add("a.py", leak("evil"));
    let merge = repo.commit("merge");
    let scan = repo.scan(&["--range", &format!("{from}..main")]);
    scan.ended_with(1).found_only(&["topic", "evil"]);
    assert_eq!(scan.one("topic")["history"]["introduced"]["commit"], topic.as_str());
    assert_eq!(scan.one("evil")["history"]["introduced"]["commit"], merge.as_str());
}

#[test]
fn the_message_of_a_commit_is_read() {
    let repo = Repo::new();
    repo.commit("root");
    let told = repo.commit(&format!("uses {}", token("message")));
    let scan = repo.scan(&["--since", "HEAD~1"]);
    scan.ended_with(1).found_only(&["message"]);
    assert_eq!(scan.one("message")["history"]["introduced"]["commit"], told.as_str());
    assert_eq!(scan.one("message")["history"]["kind"], "commit");
}

#[test]
fn a_revision_that_names_nothing_is_an_error_with_a_way_out() {
    let repo = Repo::new();
    repo.commit("root");
    let scan = repo.scan(&["--range", "nowhere..HEAD"]);
    scan.ended_with(2);
    assert!(scan.errors.contains("`nowhere` names no commit"), "{}", scan.errors);
    repo.scan(&["--range", "HEAD"]).ended_with(2);
}

fn push(repo: &Repo, lines: &[String]) -> Scan {
    repo.scan_in(&repo.dir, &["--pre-push=origin"], &lines.concat())
}

/// A repository with a remote that has its first commit.
fn with_remote() -> Repo {
    let repo = Repo::new();
    let remote = repo.beside("remote.git");
    repo.git(&["init", "--quiet", "--bare", &remote.to_string_lossy()]);
    repo.git(&["remote", "add", "origin", &remote.to_string_lossy()]);
    repo.commit_file("old.py", leak("pushed"));
    repo.git(&["push", "--quiet", "-u", "origin", "main"]);
    repo
}

#[test]
fn a_push_brings_what_the_remote_has_not() {
    let repo = with_remote();
    let old = repo.head();
    repo.commit_file("a.py", leak("a"));
    repo.commit_file("a.py", "x = 1\n");
    let new = repo.head();
    let update = format!("refs/heads/main {new} refs/heads/main {old}\n");
    push(&repo, &[update]).ended_with(1).found_only(&["a"]);
    let branch = format!("refs/heads/new {new} refs/heads/new {ZERO}\n");
    push(&repo, &[branch]).ended_with(1).found_only(&["a"]);
    let nothing = format!("refs/heads/same {old} refs/heads/same {ZERO}\n");
    push(&repo, &[nothing]).ended_with(0).found_only(&[]);
    let deletion = format!("(delete) {ZERO} refs/heads/main {old}\n");
    push(&repo, &[deletion]).ended_with(0).found_only(&[]);
    push(&repo, &[]).ended_with(0);
    push(&repo, &["nonsense\n".into()]).ended_with(2);
}

#[test]
fn the_first_push_brings_everything() {
    let repo = Repo::new();
    repo.commit_file("a.py", leak("a"));
    repo.commit_file("a.py", "x = 1\n");
    let line = format!("refs/heads/main {} refs/heads/main {ZERO}\n", repo.head());
    push(&repo, &[line]).ended_with(1).found_only(&["a"]);
}

#[test]
fn a_forced_push_and_what_the_remote_has_from_others_is_understood() {
    let repo = with_remote();
    let old = repo.head();
    repo.git(&["checkout", "--quiet", "--orphan", "fresh"]);
    repo.git(&["rm", "--quiet", "-rf", "."]);
    repo.commit_file("f.py", leak("fresh"));
    let new = repo.head();
    let forced = format!("refs/heads/fresh {new} refs/heads/main {old}\n");
    push(&repo, &[forced]).ended_with(1).found_only(&["fresh"]);
    let unknown = format!("refs/heads/fresh {new} refs/heads/main {}\n", "1".repeat(40));
    push(&repo, &[unknown]).ended_with(1).found_only(&["fresh"]);
}

#[test]
fn a_tag_is_pushed_with_its_message() {
    let repo = with_remote();
    repo.git(&["tag", "-a", "v1", "-m", &format!("with {}", token("tag"))]);
    let tag = repo.git(&["rev-parse", "v1"]);
    let line = format!("refs/tags/v1 {tag} refs/tags/v1 {ZERO}\n");
    push(&repo, &[line]).ended_with(1).found_only(&["tag"]);
}

#[test]
#[cfg(unix)]
fn a_pre_push_hook_stops_a_push_between_two_repositories() {
    use std::os::unix::fs::PermissionsExt;
    let repo = Repo::new();
    let remote = repo.beside("remote.git");
    repo.git(&["init", "--quiet", "--bare", &remote.to_string_lossy()]);
    repo.git(&["remote", "add", "origin", &remote.to_string_lossy()]);
    let hook = repo.dir.join(".git/hooks/pre-push");
    let program = env!("CARGO_BIN_EXE_hfscan");
    std::fs::create_dir_all(hook.parent().expect("a file")).expect("a folder");
    std::fs::write(&hook, format!("#!/bin/sh\nexec '{program}' --pre-push=\"$1\" --no-progress\n"))
        .expect("a file");
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).expect("a file");
    let pushes = |arguments: &[&str]| {
        let arguments = [&["push", "--quiet", "origin"], arguments].concat();
        repo.try_git(&repo.dir, &arguments).status.success()
    };
    repo.commit_file("a.py", leak("a"));
    assert!(!pushes(&["main"]), "the first push");
    repo.git(&["commit", "--quiet", "--amend", "-m", "clean", "--allow-empty"]);
    repo.add("a.py", "x = 1\n");
    repo.git(&["commit", "--quiet", "--amend", "-m", "clean"]);
    assert!(pushes(&["main"]), "a clean push");
    repo.commit_file("b.py", leak("b"));
    repo.commit_file("b.py", "x = 1\n");
    assert!(!pushes(&["main"]), "removed again, and pushed all the same");
    assert!(pushes(&["main~2:refs/heads/other"]), "what the remote has is no news");
    assert!(pushes(&["--delete", "other"]), "a deletion brings nothing");
}

#[test]
fn zeros_before_a_range_mean_a_new_branch() {
    let repo = Repo::new();
    repo.commit_file("old.py", leak("leak"));
    repo.git(&["checkout", "--quiet", "-b", "new"]);
    repo.commit_file("a.py", format!("x = \"{}\"\n", token("new")));
    let range = format!("{}..HEAD", "0".repeat(40));
    repo.scan(&["--range", &range]).ended_with(1).found_only(&["new"]);
    repo.scan(&["--since", &"0".repeat(40)]).ended_with(1).found_only(&["new"]);
}

#[test]
fn a_servers_hook_reads_what_a_push_brings() {
    let repo = Repo::new();
    let old = repo.commit_file("a.py", format!("x = \"{}\"\n", token("old")));
    repo.git(&["branch", "kept"]);
    let new = repo.commit_file("b.py", leak("leak"));
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
