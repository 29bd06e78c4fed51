//! Scans of all objects of a repository, and the history of each secret.

use super::repo::{Repo, token};

fn leak(label: &str) -> String {
    format!("TOKEN = \"{}\"\n", token(label))
}

#[test]
fn a_secret_that_came_and_went_is_told_with_both_commits() {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    let brought = repo.commit_file("a.py", leak("a"));
    repo.commit_file("a.py", format!("# edited\n{}", leak("a")));
    let removed = repo.commit_file("a.py", "x = 1\n");
    repo.commit_file("y.py", "y = 1\n");
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["a"]);
    let finding = scan.one("a");
    let history = &finding["history"];
    assert_eq!(finding["location"]["path"], "a.py");
    assert_eq!(finding["location"]["start"]["line"], 1);
    assert_eq!(history["introduced"]["commit"], brought.as_str());
    assert_eq!(history["introduced"]["author"], "Ada");
    assert!(history["introduced"]["date"].as_str().expect("a date").ends_with("+02:00"));
    assert_eq!(history["removed"]["commit"], removed.as_str());
    assert_eq!(history["state"], "history");
    assert_eq!(history["occurrences"], 2);
    assert_eq!(history["refs"], serde_json::json!(["HEAD", "refs/heads/main"]));
    assert!(!scan.report.to_string().contains("ada@example.org"));
    assert_eq!(repo.scan(&["--history", "--every-occurrence"]).of("a").len(), 2);
    assert_eq!(repo.scan(&["--all"]).of("a").len(), 1);
}

#[test]
fn files_of_a_home_folder_that_were_tracked_once_are_told_as_gone() {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    let machine = |label| format!("machine huggingface.co login me password {}\n", token(label));
    repo.add("home/.netrc", machine("netrc"));
    repo.add(".git-credentials", format!("https://me:{}@huggingface.co\n", token("stored")));
    repo.add(".bash_history", format!("ls\nhf auth login --token {}\n", token("typed")));
    let brought = repo.commit("home");
    repo.git(&["rm", "--quiet", "home/.netrc", ".git-credentials", ".bash_history"]);
    let removed = repo.commit("clean");
    let scan = repo.scan(&["--history", "--format", "text=text.txt"]);
    scan.ended_with(1).found_only(&["netrc", "stored", "typed"]);
    for label in ["netrc", "stored", "typed"] {
        let finding = scan.one(label);
        assert_eq!(finding["rule"], "netrc-or-history-token", "{label}");
        assert_eq!(finding["history"]["introduced"]["commit"], brought.as_str());
        assert_eq!(finding["history"]["removed"]["commit"], removed.as_str());
        assert_eq!(finding["history"]["state"], "history");
    }
    let text = std::fs::read_to_string(repo.dir.join("text.txt")).expect("a report");
    assert_eq!(text.matches("no longer in the files of HEAD").count(), 3, "{text}");
}

#[test]
fn a_content_of_many_names_is_scanned_once_for_each_kind_of_name() {
    let repo = Repo::new();
    let code = format!("login(token=\"{}\")\n", token("a"));
    for number in 0..300 {
        repo.add(&format!("{number}.txt"), &code);
        repo.add(&format!("{number}.py"), &code);
    }
    repo.commit("many");
    let scan = repo.scan(&["--history", "--every-occurrence"]);
    scan.ended_with(1);
    let rules: Vec<&str> = scan.of("a").iter().filter_map(|one| one["rule"].as_str()).collect();
    assert!(rules.contains(&"hardcoded-login-token") && rules.len() < 20, "{rules:?}");
    assert_eq!(scan.report["complete"], true);
    let repo = Repo::new();
    for number in 0..300 {
        repo.add(&format!("a.x{number}"), "nothing\n");
    }
    repo.commit("kinds");
    repo.scan(&["--history"]).ended_with(2);
}

