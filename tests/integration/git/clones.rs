//! Clones without the full history or all objects.

use super::{repo::Repo, states::leak};
use std::path::PathBuf;

/// A clone of `repo` beside it, created with these options.
pub fn clone(repo: &Repo, options: &[&str]) -> PathBuf {
    let dir = repo.beside("clone");
    let url = format!("file://{}", repo.dir.display());
    let mut arguments = vec!["clone", "--quiet"];
    arguments.extend(options);
    let path = dir.to_string_lossy().into_owned();
    arguments.extend([url.as_str(), &path]);
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    repo.git_in(repo.folder(), &arguments);
    dir
}

#[test]
fn the_history_of_a_shallow_clone_is_incomplete_and_its_files_are_not() {
    let repo = Repo::new();
    repo.commit_file("a.py", leak());
    repo.commit_file("a.py", "x = 1\n");
    let clone = clone(&repo, &["--depth", "1"]);
    let scan = repo.scan_in(&clone, &["--history"], "");
    scan.ended_with(2);
    assert!(scan.skipped()[0].contains("fetch --unshallow"), "{:?}", scan.skipped());
    repo.scan_in(&clone, &["."], "").ended_with(0);
    repo.scan_in(&clone, &["--staged"], "").ended_with(0);
}

#[test]
fn what_a_partial_clone_never_fetched_is_reported_where_it_is_needed() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n");
    repo.commit_file("a.py", leak());
    repo.commit_file("a.py", "x = 2\n");
    let clone = clone(&repo, &["--filter=blob:none"]);
    repo.scan_in(&clone, &["."], "").ended_with(0);
    repo.scan_in(&clone, &["--staged"], "").ended_with(0);
    for mode in [&["--range", "HEAD~2..HEAD"][..], &["--history"]] {
        let scan = repo.scan_in(&clone, mode, "");
        scan.ended_with(2);
        assert!(scan.skipped()[0].contains("partial clone"), "{:?}", scan.skipped());
    }
}
