//! Baselines: an existing repository gets one and keeps it up to date.

use crate::{formats::bench::hfscan, support::Workspace};
use hfscan::internal::rule::example::expand;
use std::{fs, path::Path, process::Command};

const NAME: &str = ".hfscan-baseline.json";

fn token(label: &str) -> String {
    expand(&format!("hf_{{{{alpha:34:baseline {label}}}}}"))
}

fn leak(label: &str) -> String {
    format!("token = \"{}\"\n", token(label))
}

/// A repository with a leak in each of `count` files.
fn repository(count: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    for number in 0..count {
        fs::write(folder.path().join(format!("f{number:02}.py")), leak(&number.to_string()))
            .unwrap();
    }
    folder
}

fn git(folder: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "t")
            .env(format!("GIT_{role}_EMAIL"), "t@e.invalid");
    }
    command.args(arguments).output().unwrap().status.success()
}

/// The exit status and the standard output.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = hfscan(folder);
    if arguments.first() == Some(&"baseline") {
        // `baseline` shows no progress and has no option for it.
        command = Command::new(env!("CARGO_BIN_EXE_hfscan"));
        command.env_clear().current_dir(folder);
    }
    let output = command.args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), said)
}

fn status(folder: &Path) -> Option<i32> {
    run(folder, &[]).0
}

