//! Transcripts of coding agents: the positions of findings, and their removal.

use crate::support::{Workspace, token};
use std::time::{Duration, SystemTime};

/// A session of each agent, with the token in several places.
const SESSIONS: [(&str, &str); 3] = [
    (
        ".claude/projects/x/a.jsonl",
        r#"{"type":"summary","summary":"x","leafUuid":"b"}
{"parentUuid":null,"sessionId":"a","type":"user","message":{"role":"user","content":"é ✓ use <T>"},"uuid":"b"}
{"sessionId":"a","type":"assistant","message":{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"hf auth login --token <T>"}}]},"uuid":"c"}
{"sessionId":"a","type":"user","message":{"role":"user","content":[{"tool_use_id":"t1","type":"tool_result","content":"{\"token\": \"<T>\"}\nok"}]},"toolUseResult":{"stdout":"<T>"},"uuid":"d"}
"#,
    ),
    (
        ".codex/sessions/2026/01/01/rollout-a.jsonl",
        r#"{"timestamp":"t","type":"session_meta","payload":{"id":"a","cwd":"/x"}}
{"timestamp":"t","type":"response_item","payload":{"type":"function_call","name":"shell","arguments":"{\"command\":[\"bash\",\"-lc\",\"echo <T>\"]}","call_id":"c1"}}
{"timestamp":"t","type":"response_item","payload":{"type":"function_call_output","call_id":"c1","output":"{\"output\":\"<T>\\n\"}"}}
"#,
    ),
    (
        ".pi/agent/sessions/x/a.jsonl",
        r#"{"type":"session","version":3,"id":"a","timestamp":"t","cwd":"/x"}
{"type":"message","id":"b","message":{"role":"assistant","content":[{"type":"toolCall","id":"c","name":"bash","arguments":{"command":"echo <T>"}}]}}
{"type":"message","id":"d","message":{"role":"toolResult","toolCallId":"c","toolName":"bash","content":[{"type":"text","text":"<T>\n"}]}}
"#,
    ),
];

fn write(workspace: &Workspace, path: &str, session: &str) {
    workspace.write(path, &session.replace("<T>", "hf_{{alpha:34}}"));
}

/// Sets the file's modification time one hour back.
fn age(workspace: &Workspace, path: &str) {
    let file = std::fs::File::options().write(true).open(workspace.path(path)).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
}

#[test]
fn a_finding_says_row_role_and_tool() {
    for ((path, session), note) in SESSIONS.into_iter().zip([
        "row 2, message.content, user",
        "row 2, payload.arguments, assistant, tool shell",
        "row 2, message.content[0].arguments.command, assistant, tool bash",
    ]) {
        let workspace = Workspace::new();
        write(&workspace, path, session);
        let report = workspace.run(&["--no-ignore", "-f", "json", path]).json();
        let notes: Vec<_> = report["findings"].as_array().unwrap().iter().collect();
        assert!(notes.iter().any(|one| one["location"]["note"] == note), "{path}: {report:#}");
    }
    // Each secret is reported once in a file of rows, so the result needs a file of its own.
    let workspace = Workspace::new();
    let (_, session) = SESSIONS[0];
    let result = session.replace("use <T>", "x").replace("--token <T>", "");
    write(&workspace, "a.jsonl", &result);
    let report = workspace.run(&["-f", "json", "a.jsonl"]).json();
    let note = report["findings"][0]["location"]["note"].as_str().unwrap();
    assert_eq!(note, "row 4, message.content[0].content, result of Bash");
}

#[test]
fn a_session_is_redacted_in_every_place_and_stays_rows_of_json() {
    for (path, session) in SESSIONS {
        for change in [str::to_string, |text: &str| text.replace('\n', "\r\n")] {
            let workspace = Workspace::new();
            write(&workspace, path, &change(session));
            age(&workspace, path);
            let args = ["fix", "--discard", "--no-ignore", path];
            let run = workspace.run(&args);
            assert_eq!(run.code, Some(0), "{path}: {run:?}");
            let text = std::fs::read_to_string(workspace.path(path)).unwrap();
            // The rest is unchanged, byte for byte.
            assert_eq!(text, change(session).replace("<T>", "<HF_TOKEN>"));
            for line in text.lines() {
                serde_json::from_str::<serde_json::Value>(line).unwrap();
            }
            age(&workspace, path);
            assert_eq!(workspace.run(&args).code, Some(0));
            assert_eq!(std::fs::read_to_string(workspace.path(path)).unwrap(), text);
        }
    }
}

#[test]
fn a_long_session_is_redacted_too() {
    let (path, session) = SESSIONS[0];
    let row = format!("{{\"type\":\"user\",\"message\":\"{}\"}}\n", "x y ".repeat(1000));
    let text = format!("{session}{}{session}", row.repeat(2500));
    assert!(text.len() > 9 << 20);
    let workspace = Workspace::new();
    write(&workspace, path, &text);
    age(&workspace, path);
    let run = workspace.run(&["fix", "--discard", "--no-ignore", path]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let after = std::fs::read_to_string(workspace.path(path)).unwrap();
    assert_eq!(after, text.replace("<T>", "<HF_TOKEN>"));
}

#[test]
fn a_session_that_is_being_written_is_left_alone() {
    let (path, session) = SESSIONS[0];
    let workspace = Workspace::new();
    write(&workspace, path, session);
    let before = std::fs::read(workspace.path(path)).unwrap();
    let args = ["fix", "--discard", "--no-ignore", path];
    let run = workspace.run(&args);
    assert!(run.code == Some(2) && run.stdout.contains("within the last minute"), "{run:?}");
    if cfg!(target_os = "linux") {
        age(&workspace, path);
        let open = std::fs::File::options().append(true).open(workspace.path(path)).unwrap();
        let run = workspace.run(&args);
        assert!(run.code == Some(2) && run.stdout.contains("open in another program"), "{run:?}");
        drop(open);
    }
    assert_eq!(std::fs::read(workspace.path(path)).unwrap(), before);
}

#[test]
fn rows_that_are_no_transcript_are_not_changed() {
    let text = format!("{{\"text\": \"{}\", \"label\": 1}}\n", token("row"));
    let workspace = Workspace::new();
    workspace.write_bytes("data.jsonl", text.as_bytes());
    age(&workspace, "data.jsonl");
    let run = workspace.run(&["fix", "--discard", "--unsafe-fixes", "data.jsonl"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(std::fs::read_to_string(workspace.path("data.jsonl")).unwrap(), text);
}
