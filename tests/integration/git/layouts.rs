//! The result is the same however git stores the history.

use super::repo::{Repo, token};
use std::path::{Path, PathBuf};

fn leak(label: &str) -> String {
    format!("TOKEN = \"{}\"\n", token(label))
}

/// A history with merges, renames, deletions and many versions, so that packs contain long chains
/// of deltas.
fn eventful() -> Repo {
    let repo = Repo::new();
    let long: String = (0..300).map(|n| format!("value_{n} = {}\n", n * 7919)).collect();
    repo.commit_file("src/long.py", &long);
    for number in 0..60 {
        let text = long.replacen(&format!("value_{number} "), "changed ", 1);
        let text = if number == 30 { text + &leak("deep") } else { text };
        repo.commit_file("src/long.py", text);
        repo.commit_file(&format!("many/f{number}.py"), format!("x = {number}\n"));
    }
    repo.commit_file("src/moved.py", leak("moved"));
    repo.git(&["mv", "src/moved.py", "src/here.py"]);
    repo.commit("move");
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.commit_file("topic.py", leak("topic"));
    repo.git(&["checkout", "--quiet", "main"]);
    repo.commit_file("main.py", leak("gone"));
    repo.git(&["rm", "--quiet", "main.py"]);
    repo.commit("remove");
    repo.git(&["merge", "--quiet", "--no-ff", "-m", &format!("merge {}", token("merge")), "topic"]);
    repo.git(&["tag", "-a", "-m", &token("tag"), "v1"]);
    repo
}

const LABELS: [&str; 6] = ["deep", "moved", "topic", "gone", "merge", "tag"];

/// For each token its commits, path and state, which must not depend on how git stores them.
fn stories(repo: &Repo, dir: &Path) -> Vec<String> {
    let scan = repo.scan_in(dir, &["--history"], "");
    scan.ended_with(1).found_only(&LABELS);
    LABELS
        .iter()
        .map(|label| {
            let finding = scan.one(label);
            let history = &finding["history"];
            let location = &finding["location"];
            format!(
                "{label} {} {} {} {} {}",
                location["path"],
                location["start"]["line"],
                history["introduced"]["commit"],
                history["removed"]["commit"],
                history["state"]
            )
        })
        .collect()
}

#[test]
fn packs_of_every_kind_tell_the_same_stories() {
    let repo = eventful();
    let loose = stories(&repo, &repo.dir);
    for (name, commands) in [
        ("packed", &[&["repack", "-adq"][..]][..]),
        ("aggressive", &[&["gc", "--quiet", "--aggressive", "--prune=now"]]),
        ("deep chains", &[&["repack", "-adfq", "--depth=250", "--window=50"]]),
        ("named bases", &[&["-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"]]),
        (
            "several packs with an index over them",
            &[
                &["repack", "-adq"],
                &["commit", "--quiet", "--allow-empty", "-m", "more"],
                &["repack", "-dq"],
                &["multi-pack-index", "write"],
            ],
        ),
        ("a commit graph", &[&["commit-graph", "write", "--reachable"]]),
        ("the same objects twice", &[&["repack", "-aq"], &["unpack-objects", "-q"]]),
        ("old index", &[&["-c", "pack.indexVersion=1", "repack", "-adfq"]]),
    ] {
        for command in commands {
            if command[0] != "unpack-objects" {
                repo.git(command);
            }
        }
        assert_eq!(stories(&repo, &repo.dir), loose, "{name}");
    }
}

fn clone(repo: &Repo, name: &str, options: &[&str]) -> PathBuf {
    let target = repo.beside(name);
    let url = format!("file://{}", repo.dir.display());
    let mut arguments = vec!["clone", "--quiet"];
    arguments.extend(options);
    let target_text = target.to_string_lossy().into_owned();
    arguments.extend([url.as_str(), target_text.as_str()]);
    repo.git_in(repo.folder(), &arguments);
    target
}

#[test]
fn bare_mirrors_and_other_work_trees_tell_the_same_stories() {
    let repo = eventful();
    let own = stories(&repo, &repo.dir);
    assert_eq!(stories(&repo, &clone(&repo, "bare.git", &["--bare"])), own);
    assert_eq!(stories(&repo, &clone(&repo, "mirror.git", &["--mirror"])), own);
    let other = repo.beside("other");
    repo.git(&["worktree", "add", "--quiet", "--detach", &other.to_string_lossy()]);
    assert_eq!(stories(&repo, &other), own);
    assert_eq!(stories(&repo, &repo.dir.join("src")), own);
}

#[test]
fn a_mirror_knows_that_its_remote_has_everything() {
    let repo = eventful();
    let mirror = clone(&repo, "mirror.git", &["--mirror"]);
    let scan = repo.scan_in(&mirror, &["--history"], "");
    assert_eq!(scan.one("topic")["history"]["pushed"][0]["name"], "origin");
}

#[test]
fn objects_that_are_borrowed_are_read() {
    let repo = eventful();
    let own = stories(&repo, &repo.dir);
    let target = repo.beside("borrower");
    repo.git_in(
        repo.folder(),
        &["clone", "--quiet", "--shared", &repo.dir.to_string_lossy(), &target.to_string_lossy()],
    );
    assert_eq!(stories(&repo, &target), own);
}

#[test]
fn a_shallow_clone_is_read_to_its_edge() {
    let repo = eventful();
    let shallow = clone(&repo, "shallow", &["--depth", "3"]);
    let scan = repo.scan_in(&shallow, &["--history"], "");
    scan.ended_with(1);
    // The history beyond the boundary was not read, and that is reported; nothing else is missing.
    assert_eq!(scan.skipped().len(), 1, "{:?}", scan.skipped());
    assert!(scan.skipped()[0].contains("fetch --unshallow"), "{:?}", scan.skipped());
    scan.one("topic");
    scan.one("moved");
    assert!(scan.of("deep").is_empty());
}

#[test]
fn a_partial_clone_is_read_without_fetching() {
    let repo = eventful();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = clone(&repo, "partial", &["--filter=blob:none", "--no-checkout"]);
    let packs = || std::fs::read_dir(partial.join(".git/objects/pack")).expect("a folder").count();
    let before = packs();
    let scan = repo.scan_in(&partial, &["--history"], "");
    scan.ended_with(1).found_only(&["merge", "tag"]);
    assert!(scan.skipped()[0].contains("partial clone"), "{:?}", scan.skipped());
    assert_eq!(packs(), before);
}

#[test]
fn repositories_of_other_kinds_are_refused_with_a_reason() {
    let repo = Repo::with(&["--object-format", "sha256"]);
    repo.commit_file("a.py", leak("a"));
    for option in ["--history", "--staged", "--since=HEAD"] {
        let scan = repo.scan(&[option]);
        scan.ended_with(2);
        assert!(scan.errors.contains("SHA-256"), "{}", scan.errors);
    }
    let repo = Repo::with(&["--ref-format", "reftable"]);
    repo.commit_file("a.py", leak("a"));
    let scan = repo.scan(&["--history"]);
    scan.ended_with(2);
    assert!(scan.errors.contains("reftable"), "{}", scan.errors);
}