#[test]
fn the_e_mail_address_of_an_author_is_told_only_if_asked_for() {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    let brought = repo.commit_file("a.py", leak("a"));
    repo.commit_file("a.py", "x = 1\n");
    let range = format!("--range={brought}^..HEAD");
    for source in ["--history", &range] {
        let silent = repo.scan(&[source]);
        assert!(silent.one("a")["history"]["introduced"]["author_email"].is_null());
        assert!(!silent.report.to_string().contains("ada@example.org"));
        let scan = repo.scan(&[source, "--author-email"]);
        let history = &scan.one("a")["history"];
        for commit in ["introduced", "removed"] {
            assert_eq!(history[commit]["author"], "Ada");
            assert_eq!(history[commit]["author_email"], "ada@example.org");
        }
    }
    let text = |options: &[&str]| {
        let arguments = [&["--history", "--format", "text=text.txt"], options].concat();
        repo.scan(&arguments).ended_with(1);
        std::fs::read_to_string(repo.dir.join("text.txt")).expect("a report")
    };
    assert!(!text(&[]).contains("ada@example.org"));
    assert!(text(&["--author-email"]).contains("by Ada <ada@example.org>"));
    repo.write(".hfscan.toml", "author-email = true\n");
    let scan = repo.scan(&["--history"]);
    assert_eq!(scan.one("a")["history"]["introduced"]["author_email"], "ada@example.org");
}

#[test]
fn a_commits_header_is_shown_without_its_e_mail_address_and_its_secrets() {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    let author = format!("{} <grace@example.org>", token("author"));
    repo.git(&["commit", "--quiet", "--allow-empty", "-m", "odd", "--author", &author]);
    repo.git(&["branch", &format!("for-{}", token("branch"))]);
    for source in ["--history", "--since=HEAD^"] {
        let scan = repo.scan(&[source, "--format", "text=text.txt"]);
        let finding = scan.one("author");
        assert!(finding["excerpt"]["text"].as_str().expect("a line").contains(" <…> 17"));
        let text = std::fs::read_to_string(repo.dir.join("text.txt")).expect("a report");
        for report in [text, scan.report.to_string()] {
            assert!(report.contains("<…>"), "{report}");
            for hidden in ["grace@", &token("author"), &token("branch")] {
                assert!(!report.contains(hidden), "{hidden}: {report}");
            }
        }
        let asked = repo.scan(&[source, "--author-email"]);
        assert!(asked.report.to_string().contains("<grace@example.org>"));
        assert!(!asked.report.to_string().contains(&token("author")));
    }
}

#[test]
fn a_secret_that_came_back_is_still_there() {
    let repo = Repo::new();
    let first = repo.commit_file("a.py", leak("a"));
    repo.commit_file("a.py", "x = 1\n");
    repo.commit_file("b.py", leak("a"));
    let scan = repo.scan(&["--history"]);
    let history = &scan.one("a")["history"];
    assert_eq!(history["introduced"]["commit"], first.as_str());
    assert_eq!(history["state"], "head");
    assert!(history["removed"].is_null());
}

#[test]
fn a_renamed_file_keeps_the_commit_and_the_path_of_its_time() {
    let repo = Repo::new();
    let first = repo.commit_file("old/name.py", leak("a"));
    repo.git(&["mv", "old", "new"]);
    repo.commit("rename");
    let scan = repo.scan(&["--history"]);
    scan.found_only(&["a"]);
    let finding = scan.one("a");
    assert_eq!(finding["history"]["introduced"]["commit"], first.as_str());
    assert_eq!(finding["location"]["path"], "old/name.py");
    assert_eq!(finding["history"]["state"], "head");
}

#[test]
fn merges_are_told_apart_from_what_they_merge() {
    let repo = Repo::new();
    repo.commit_file("a.py", leak("base"));
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    let topic = repo.commit_file("t.py", leak("topic"));
    repo.git(&["checkout", "--quiet", "main"]);
    let removed = repo.commit_file("a.py", "x = 1\n");
    repo.git(&["merge", "--quiet", "--no-ff", "--no-commit", "topic"]);
    repo.add("evil.py", leak("evil"));
    let merge = repo.commit("merge");
    let after = repo.commit_file("evil.py", "x = 1\n");
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["base", "topic", "evil"]);
    let of = |label: &str| scan.one(label)["history"].clone();
    assert_eq!(of("topic")["introduced"]["commit"], topic.as_str());
    assert_eq!(of("topic")["state"], "head");
    assert_eq!(of("evil")["introduced"]["commit"], merge.as_str());
    assert_eq!(of("evil")["removed"]["commit"], after.as_str());
    // The merge does not have it either, but the commit before removed it.
    assert_eq!(of("base")["removed"]["commit"], removed.as_str());
}

