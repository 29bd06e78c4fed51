//! Only the additions of a change are reported, and no other parts of the changed files.

use super::repo::{Repo, Scan, token};
use std::fmt::Write;

/// A line with a token.
fn leak(label: &str) -> String {
    format!("TOKEN = \"{}\"\n", token(label))
}

/// Runs both scans of the change from `HEAD~1` to `HEAD`: as a staged change, and as a range.
fn both(repo: &Repo, check: impl Fn(&Scan)) {
    check(&repo.scan(&["--staged", "-vv"]));
    repo.commit("the change");
    check(&repo.scan(&["--range", "HEAD~1..HEAD", "-vv"]));
}

#[test]
fn a_row_that_is_added_is_new_although_another_row_has_the_same_token() {
    for (name, row) in [
        ("a.csv", format!("7,{}\n", token("row"))),
        ("a.tsv", format!("7\t{}\n", token("row"))),
        ("a.jsonl", format!("{{\"token\": \"{}\"}}\n", token("row"))),
        ("a.py", format!("x = \"{}\"\n", token("row"))),
    ] {
        let repo = Repo::new();
        let old = format!("id\n{row}3\n");
        repo.commit_file(name, &old);
        repo.add(name, format!("{old}{row}"));
        both(&repo, |scan| {
            scan.ended_with(1);
            assert_eq!(scan.one("row")["location"]["start"]["line"], 4, "{name}");
            assert_eq!(scan.one("row")["notes"].as_array().map(Vec::len), Some(0), "{name}");
        });
    }
}

#[test]
fn warnings_and_counts_are_those_of_the_lines_that_change() {
    let useless = "y = 2  # hfscan: ignore[hf-user-access-token] nothing\n";
    let ignored = |label: &str| format!("x = \"{}\"  # hfscan: ignore test\n", token(label));
    let placeholder = "TOKEN = \"hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\n";
    let old = format!("{useless}{}{placeholder}", ignored("old"));
    let repo = Repo::new();
    repo.commit_file("a.py", &old);
    repo.add("a.py", format!("{old}z = 1\n"));
    both(&repo, |scan| {
        scan.ended_with(0).found_only(&[]);
        assert_eq!(scan.report["warnings"].as_array().map(Vec::len), Some(0), "{}", scan.report);
        assert_eq!(scan.report["summary"]["suppressed"].to_string(), "{}");
        assert_eq!(scan.report["dismissed"].as_array().map(Vec::len), Some(0), "{}", scan.report);
    });
    let old = format!("{old}z = 1\n");
    repo.add("a.py", format!("{old}{useless}{}{placeholder}", ignored("new")));
    both(&repo, |scan| {
        scan.ended_with(0).found_only(&[]);
        let warnings = scan.report["warnings"].as_array().expect("a list");
        assert_eq!(warnings.len(), 1, "{}", scan.report);
        assert_eq!(scan.report["summary"]["suppressed"]["inline"], 1);
        let dismissed = scan.report["dismissed"].as_array().expect("a list");
        assert!(!dismissed.is_empty(), "{}", scan.report);
        assert!(dismissed.iter().all(|one| one["location"]["start"]["line"] == 7), "{dismissed:?}");
    });
}

#[test]
fn a_comment_that_is_added_for_an_old_line_is_not_useless() {
    let repo = Repo::new();
    repo.commit_file("a.py", leak("old"));
    repo.add("a.py", format!("# hfscan: ignore-next-line known\n{}", leak("old")));
    both(&repo, |scan| {
        scan.ended_with(0).found_only(&[]);
        assert_eq!(scan.report["warnings"].as_array().map(Vec::len), Some(0), "{}", scan.report);
    });
}

#[test]
fn lines_of_utf_16_are_compared_as_lines() {
    let utf16 = |text: &str| {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let repo = Repo::new();
    repo.commit_file("a.ps1", utf16(&format!("{}x\r\n", leak("old"))));
    repo.add("a.ps1", utf16(&format!("{}x\r\n{}", leak("old"), leak("new"))));
    both(&repo, |scan| {
        scan.ended_with(1).found_only(&["new"]);
    });
}

#[test]
fn a_secret_that_stays_encoded_is_not_told_as_removed() {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(leak("hidden"));
    let repo = Repo::new();
    repo.commit("first");
    repo.commit_file("a.yaml", format!("data: {encoded}\n"));
    repo.commit_file("a.yaml", format!("data: {encoded}\nmore: 1\n"));
    let scan = repo.scan(&["--range", "HEAD~2..HEAD"]);
    scan.ended_with(1);
    assert!(scan.one("hidden")["history"]["removed"].is_null(), "{}", scan.report);
    let removing = repo.commit_file("a.yaml", "more: 1\n");
    let scan = repo.scan(&["--range", "HEAD~3..HEAD"]);
    assert_eq!(scan.one("hidden")["history"]["removed"]["commit"], removing.as_str());
}

#[test]
fn many_findings_in_many_versions_of_a_file_take_time_in_proportion() {
    let repo = Repo::new();
    let mut text = String::new();
    for number in 0..1500 {
        writeln!(text, "line {number}").expect("memory");
    }
    repo.commit_file("a.py", &text);
    for number in 0..300 {
        writeln!(text, "token = \"{}\"", token(&number.to_string())).expect("memory");
    }
    for number in 0..8 {
        writeln!(text, "last = {number}").expect("memory");
        repo.commit_file("a.py", &text);
    }
    let started = std::time::Instant::now();
    let scan = repo.scan(&["--range", "HEAD~8..HEAD"]);
    scan.ended_with(1);
    assert_eq!(scan.findings().len(), 300);
    assert!(scan.findings().iter().all(|one| one["history"]["occurrences"] == 1));
    // It took minutes when each of the 300 findings in each of 8 versions was compared separately.
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
}