#[test]
fn fifty_old_findings_are_known_and_a_new_one_is_caught() {
    let repository = repository(50);
    let folder = repository.path();
    assert_eq!(status(folder), Some(1));
    let (code, said) = run(folder, &["baseline", "create"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(folder, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("50 baseline"), "{said}");
    assert_eq!(run(folder, &["--no-baseline"]).0, Some(1));
    fs::write(folder.join("new.py"), leak("new")).unwrap();
    let (code, said) = run(folder, &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("new.py") && said.contains("1 finding "), "{said}");
    assert_eq!(run(folder, &["baseline", "create"]).0, Some(2), "one is there already");
}

#[test]
fn moved_lines_and_renamed_files_stay_known_and_copies_do_not() {
    let repository = repository(2);
    let folder = repository.path();
    run(folder, &["baseline", "create"]);
    let before = fs::read_to_string(folder.join(NAME)).unwrap();
    fs::write(folder.join("f00.py"), format!("\n\n# above\n{}", leak("0"))).unwrap();
    fs::create_dir(folder.join("deep")).unwrap();
    fs::rename(folder.join("f01.py"), folder.join("deep/é b.py")).unwrap();
    assert_eq!(status(folder), Some(0));
    // The same baseline applies in a folder of the repository.
    assert_eq!(status(&folder.join("deep")), Some(0));
    run(folder, &["baseline", "update"]);
    let after = fs::read_to_string(folder.join(NAME)).unwrap();
    assert!(after.contains("deep/é b.py") && !after.contains("f01.py"), "{after}");
    // The line about the other file is unchanged.
    assert!(before.lines().filter(|line| line.contains("f00.py")).all(|line| after.contains(line)));
    // A copy in another file, and one more in the same file, are new.
    fs::copy(folder.join("f00.py"), folder.join("copy.py")).unwrap();
    assert_eq!(status(folder), Some(1));
    fs::remove_file(folder.join("copy.py")).unwrap();
    fs::write(folder.join("f00.py"), leak("0").repeat(2)).unwrap();
    assert_eq!(status(folder), Some(1));
    // Another secret at the same location is new.
    fs::write(folder.join("f00.py"), leak("other")).unwrap();
    assert_eq!(status(folder), Some(1));
}

#[test]
fn pruning_drops_what_is_gone_and_adds_nothing() {
    let repository = repository(3);
    let folder = repository.path();
    run(folder, &["baseline", "create"]);
    fs::remove_file(folder.join("f00.py")).unwrap();
    fs::write(folder.join("f01.py"), "clean\n").unwrap();
    fs::write(folder.join("new.py"), leak("new")).unwrap();
    let (code, said) = run(folder, &["baseline", "prune"]);
    assert_eq!((code, said.contains("1 finding known, 3 before")), (Some(0), true), "{said}");
    let (_, said) = run(folder, &["baseline", "show"]);
    assert!(said.contains("1  critical  hardcoded-token-assignment  f02.py"), "{said}");
    assert_eq!(status(folder), Some(1));
}

#[test]
fn an_update_of_one_folder_leaves_the_entries_of_others() {
    let repository = repository(2);
    let folder = repository.path();
    run(folder, &["baseline", "create"]);
    fs::write(folder.join("f00.py"), "clean\n").unwrap();
    let (_, said) = run(folder, &["baseline", "update", "f00.py"]);
    assert!(said.contains("1 finding known, 2 before"), "{said}");
    assert_eq!(status(folder), Some(0));
}

#[test]
fn writing_twice_gives_the_same_file_and_no_secret_is_in_it() {
    let repository = repository(5);
    let folder = repository.path();
    run(folder, &["baseline", "create"]);
    let first = fs::read_to_string(folder.join(NAME)).unwrap();
    run(folder, &["baseline", "update"]);
    assert_eq!(fs::read_to_string(folder.join(NAME)).unwrap(), first);
    for number in 0..5 {
        let token = token(&number.to_string());
        assert!((3..30).all(|at| !first.contains(&token[at..at + 6])));
    }
    let mut lines: Vec<&str> = first.lines().filter(|line| line.starts_with("{\"path")).collect();
    assert_eq!(lines.len(), 5);
    assert!(lines.is_sorted() && lines.iter().all(|line| line.ends_with("},")));
    lines.dedup();
    assert_eq!(lines.len(), 5);
}

#[test]
fn two_branches_that_update_the_baseline_merge_without_a_conflict() {
    let repository = repository(9);
    let folder = repository.path();
    run(folder, &["baseline", "create"]);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-qm", "start"]);
    for (branch, file) in [("one", "a-first.py"), ("two", "z-last.py")] {
        git(folder, &["checkout", "-qb", branch, "main"]);
        fs::write(folder.join(file), leak(branch)).unwrap();
        run(folder, &["baseline", "update"]);
        git(folder, &["add", "-A"]);
        git(folder, &["commit", "-qm", branch]);
    }
    assert!(git(folder, &["merge", "-q", "--no-edit", "one"]));
    assert_eq!(status(folder), Some(0));
    let (_, said) = run(folder, &["baseline", "show"]);
    assert!(said.contains("11 findings known"), "{said}");
}

#[test]
fn baselines_that_two_branches_made_on_their_own_merge_line_by_line() {
    let repository = repository(3);
    let folder = repository.path();
    fs::write(folder.join(".gitattributes"), format!("{NAME} merge=union\n")).unwrap();
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-qm", "start"]);
    for (branch, file) in [("one", "n1.py"), ("two", "n2.py")] {
        git(folder, &["checkout", "-qb", branch, "main"]);
        fs::write(folder.join(file), leak(branch)).unwrap();
        run(folder, &["baseline", "create"]);
        git(folder, &["add", "-A"]);
        git(folder, &["commit", "-qm", branch]);
    }
    assert!(git(folder, &["merge", "-q", "--no-edit", "one"]));
    let (code, said) = run(folder, &[]);
    assert_eq!(code, Some(0), "{said}");
    // A finding known on both branches counts once.
    fs::write(folder.join("f00.py"), leak("0").repeat(2)).unwrap();
    assert_eq!(status(folder), Some(1));
    fs::write(folder.join("f00.py"), leak("0")).unwrap();
    // The next update merges the entries of each finding.
    let (_, said) = run(folder, &["baseline", "update"]);
    assert!(said.contains("5 findings known"), "{said}");
}

#[test]
fn what_other_scanners_know_is_taken_over_and_nothing_else() {
    let repository = repository(4);
    let folder = repository.path();
    let report = format!(
        "[{{\"File\": \"f00.py\", \"StartLine\": 9, \"Secret\": \"{}\"}},\
          {{\"File\": \"f01.py\", \"StartLine\": 1, \"Secret\": \"REDACTED\"}},\
          {{\"File\": \"f02.py\", \"StartLine\": 7, \"Secret\": \"REDACTED\"}}]",
        token("0")
    );
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().join("report.json");
    fs::write(&path, report).unwrap();
    let (code, said) = run(folder, &["baseline", "import", path.to_str().unwrap()]);
    assert_eq!((code, said.contains("2 findings known")), (Some(0), true), "{said}");
    let (_, said) = run(folder, &[]);
    assert!(!said.contains("f00.py:1") && !said.contains("f01.py:1"), "{said}");
    assert!(said.contains("f02.py:1") && said.contains("f03.py:1"), "{said}");
}

#[test]
fn a_baseline_that_is_none_ends_the_scan() {
    let repository = repository(1);
    let folder = repository.path();
    fs::write(folder.join(NAME), "{\"version\": 9, \"entries\": []}").unwrap();
    let (code, said) = run(folder, &[]);
    assert_eq!(code, Some(2));
    assert!(said.contains("version 9"), "{said}");
    assert_eq!(run(folder, &["--baseline", "no-such-file"]).0, Some(2));
}

#[test]
fn what_only_history_remembers_can_be_known_and_stays_known() {
    let repository = repository(1);
    let folder = repository.path();
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-qm", "leak"]);
    fs::write(folder.join("f00.py"), "clean = True\n").unwrap();
    git(folder, &["commit", "-qam", "mended"]);
    assert_eq!((status(folder), run(folder, &["--history"]).0), (Some(0), Some(1)));
    let (code, said) = run(folder, &["baseline", "create", "--history"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 credential in it may be live"), "{said}");
    assert_eq!(run(folder, &["--history"]).0, Some(0));
    // The files alone cannot show that it is gone from history.
    let (_, said) = run(folder, &["baseline", "update"]);
    assert!(said.contains("1 finding known, 1 before"), "{said}");
    assert_eq!(run(folder, &["--history"]).0, Some(0));
    // The same secret in another file is new.
    fs::write(folder.join("new.py"), leak("0")).unwrap();
    assert_eq!(status(folder), Some(1));
}

#[test]
fn a_baseline_takes_the_options_of_a_scan_and_isolated_uses_none() {
    let repository = repository(2);
    let folder = repository.path();
    fs::write(folder.join("ci.toml"), "exclude = ['f00.py']\n").unwrap();
    let (_, said) = run(folder, &["baseline", "create", "--config", "ci.toml"]);
    assert!(said.contains("1 finding known"), "{said}");
    assert_eq!(run(folder, &["--config", "ci.toml"]).0, Some(0));
    assert_eq!(run(folder, &["--isolated"]).0, Some(1));
    assert_eq!(run(folder, &["f01.py"]).0, Some(0));
    assert_eq!(run(folder, &["f01.py", "--isolated"]).0, Some(1));
}

#[test]
fn conflict_marks_in_a_baseline_are_named_with_their_line() {
    let repository = repository(1);
    let folder = repository.path();
    let text = "{\n\"version\": 1,\n\"entries\": [\n<<<<<<< HEAD\n=======\n>>>>>>> x\n{}\n]\n}\n";
    fs::write(folder.join(NAME), text).unwrap();
    let (code, said) = run(folder, &[]);
    assert_eq!(code, Some(2));
    assert!(said.contains("line 4: conflict marker"), "{said}");
}

#[test]
fn entries_that_match_nothing_any_more_are_reported() {
    let workspace = Workspace::with("a.py", "login(token=\"hf_{{alpha:34:a}}\")\n");
    workspace.write("b.py", "login(token=\"hf_{{alpha:34:b}}\")\n");
    workspace.git(&["init", "-q"]);
    workspace.run(&["baseline", "create"]);
    let warning = |args: &[&str]| workspace.run(&[args, &["--format", "json"]].concat()).json();
    let told = |args: &[&str]| warning(args)["warnings"].to_string().contains("baseline prune");
    assert!(!told(&[]));
    workspace.write_bytes("a.py", b"x = 1\n");
    assert!(told(&[]));
    assert!(told(&["a.py"]));
    // A partial scan, or one with other rules, cannot tell that entries are stale.
    assert!(!told(&["b.py"]));
    assert!(!told(&["--select", "hf-user-access-token"]));
    assert!(!told(&["--no-baseline"]));
    std::fs::remove_file(workspace.path("b.py")).unwrap();
    assert!(warning(&[])["warnings"].to_string().contains("2 findings of the baseline are gone"));
    workspace.run(&["baseline", "prune"]);
    assert!(!told(&[]));
}

#[test]
fn show_names_the_severity_of_each_entry_and_the_line_where_it_is_now() {
    let workspace = Workspace::with("a.py", "login(token=\"hf_{{alpha:34:a}}\")\n");
    workspace.git(&["init", "-q"]);
    workspace.run(&["baseline", "create"]);
    let shown = workspace.run(&["baseline", "show"]).stdout;
    assert!(shown.contains("critical  hardcoded-login-token  a.py:1\n"), "{shown}");
    workspace.write("a.py", "\n\nlogin(token=\"hf_{{alpha:34:a}}\")\n");
    let shown = workspace.run(&["baseline", "show"]).stdout;
    assert!(shown.contains("hardcoded-login-token  a.py:3\n"), "{shown}");
    std::fs::remove_file(workspace.path("a.py")).unwrap();
    let shown = workspace.run(&["baseline", "show"]).stdout;
    assert!(shown.contains("hardcoded-login-token  a.py\n"), "{shown}");
}