#[test]
fn a_merge_that_drops_a_file_is_what_removed_it() {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.commit_file("t.py", leak("topic"));
    repo.git(&["checkout", "--quiet", "main"]);
    repo.commit_file("x.py", "x = 2\n");
    repo.git(&["merge", "--quiet", "--no-ff", "-s", "ours", "-m", "ours", "topic"]);
    let scan = repo.scan(&["--history"]);
    assert_eq!(scan.one("topic")["history"]["removed"]["commit"], repo.head().as_str());
    assert_eq!(scan.one("topic")["history"]["state"], "history");
}

#[test]
fn messages_tags_notes_and_authors_are_read() {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    let told = repo.commit(&format!("body {}", token("message")));
    repo.git(&["tag", "-a", "v1", "-m", &format!("tag {}", token("tag"))]);
    repo.git(&["tag", "-a", "v1-of-a-tag", "-m", "outer", "v1"]);
    repo.git(&["notes", "add", "-m", &format!("note {}", token("note"))]);
    repo.git(&[
        "-c",
        &format!("user.name={}", token("author")),
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "odd",
        &format!("--author={} <a@b>", token("author")),
    ]);
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["message", "tag", "note", "author"]);
    assert_eq!(scan.one("message")["history"]["introduced"]["commit"], told.as_str());
    assert_eq!(scan.one("message")["history"]["kind"], "commit");
    assert_eq!(scan.one("message")["history"]["state"], "head");
    assert_eq!(
        scan.one("tag")["history"]["refs"],
        serde_json::json!(["refs/tags/v1", "refs/tags/v1-of-a-tag"])
    );
    assert_eq!(scan.one("note")["history"]["refs"], serde_json::json!(["refs/notes/commits"]));
}

#[test]
fn tags_of_files_and_trees_are_read() {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    repo.write("loose.py", leak("blob"));
    let blob = repo.git(&["hash-object", "-w", "loose.py"]);
    repo.git(&["tag", "a-blob", &blob]);
    repo.add("d/t.py", leak("tree"));
    let tree = repo.git(&["write-tree"]);
    repo.git(&["tag", "-a", "-m", "a tree", "a-tree", &tree]);
    repo.git(&["reset", "--quiet", "--hard"]);
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["blob", "tree"]);
    assert_eq!(scan.one("tree")["history"]["refs"], serde_json::json!(["refs/tags/a-tree"]));
}

#[test]
fn every_stash_is_read() {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    for label in ["first", "second"] {
        repo.write("x.py", leak(label));
        repo.git(&["stash", "--quiet"]);
    }
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["first", "second"]);
    assert_eq!(scan.one("first")["history"]["refs"], serde_json::json!(["stash@{1}"]));
}

#[test]
fn what_no_reference_leads_to_is_told_only_if_asked_for() {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    repo.commit_file("a.py", leak("amended"));
    repo.add("a.py", "x = 1\n");
    repo.git(&["commit", "--quiet", "--amend", "-m", "clean"]);
    repo.write("x.py", leak("dropped"));
    repo.git(&["stash", "--quiet"]);
    repo.git(&["stash", "drop", "--quiet"]);
    repo.add("staged.py", leak("staged"));
    repo.scan(&["--history"]).ended_with(0).found_only(&[]);
    let scan = repo.scan(&["--history", "--unreachable"]);
    scan.ended_with(1).found_only(&["amended", "dropped", "staged"]);
    assert_eq!(scan.one("amended")["history"]["state"], "unreachable");
}

#[test]
fn revisions_limit_what_is_told() {
    let repo = Repo::new();
    repo.commit_file("x.py", leak("main"));
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.commit_file("t.py", leak("topic"));
    repo.git(&["checkout", "--quiet", "main"]);
    repo.scan(&["--history", "main"]).found_only(&["main"]);
    repo.scan(&["--history", "topic", "main"]).found_only(&["main", "topic"]);
    repo.scan(&["--history", "nowhere"]).ended_with(2);
    repo.scan_in(repo.folder(), &["--history", "--", "repo"], "").found_only(&["main", "topic"]);
}

