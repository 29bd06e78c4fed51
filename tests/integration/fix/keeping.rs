//! No secret is lost, no file is half written, and no output shows a secret.

use crate::support::{Workspace, token};
use std::os::unix::fs::PermissionsExt;

const LEAKY: &str = "import os\ntoken = \"hf_{{alpha:34}}\"\n";
const FIXED: &str = "import os\ntoken = os.environ[\"HF_TOKEN\"]\n";

fn text(workspace: &Workspace, path: &str) -> String {
    std::fs::read_to_string(workspace.path(path)).unwrap()
}

#[test]
fn a_secret_that_no_commit_has_is_not_thrown_away() {
    let workspace = Workspace::with("a.py", LEAKY);
    workspace.git(&["init", "-q"]);
    let before = text(&workspace, "a.py");
    let run = workspace.run(&["fix"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("--keep") && run.stderr.contains("--discard"), "{run:?}");
    assert_eq!(text(&workspace, "a.py"), before);
    let run = workspace.run(&["fix", "--discard"]);
    assert_eq!((run.code, text(&workspace, "a.py").as_str()), (Some(0), FIXED), "{run:?}");
}

#[test]
fn a_person_says_in_the_terminal_where_a_secret_goes() {
    for (answer, code, kept) in [("k", 0, true), ("d", 0, false), ("n", 2, false), ("", 2, false)] {
        let workspace = Workspace::with("a.py", LEAKY);
        workspace.git(&["init", "-q"]);
        let before = text(&workspace, "a.py");
        let run = workspace.run_in_terminal(&["fix"], answer);
        assert_eq!(run.code, Some(code), "{answer}: {run:?}");
        assert!(run.stdout.contains("[k]eep in .env, [d]iscard, or do [n]othing?"), "{run:?}");
        assert_eq!(workspace.path(".env").exists(), kept, "{answer}: {run:?}");
        let after = if code == 0 { FIXED } else { &before };
        assert_eq!(text(&workspace, "a.py"), after, "{answer}: {run:?}");
    }
}

#[test]
fn a_secret_that_git_has_need_not_be_kept() {
    let workspace = Workspace::with("a.py", LEAKY);
    workspace.git(&["init", "-q"]);
    workspace.git(&["add", "a.py"]);
    let run = workspace.run(&["fix"]);
    assert_eq!((run.code, text(&workspace, "a.py").as_str()), (Some(0), FIXED), "{run:?}");
    assert!(run.stdout.contains("revoke"), "{run:?}");
}

#[test]
fn a_secret_is_kept_in_an_ignored_file_of_its_owner() {
    let workspace = Workspace::with("a.py", LEAKY);
    workspace.git(&["init", "-q"]);
    let secret = text(&workspace, "a.py").split('"').nth(1).unwrap().to_string();
    let run = workspace.run(&["fix", "--keep", ".env"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(text(&workspace, ".env"), format!("HF_TOKEN={secret}\n"));
    let mode = std::fs::metadata(workspace.path(".env")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(text(&workspace, ".gitignore").lines().any(|line| line == ".env"));
    assert!(!run.stdout.contains(&secret) && !run.stderr.contains(&secret), "{run:?}");
}

#[test]
fn another_value_in_the_kept_file_gets_another_name() {
    let workspace = Workspace::with("a.py", LEAKY);
    workspace.git(&["init", "-q"]);
    let other = token("other");
    workspace.write_bytes(".env", format!("HF_TOKEN={other}\n").as_bytes());
    workspace.write_bytes(".gitignore", b".env\n");
    let run = workspace.run(&["fix", "--keep", ".env", "--unsafe-fixes"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(text(&workspace, ".env").contains("\nHF_TOKEN_2="), "{run:?}");
    assert!(text(&workspace, "a.py").contains("os.environ[\"HF_TOKEN_2\"]"), "{run:?}");
}

#[test]
fn a_diff_shows_no_secret_and_changes_nothing() {
    let workspace = Workspace::with("a.py", LEAKY);
    let before = text(&workspace, "a.py");
    let secret = before.split('"').nth(1).unwrap();
    let run = workspace.run(&["fix", "--diff"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("+token = os.environ"), "{run:?}");
    assert!(!run.stdout.contains(secret) && text(&workspace, "a.py") == before);
}

#[test]
fn mode_and_names_are_kept_and_links_are_refused() {
    let workspace = Workspace::with("a.py", LEAKY);
    let file = workspace.path("a.py");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).unwrap();
    assert_eq!(workspace.run(&["fix", "--discard"]).code, Some(0));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o755);
    workspace.write("b.py", LEAKY);
    std::fs::hard_link(workspace.path("b.py"), workspace.path("c.py")).unwrap();
    let run = workspace.run(&["fix", "--discard", "b.py"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("several names"), "{run:?}");
}

/// The files of a workspace, without temporary files of an interrupted process.
fn files(workspace: &Workspace, names: &[&str]) -> Vec<Option<String>> {
    names.iter().map(|name| std::fs::read_to_string(workspace.path(name)).ok()).collect()
}

#[test]
fn a_process_that_ends_at_any_step_leaves_whole_files_and_every_secret() {
    const NAMES: [&str; 4] = [".gitignore", ".env", "a.py", "b.py"];
    let workspace = || {
        let workspace = Workspace::with("a.py", LEAKY);
        workspace.write("b.py", &LEAKY.replace("34}", "34:b}"));
        workspace.git(&["init", "-q"]);
        workspace
    };
    let secrets = [token("b"), hfscan::internal::rule::example::expand("hf_{{alpha:34}}")];
    let args = ["fix", "--keep", ".env", "--unsafe-fixes"];
    let done = workspace();
    let old = files(&done, &NAMES);
    assert_eq!(done.run(&args).code, Some(0));
    let new = files(&done, &NAMES);
    let mut steps = 0;
    loop {
        let workspace = workspace();
        let mut command = workspace.command(&args);
        command.env("HFSCAN_TEST_STOP_AT", steps.to_string());
        let output = command.output().unwrap();
        let left = files(&workspace, &NAMES);
        for (number, text) in left.iter().enumerate() {
            let is_whole = *text == old[number] || *text == new[number];
            assert!(is_whole, "step {steps}: {}: {text:?}", NAMES[number]);
        }
        for secret in &secrets {
            let holds =
                |text: &Option<String>| text.as_ref().is_some_and(|one| one.contains(secret));
            assert!(left.iter().any(holds), "step {steps}: a secret is lost");
        }
        // The file of secrets is ignored by git before it is written, and written before the
        // secrets are removed.
        assert!(left[1].is_none() || left[0].is_some(), "step {steps}");
        assert!(left[1].is_some() || left[2..] == old[2..], "step {steps}");
        if output.status.success() {
            break;
        }
        steps += 1;
    }
    // Four steps for each file, plus those of the other two files.
    assert!(steps >= 11, "{steps} steps");
}

#[test]
fn git_objects_and_standard_input_are_refused() {
    let workspace = Workspace::with("a.py", LEAKY);
    workspace.git(&["init", "-q"]);
    for args in [&["--fix", "--staged"][..], &["--fix", "-"]] {
        let run = workspace.run(args);
        assert!(run.code == Some(2) && run.stderr.contains("working tree"), "{run:?}");
    }
}

#[test]
fn of_a_crowd_of_findings_the_first_ones_get_fixes() {
    let workspace = Workspace::new();
    let lines: String =
        (0..3_000).map(|line| format!("login(token=\"hf_{{{{alpha:34:{line}}}}}\")\n")).collect();
    workspace.write("many.py", &lines);
    let report = workspace.run(&["--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap();
    let has_fixes = |finding: &serde_json::Value| finding["fixes"][0]["edits"][0].is_object();
    assert_eq!(findings.len(), 3_000);
    assert!(has_fixes(&findings[0]) && has_fixes(&findings[1_000]) && !has_fixes(&findings[2_999]));
}

#[test]
fn a_broken_or_hostile_repository_stops_no_fix() {
    let fifo = |path: &std::path::Path| {
        let _ = std::fs::remove_file(path);
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    let cut = |path: &std::path::Path| {
        let bytes = std::fs::read(path).unwrap();
        std::fs::remove_file(path).unwrap();
        std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    };
    let objects = |workspace: &Workspace| {
        let folders = std::fs::read_dir(workspace.path(".git/objects")).unwrap().flatten();
        let folders = folders.filter(|folder| folder.file_name().len() == 2);
        let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap().flatten());
        files.map(|file| file.path()).collect::<Vec<_>>()
    };
    let breaks: [&dyn Fn(&Workspace); 6] = [
        &|workspace| objects(workspace).iter().for_each(|object| cut(object)),
        &|workspace| objects(workspace).iter().for_each(|object| fifo(object)),
        &|workspace| cut(&workspace.path(".git/index")),
        &|workspace| fifo(&workspace.path(".git/index")),
        &|workspace| fifo(&workspace.path(".git/refs/heads/main")),
        &|workspace| fifo(&workspace.path(".gitignore")),
    ];
    for (number, break_it) in breaks.into_iter().enumerate() {
        let workspace = Workspace::with("a.py", LEAKY);
        workspace.git(&["init", "-q", "-b", "main"]);
        workspace.git(&["add", "a.py"]);
        workspace.git(&["commit", "-qm", "a"]);
        break_it(&workspace);
        // If git cannot be read, the secret counts as not recorded, so it must be kept.
        let run = workspace.run(&["fix", "--isolated", "--discard", "a.py"]);
        assert_eq!(text(&workspace, "a.py"), FIXED, "{number}: {run:?}");
    }
}
