//! Ignore comments, as a user meets them.

use crate::formats::bench::hfscan;
use hfscan::internal::rule::example::expand;
use serde_json::Value;

/// What a scan of files says, in which `@` stands for a token.
fn scan(files: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().unwrap();
    let token = expand("hf_{{alpha:34}}");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text.replace('@', &token)).unwrap();
    }
    let output = hfscan(folder.path()).arg("--format=json").args(arguments).output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

fn lines(report: &Value) -> Vec<u64> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|one| one["location"]["start"]["line"].as_u64().unwrap()).collect()
}

#[test]
fn an_ignored_finding_is_counted_and_not_reported() {
    let text = "a = '@'  # hfscan: ignore[hardcoded-token-assignment] revoked\nb = '@'  # gitleaks:allow\n";
    let (status, report) = scan(&[("a.py", text)], &[]);
    assert_eq!((status, lines(&report)), (Some(0), vec![]));
    let counts = &report["summary"]["suppressed"];
    assert_eq!((&counts["inline"], &counts["inline-peer"]), (&1.into(), &1.into()));
    assert_eq!(report["warnings"], serde_json::json!([]));
}

#[test]
fn no_comment_is_obeyed_when_none_may_be() {
    let text = "a = '@'  # hfscan: ignore revoked\nb = '@'  # gitleaks:allow\n";
    let (status, report) = scan(&[("a.py", text)], &["--no-inline-ignores"]);
    assert_eq!((status, lines(&report)), (Some(1), vec![1, 2]));
}

#[test]
fn a_reason_is_compulsory_when_it_is_asked_for() {
    let text = "a = '@'  # hfscan: ignore\nb = '@'  # hfscan: ignore revoked in May\n";
    let (status, report) = scan(&[("a.py", text)], &["--require-reason"]);
    assert_eq!((status, lines(&report)), (Some(1), vec![1]));
    let message = report["warnings"][0]["message"].as_str().unwrap();
    assert!(message.contains("gives no reason"), "{message}");
}

#[test]
fn a_comment_that_does_nothing_is_a_warning_with_its_place() {
    let text = "# é\nx = 1  # hfscan: ignore[hf-user-acess-token]\n";
    let (status, report) = scan(&[("a.py", text)], &[]);
    assert_eq!(status, Some(0));
    let warnings = report["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(warnings[0]["place"]["line"], 2);
    assert_eq!(warnings[0]["place"]["column"], 10);
    let message = warnings[0]["message"].as_str().unwrap();
    assert!(message.contains("did you mean `hf-user-access-token`?"), "{message}");
}

#[test]
fn nothing_is_said_of_unused_comments_when_only_some_rules_run() {
    let text = "x = 1  # hfscan: ignore[hf-xet-token]\n";
    let (_, report) = scan(&[("a.py", text)], &["--select=hf-user-access-token"]);
    assert_eq!(report["warnings"], serde_json::json!([]));
    let (_, report) = scan(&[("a.py", text)], &[]);
    assert_eq!(report["warnings"].as_array().unwrap().len(), 1);
    // A page that shows how comments are written is no place for them.
    let (_, report) = scan(&[("a.md", text)], &[]);
    assert_eq!(report["warnings"], serde_json::json!([]));
}

#[test]
fn a_tag_of_a_notebook_cell_silences_the_cell() {
    let cell = |metadata: &str| {
        format!(
            "{{\"cell_type\": \"code\", \"metadata\": {metadata}, \"source\": [\n\"t = '@'\\n\"\n]}}"
        )
    };
    let text = format!(
        "{{\"cells\": [\n{},\n{},\n{}], \"nbformat\": 4}}",
        cell("{\"tags\": [\"hfscan: ignore[hardcoded-token-assignment]\"]}"),
        cell("{\"hfscan\": \"ignore\"}"),
        cell("{}")
    );
    let (_, report) = scan(&[("n.ipynb", &text)], &[]);
    assert_eq!(lines(&report), [9]);
}

#[test]
fn comments_in_utf_16_and_in_large_files_are_obeyed() {
    let folder = tempfile::tempdir().unwrap();
    let line = format!("é = '{}'  # hfscan: ignore\n", expand("hf_{{alpha:34}}"));
    let utf_16: Vec<u8> =
        format!("\u{feff}{line}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join("a.ps1"), utf_16).unwrap();
    let filler = "x = 1\n".repeat(1 << 20);
    std::fs::write(folder.path().join("b.py"), format!("{filler}{line}{filler}")).unwrap();
    let output = hfscan(folder.path()).arg("--format=json").output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"]["suppressed"]["inline"], 2, "{report}");
}

#[test]
fn only_a_comment_of_the_language_is_warned_about() {
    for (name, text, warnings) in [
        ("a.rs", "let a = \"// hfscan: ignore\";\nlet b = r#\"\n# hfscan: ignore\n\"#;\n", 0),
        ("a.rs", "let a = 1; // hfscan: ignore\n", 1),
        (
            "a.py",
            "\"\"\"Says `x`.\n\nhfscan: ignore\n\"\"\"\nb = 'x # hfscan: ignore[no-rule]'\n",
            0,
        ),
        ("a.py", "b = 'x'  # hfscan: ignore[no-rule]\n", 1),
        ("a.yaml", "a: \"# hfscan: ignore\"\nb: 'x # hfscan: ignore'\n", 0),
        ("a.yaml", "a: 1 # hfscan: ignore\n", 1),
        ("a.sh", "echo 'x # hfscan: ignore'\n", 0),
        ("a.sh", "echo x # hfscan: ignore\n", 1),
        ("Dockerfile", "# hfscan: ignore\nFROM a\n", 1),
        ("a.jsonc", "{} // hfscan: ignore\n", 1),
        ("a.html", "<!-- hfscan: ignore -->\n", 0),
        ("a.md", "# hfscan: ignore\n", 0),
        ("unknown.xyz", "# hfscan: ignore\n", 1),
    ] {
        let (_, report) = scan(&[(name, text)], &[]);
        assert_eq!(report["warnings"].as_array().unwrap().len(), warnings, "{name}: {text}");
    }
    // Where it is obeyed is another question: a text may be what the comment is about.
    let (status, _) = scan(&[("a.py", "a = '@ hfscan: ignore'\n")], &[]);
    assert_eq!(status, Some(0));
}
