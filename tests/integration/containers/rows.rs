//! The positions of findings in tables and lists of records.

use crate::support::{Workspace, token};

/// The notes on the positions of the findings, and the notes on the findings.
fn notes(workspace: &Workspace) -> Vec<(String, Vec<String>)> {
    let report = workspace.run(&["--format", "json", "--ignore", "token-reused"]).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    let findings = report["findings"].as_array().expect("a list").iter();
    findings
        .map(|one| {
            let notes = one["notes"].as_array().into_iter().flatten().map(text).collect();
            (text(&one["location"]["note"]), notes)
        })
        .collect()
}

#[test]
fn a_finding_names_its_row_and_its_column_or_key() {
    let token = token("row");
    let filler = r#"{"id": 0, "turns": [{"text": "nothing"}]}"#;
    for (name, text, note) in [
        (
            "a.jsonl",
            format!(
                "{filler}\n{filler}\n{{\"turns\": [{{}}, {{\"text\": \"I use {token} here\"}}]}}\n"
            ),
            "row 3, turns[1].text",
        ),
        (
            "a.csv",
            format!("id,comment\n1,\"two\nlines, \"\"quoted\"\"\"\n2,\"my key: {token}\"\n"),
            "row 3, column comment",
        ),
        ("a.tsv", format!("id\tkey\n1\tx\n2\t{token}\n"), "row 3, column key"),
    ] {
        let workspace = Workspace::new();
        workspace.write_bytes(name, text.as_bytes());
        let notes = notes(&workspace);
        assert_eq!(notes.iter().map(|one| &*one.0).collect::<Vec<_>>(), [note], "{name}");
    }
}

#[test]
fn one_secret_in_a_thousand_rows_is_one_finding() {
    let row = format!("{{\"id\": 1, \"prompt\": \"set {} first\"}}\n", token("many"));
    // Read as a whole and in windows.
    for count in [1000, 60_000] {
        let workspace = Workspace::new();
        workspace.write_bytes("a.jsonl", row.repeat(count).as_bytes());
        let notes = notes(&workspace);
        assert_eq!(notes.len(), 1, "{count}");
        assert_eq!(notes[0].0, "row 1, prompt");
        let more = format!("it occurs there {} more times", count - 1);
        assert!(notes[0].1.contains(&more), "{:?}", notes[0].1);
    }
}

#[test]
fn a_token_that_is_itself_a_name_or_a_key_is_masked() {
    let (name, key, column) = (token("name"), token("key"), token("column"));
    let workspace = Workspace::new();
    // A dictionary of protocol 0 whose key is a token, with another token in it.
    let pickle = format!("(dp0\nV{key}\np1\n(dp2\nVtoken\np3\nV{}\np4\nss.", token("value"));
    workspace.write_bytes("users.pkl", pickle.as_bytes());
    let mut tar = vec![0; 512];
    let leak = format!("hf_token: {}\n", token("value"));
    tar[..name.len()].copy_from_slice(name.as_bytes());
    tar[124..135].copy_from_slice(format!("{:011o}", leak.len()).as_bytes());
    tar[156] = b'0';
    tar[257..265].copy_from_slice(b"ustar\x0000");
    tar[148..156].fill(b' ');
    let sum: u32 = tar.iter().map(|byte| u32::from(*byte)).sum();
    tar[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    tar.extend_from_slice(leak.as_bytes());
    tar.resize(2048, 0);
    workspace.write_bytes("run.tar", &tar);
    let csv = format!("id,{column}\n1,{}\n", token("value"));
    workspace.write_bytes("users.csv", csv.as_bytes());
    for format in ["json", "text", "sarif", "csv", "html"] {
        let output = workspace.run(&["--format", format, "-vv"]);
        assert!(output.stdout.contains("users.pkl") && output.stdout.contains("run.tar"));
        for secret in [&name, &key, &column, &token("value")] {
            assert!(!output.stdout.contains(secret.as_str()), "{format}: {}", output.stdout);
        }
    }
}
