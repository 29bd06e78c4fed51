//! A credential anywhere in a message of an agent or a client is in no answer.

use crate::support::{Run, Workspace, token};
use serde_json::{Value, json};

/// The value, and copies of it, each with the secret in place of one text or as a part of it.
fn planted(value: &Value, secret: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let count = texts(&mut value.clone()).len();
    for number in 0..count {
        for with in [secret.to_string(), format!("/x/{secret}/a b\n\u{1b}[31m{secret}")] {
            let mut copy = value.clone();
            *texts(&mut copy)[number] = with;
            all.push(copy);
        }
    }
    all
}

fn texts(value: &mut Value) -> Vec<&mut String> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter_mut().flat_map(texts).collect(),
        Value::Object(map) => map.values_mut().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn assert_hidden(run: &Run, secret: &str, call: &Value) {
    let shown = format!("{}{}", run.stdout, run.stderr);
    assert!(!shown.contains(secret), "{call}: {run:?}");
    assert!(!shown.contains('\u{1b}'), "{call}: {run:?}");
}

#[test]
fn no_answer_of_the_hook_holds_a_secret_wherever_it_stands() {
    let workspace = Workspace::with(".env", "HF_TOKEN=hf_{{alpha:34:planted}}\n");
    let secret = token("planted");
    let calls = [
        json!({"session_id": "a", "transcript_path": "/u/.claude/a.jsonl", "cwd": ".",
               "hook_event_name": "PreToolUse", "tool_name": "Bash",
               "tool_input": {"command": "cat .env", "note": "b"}}),
        json!({"hook_event_name": "PostToolUse", "tool_name": "Read", "cwd": ".",
               "tool_input": {"file_path": ".env"}, "tool_response": ["a\nb", {"c": "d"}]}),
        json!({"generation_id": "a", "hook_event_name": "beforeReadFile", "file_path": ".env",
               "content": "a", "attachments": [{"file_path": ".env"}], "workspace_roots": ["."]}),
        json!({"timestamp": "a", "cwd": ".", "prompt": "see @.env"}),
        json!({"timestamp": "a", "cwd": ".", "toolName": "view", "toolArgs": "{\"path\":\".env\"}"}),
    ];
    for call in calls.iter().flat_map(|call| planted(call, &secret)) {
        let run = workspace.run_with_input(&["agent-hook"], call.to_string().as_bytes());
        assert_eq!(run.code, Some(0), "{call}: {run:?}");
        assert_hidden(&run, &secret, &call);
        run.json();
    }
}

#[test]
fn no_answer_of_the_server_holds_a_secret_wherever_it_stands() {
    let workspace = Workspace::with("a.py", "import os\nt = \"hf_{{alpha:34:planted}}\"\n");
    let secret = token("planted");
    let request = |params: Value| json!({"jsonrpc": "2.0", "id": "i", "method": "tools/call", "params": params});
    let requests = [
        request(json!({"name": "scan_text", "arguments": {"text": "a", "name": "b.py"}})),
        request(json!({"name": "scan_path", "arguments": {"path": "."}})),
        request(json!({"name": "propose_fix", "arguments": {"path": "a.py"}})),
        request(json!({"name": "explain_rule", "arguments": {"rule": "token-reused"}})),
    ];
    for request in requests.iter().flat_map(|one| planted(one, &secret)) {
        // A client that puts a secret into the id receives its own id back.
        if request["id"] != "i" {
            continue;
        }
        let run = workspace.run_with_input(&["mcp"], format!("{request}\n").as_bytes());
        assert_eq!(run.code, Some(0), "{request}: {run:?}");
        assert_hidden(&run, &secret, &request);
    }
}

#[test]
fn no_output_of_a_fix_of_a_transcript_holds_a_secret() {
    let secret = token("planted");
    let session = format!(
        "{}\n{}\n",
        json!({"sessionId": "a", "type": "user", "uuid": "b",
               "message": {"role": secret, "content": format!("say {secret}")}}),
        json!({"sessionId": "a", "type": "assistant", "uuid": "c", "message": {"role": "assistant",
               "content": [{"type": "tool_use", "name": secret, "input": {"command": secret}}]}}),
    );
    let workspace = Workspace::new();
    workspace.write_bytes("a.jsonl", session.as_bytes());
    let file = std::fs::File::options().write(true).open(workspace.path("a.jsonl")).unwrap();
    let hour = std::time::Duration::from_secs(3600);
    file.set_modified(std::time::SystemTime::now() - hour).unwrap();
    drop(file);
    let formats = ["text", "json", "jsonl", "sarif", "rdjson", "csv", "github", "markdown", "html"];
    for format in formats {
        let run = workspace.run(&["-f", format, "--show-suppressed", "a.jsonl"]);
        assert_hidden(&run, &secret, &json!(format));
    }
    for args in [&["fix", "a.jsonl"][..], &["fix", "--diff", "a.jsonl"]] {
        assert_hidden(&workspace.run(args), &secret, &json!(args));
    }
    let run = workspace.run(&["fix", "--discard", "a.jsonl"]);
    assert_hidden(&run, &secret, &json!("fix"));
    let left = std::fs::read_to_string(workspace.path("a.jsonl")).unwrap();
    assert!(!left.contains(&secret), "{run:?}");
}
