//! The file of secrets for a rewrite of history, and the rewrite itself.

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
    assert!(scan.errors.contains("is not ignored"), "{}", scan.errors);
    assert!(!repo.dir.join("secrets.txt").exists());
    repo.scan(&["--history", "--emit-replacements", ".git/secrets.txt"]).ended_with(1);
    repo.write(".gitignore", "secrets.txt\n");
    repo.scan(&["--history", "--emit-replacements", "secrets.txt"]).ended_with(1);
    repo.scan(&["--emit-replacements", "secrets.txt"]).ended_with(2);
}

/// git-filter-repo from PyPI, in an environment below `target` that is only made once.
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
