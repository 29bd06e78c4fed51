//! Secrets in names: of files, folders, branches and tags.

use crate::support::{Run, Workspace};
use hfscan::internal::rule::example::expand;

/// The location and the rule of each finding, and the text of the whole report.
fn found(run: &Run) -> Vec<(String, String)> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    let found = findings.filter(|one| one["rule"] != "token-reused");
    found.map(|one| (text(&one["location"]["path"]), text(&one["rule"]))).collect()
}

fn token() -> String {
    expand("hf_{{alpha:34}}")
}

#[test]
fn a_token_in_the_name_of_a_file_is_found_and_not_printed() {
    for name in ["model.bin?token=TOKEN", "TOKEN.txt", "run-TOKEN.log", "a TOKEN.py", "d/TOKEN/x"] {
        let workspace = Workspace::new();
        workspace.write_bytes(name.replace("TOKEN", &token()), b"plain words\n");
        let run = workspace.run(&["--format", "json", "."]);
        let [(path, rule)] = &found(&run)[..] else { panic!("{name}: {run:?}") };
        assert_eq!(rule, "hf-user-access-token", "{name}");
        assert!(path.contains('…') && !run.stdout.contains(&token()), "{name}: {path}");
        let shown = workspace.run(&["."]).stdout;
        assert!(shown.contains("rename it") && !shown.contains(&token()), "{shown}");
    }
}

#[test]
fn the_name_of_a_folder_is_one_finding_for_all_of_its_files() {
    let workspace = Workspace::new();
    for number in 0..20 {
        workspace.write_bytes(format!("{}/{number}.txt", token()), b"x\n");
    }
    assert_eq!(found(&workspace.run(&["--format", "json", "."])).len(), 1);
}

#[test]
fn a_name_that_only_looks_like_a_token_is_none() {
    let workspace = Workspace::new();
    workspace.write_bytes(format!("hf_{}.txt", "x".repeat(34)), b"x\n");
    workspace.write_bytes("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.ts", b"x\n");
    let run = workspace.run(&["--format", "json", "."]);
    assert_eq!(found(&run), [], "{run:?}");
}

#[test]
fn an_excluded_path_excludes_its_name() {
    let workspace = Workspace::new();
    workspace.write_bytes(format!("old/{}.txt", token()), b"x\n");
    let run = workspace.run(&["--format", "json", "--exclude", "old/", "."]);
    assert_eq!(found(&run), []);
}

#[test]
fn a_branch_and_a_tag_that_are_named_after_a_token_are_found_in_history() {
    for command in ["branch", "tag"] {
        let workspace = Workspace::with("a.txt", "x\n");
        workspace.git(&["init", "-q"]);
        workspace.git(&["add", "."]);
        workspace.git(&["commit", "-q", "-m", "first"]);
        workspace.git(&[command, &format!("fix-{}", token())]);
        let run = workspace.run(&["--format", "json", "--history"]);
        let expected = (".git/refs".to_string(), "hf-user-access-token".to_string());
        assert_eq!(found(&run), [expected], "{command}");
        assert!(!run.stdout.contains(&token()));
    }
}

#[test]
fn a_change_to_a_file_does_not_bring_its_old_name() {
    let workspace = Workspace::new();
    let name = format!("{}.txt", token());
    workspace.git(&["init", "-q"]);
    workspace.write_bytes(&name, b"one\n");
    workspace.git(&["add", "."]);
    workspace.git(&["commit", "-q", "-m", "first"]);
    workspace.write_bytes(&name, b"one\ntwo\n");
    workspace.write_bytes(format!("new-{name}"), b"three\n");
    workspace.git(&["add", "."]);
    let run = workspace.run(&["--format", "json", "--staged"]);
    let found = found(&run);
    assert!(matches!(&found[..], [(path, _)] if path.starts_with("new-")), "{found:?}");
}
