//! The replacement file for a rewrite of history, and the rewrite itself.

use super::repo::{Repo, scrub, token};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

fn leak(label: &str) -> String {
    format!("TOKEN = \"{}\"\n", token(label))
}

fn with_leaks() -> Repo {
    let repo = Repo::new();
    repo.commit_file("a.py", leak("a"));
    repo.commit_file("a.py", "x = 1\n");
    repo.commit_file("b.py", leak("b"));
    repo.commit(&format!("message {}", token("message")));
    repo
}

#[test]
fn the_file_holds_each_secret_and_is_its_owners_alone() {
    let repo = with_leaks();
    let file = repo.beside("secrets.txt");
    let scan = repo.scan(&["--history", "--emit-replacements", &file.to_string_lossy()]);
    scan.ended_with(1);
    assert!(scan.errors.contains("--replace-text"), "{}", scan.errors);
    let text = std::fs::read_to_string(&file).expect("a file");
    for label in ["a", "b", "message"] {
        let line = format!("literal:{}==>***REMOVED***", token(label));
        assert_eq!(text.lines().filter(|one| *one == line).count(), 1, "{label}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for label in ["a", "b", "message"] {
        let secret = token(label);
        assert!(!scan.report.to_string().contains(&secret) && !scan.errors.contains(&secret));
    }
}

#[test]
fn a_file_that_git_would_add_is_refused() {
    let repo = with_leaks();
    let scan = repo.scan(&["--history", "--emit-replacements", "secrets.txt"]);
    scan.ended_with(2);
    assert!(scan.errors.contains("lies in the work tree and is not ignored"), "{}", scan.errors);
    assert!(!repo.dir.join("secrets.txt").exists());
    repo.scan(&["--history", "--emit-replacements", ".git/secrets.txt"]).ended_with(1);
    repo.write(".gitignore", "secrets.txt\n");
    repo.scan(&["--history", "--emit-replacements", "secrets.txt"]).ended_with(1);
    repo.scan(&["--emit-replacements", "secrets.txt"]).ended_with(2);
}

#[test]
fn what_a_rewrite_does_not_reach_is_said() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let repo = with_leaks();
    let file = repo.beside("secrets.txt");
    let asked = ["--history", "--emit-replacements", &file.to_string_lossy()];
    assert!(!repo.scan(&asked).errors.contains("does not reach"));
    let encoded = STANDARD.encode(token("encoded"));
    repo.commit_file("encoded.py", format!("K = \"{encoded}\"\n"));
    let scan = repo.scan(&asked);
    assert!(scan.errors.contains("a rewrite does not reach"), "{}", scan.errors);
    assert!(scan.errors.contains(": encoded.py"), "{}", scan.errors);
}

/// git-filter-repo from PyPI, in an environment below `target` that is created once.
fn filter_repo() -> Option<PathBuf> {
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("git-filter-repo");
    let program = environment.join("bin/git-filter-repo");
    if program.exists() {
        return Some(program);
    }
    let run = |program: &Path, arguments: &[&str]| {
        Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
    };
    let made = run(Path::new("python3"), &["-m", "venv", &environment.to_string_lossy()])
        && run(&environment.join("bin/pip"), &["install", "--quiet", "git-filter-repo==2.47.0"]);
    made.then_some(program)
}

#[test]
#[cfg(unix)]
fn after_a_rewrite_with_the_file_nothing_is_left() {
    let Some(program) = filter_repo() else {
        // Without Python or the network there is nothing to run; CI has both.
        assert!(std::env::var_os("CI").is_none(), "git-filter-repo could not be installed");
        return;
    };
    let repo = with_leaks();
    let file = repo.beside("secrets.txt");
    let file = file.to_string_lossy();
    repo.scan(&["--history", "--emit-replacements", &file]).ended_with(1);
    let mut command = Command::new(program);
    scrub(&mut command, &repo.dir);
    let output = command
        .args(["--force", "--replace-text", &file, "--replace-message", &file])
        .output()
        .expect("git-filter-repo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    repo.scan(&["--history", "--unreachable"]).ended_with(0).found_only(&[]);
    assert!(repo.git(&["show", "HEAD:b.py"]).contains("***REMOVED***"));
}

#[test]
fn a_rewrite_cleans_files_messages_and_tags_and_the_named_files_are_the_rest() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let Some(program) = filter_repo() else { return };
    let repo = with_leaks();
    repo.git(&["tag", "-a", "v1", "-m", &token("tag")]);
    let encoded = STANDARD.encode(token("encoded"));
    repo.commit_file("encoded.py", format!("K = \"{encoded}\"\n"));
    repo.commit_file("old.jsonl.gz", gzip(&leak("archive")));
    let file = repo.beside("secrets.txt");
    let file = file.to_string_lossy();
    let scan = repo.scan(&["--history", "--emit-replacements", &file]);
    assert!(scan.errors.contains(": encoded.py, old.jsonl.gz"), "{}", scan.errors);
    let rewrite = |args: &[&str]| {
        let mut command = Command::new(&program);
        scrub(&mut command, &repo.dir);
        let output = command.arg("--force").args(args).output().expect("git-filter-repo");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    rewrite(&["--sensitive-data-removal", "--replace-text", &file, "--replace-message", &file]);
    let left = repo.scan(&["--history"]);
    let mut paths: Vec<&str> =
        left.findings().iter().filter_map(|one| one["location"]["path"].as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["encoded.py", "old.jsonl.gz"]);
    rewrite(&["--invert-paths", "--path", "encoded.py", "--path", "old.jsonl.gz"]);
    repo.scan(&["--history", "--unreachable"]).ended_with(0).found_only(&[]);
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text.as_bytes()).expect("in memory");
    packed.finish().expect("in memory")
}

#[test]
fn a_habit_of_the_past_is_counted_and_nothing_is_rewritten_for_one() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x.push_to_hub(use_auth_token=True)\n");
    repo.commit_file("a.py", "x.push_to_hub()\n");
    let scan = repo.scan(&["--history"]);
    scan.ended_with(0);
    assert_eq!(scan.report["summary"]["suppressed"]["past-habit"], 1);
    let scan = repo.scan(&["--history", "--past-habits"]);
    scan.ended_with(1);
    assert_eq!(scan.report["findings"][0]["history"]["advice"], serde_json::json!([]));
    repo.commit_file("b.py", "y.push_to_hub(use_auth_token=True)\n");
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1);
    let advice = &scan.report["findings"][0]["history"]["advice"];
    assert!(advice[0].as_str().unwrap().contains("no secret has to be revoked"), "{advice}");
}
