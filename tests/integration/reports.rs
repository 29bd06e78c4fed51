//! Reports of several scans are merged.

use crate::support::{Workspace, token};

#[test]
fn reports_of_parts_make_the_report_of_the_whole() {
    let workspace = Workspace::new();
    for name in ["a/one.py", "a/two.env", "b/three.md"] {
        workspace.write_bytes(name, format!("HF_TOKEN={}\n", token(name)).as_bytes());
    }
    workspace.write("b/other.txt", "nothing\n");
    for (part, format) in [("a", "json"), ("b", "jsonl")] {
        let report = format!("{format}={part}.report");
        let run = workspace.run(&[&format!("./{part}"), "--format", &report]);
        assert_eq!(run.code, Some(1), "{run:?}");
    }
    let mut whole = workspace.run(&["a", "b", "--format", "json"]).json();
    // Fixes belong to the files as scanned, and are not kept.
    for finding in whole["findings"].as_array_mut().unwrap() {
        finding.as_object_mut().unwrap().remove("fixes");
    }
    let merged = workspace.run(&["report", "a.report", "b.report", "b.report", "--format", "json"]);
    assert_eq!(merged.code, Some(1), "{merged:?}");
    let merged = merged.json();
    assert_eq!(merged["findings"], whole["findings"]);
    assert_eq!(merged["complete"], true);
    let sarif = workspace.run(&["report", "a.report", "--format", "sarif"]);
    assert!(sarif.stdout.contains("one.py") && sarif.code == Some(1), "{sarif:?}");
    let text = workspace.run(&["report", "a.report"]);
    assert!(text.stdout.contains("one.py:1:10"), "{text:?}");
}

#[test]
fn what_is_incomplete_stays_so_and_what_is_no_report_is_an_error() {
    let workspace = Workspace::with("a.py", "x = 1\n");
    let report = workspace.run(&["a.py", "--format", "jsonl"]);
    workspace.write_bytes("whole.jsonl", report.stdout.as_bytes());
    assert_eq!(workspace.run(&["report", "whole.jsonl"]).code, Some(0));
    let incomplete = report.stdout.replace("\"complete\":true", "\"complete\":false");
    assert_ne!(incomplete, report.stdout);
    workspace.write_bytes("part.jsonl", incomplete.as_bytes());
    assert_eq!(workspace.run(&["report", "whole.jsonl", "part.jsonl"]).code, Some(2));
    let run = workspace.run(&["report", "a.py"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("a.py: line 1: not a report"), "{}", run.stderr);
    let piped = workspace.run_with_input(&["report", "-"], report.stdout.as_bytes());
    assert_eq!(piped.code, Some(0), "{piped:?}");
}