#[test]
fn what_a_remote_has_is_told_with_its_host() {
    let repo = Repo::new();
    let remote = repo.beside("remote.git");
    repo.git(&["init", "--quiet", "--bare", &remote.to_string_lossy()]);
    repo.git(&["remote", "add", "origin", &remote.to_string_lossy()]);
    repo.commit_file("a.py", leak("pushed"));
    repo.git(&["push", "--quiet", "origin", "main"]);
    repo.git(&["remote", "set-url", "origin", "https://user:word@huggingface.co/me/model"]);
    repo.commit_file("b.py", leak("local"));
    let scan = repo.scan(&["--history"]);
    let remotes = serde_json::json!([
        { "name": "origin", "host": "hugging-face" }
    ]);
    assert_eq!(scan.one("pushed")["history"]["pushed"], remotes);
    let advice = scan.one("pushed")["history"]["advice"].to_string();
    assert!(advice.find("revoke it first") < advice.find("super_squash_history"), "{advice}");
    assert_eq!(scan.one("local")["history"]["pushed"], serde_json::json!([]));
    let advice = scan.one("local")["history"]["advice"].to_string();
    assert!(advice.contains("git commit --amend"), "{advice}");
}

#[test]
fn a_file_under_several_names_is_read_under_each() {
    let repo = Repo::new();
    repo.commit_file("a.py", leak("a"));
    repo.commit_file("copy/b.py", leak("a"));
    repo.scan(&["--history"]).ended_with(1).found_only(&["a"]);
    assert_eq!(repo.scan(&["--history", "--every-occurrence"]).of("a").len(), 1);
}

#[test]
fn a_large_file_is_read_as_a_whole() {
    let repo = Repo::new();
    let mut text = "x = 1\n".repeat(2_000_000);
    text.push_str(&leak("late"));
    repo.commit_file("large.py", &text);
    repo.commit_file("large.py", format!("# one more\n{text}"));
    for pack in [false, true] {
        if pack {
            repo.git(&["gc", "--quiet", "--prune=now"]);
        }
        let scan = repo.scan(&["--history"]);
        scan.ended_with(1).found_only(&["late"]);
        assert_eq!(scan.one("late")["location"]["start"]["line"], 2_000_001);
    }
    let scan = repo.scan(&["--history", "--max-file-size", "1M"]);
    scan.ended_with(0);
    assert_eq!(scan.skipped().len(), 2, "{:?}", scan.skipped());
}

#[test]
fn large_files_of_git_lfs_that_are_here_are_read() {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    let name = "ab".to_string() + &"0".repeat(62);
    repo.write(&format!(".git/lfs/objects/ab/00/{name}"), leak("lfs"));
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["lfs"]);
}

#[test]
fn an_empty_repository_has_nothing_to_tell() {
    Repo::new().scan(&["--history"]).ended_with(0).found_only(&[]);
}

#[test]
fn every_format_tells_the_commit_and_points_at_no_line_that_is_gone() {
    let repo = Repo::new();
    repo.commit_file("a.py", "x = 1\n".repeat(50) + &leak("gone"));
    repo.commit_file("a.py", "x = 1\n");
    for reporter in hfscan::internal::report::REPORTERS {
        let (name, file) = (reporter.name(), "report.out");
        let short = repo.git(&["rev-parse", "--short=10", "HEAD~1"]);
        repo.scan(&["--history", "--format", &format!("{name}={file}")]).ended_with(1);
        let text = std::fs::read_to_string(repo.dir.join(file)).expect("a report");
        std::fs::remove_file(repo.dir.join(file)).expect("it is there");
        // A format with one line per finding has no room for it.
        assert!(text.contains(short.trim()), "{name}: {text}");
        for line in ["startLine", "line=\"51\"", ",line=51", "\"begin\": 51"] {
            assert!(!text.contains(line), "{name}: {text}");
        }
    }
}
