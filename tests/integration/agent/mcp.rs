//! `hfscan mcp`, called as by a client.

use crate::support::{Workspace, token};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The answers to these messages, one per line. Asserts that none contains a secret.
fn answers(workspace: &Workspace, messages: &[Value]) -> Vec<Value> {
    let input: String = messages.iter().map(|one| format!("{one}\n")).collect();
    let run = workspace.run_with_input(&["mcp"], input.as_bytes());
    assert_eq!(run.code, Some(0), "{run:?}");
    let secret = token("file");
    assert!(!run.stdout.contains(&secret) && !run.stderr.contains(&secret), "{run:?}");
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The result of a tool call.
fn call(workspace: &Workspace, tool: &str, arguments: Value) -> Value {
    let params = json!({"name": tool, "arguments": arguments});
    let message = json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params});
    let answers = answers(workspace, &[message]);
    assert_eq!((answers.len(), &answers[0]["id"]), (1, &json!(7)), "{answers:?}");
    answers[0]["result"].clone()
}

#[test]
fn a_session_begins_as_the_protocol_says() {
    let workspace = Workspace::new();
    let request = |id: u32, method: &str, params: Value| json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
    let info = json!({"name": "t", "version": "1"});
    let version =
        |version: &str| json!({"protocolVersion": version, "capabilities": {}, "clientInfo": info});
    let answers = answers(
        &workspace,
        &[
            request(1, "initialize", version("2025-06-18")),
            json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
            request(2, "tools/list", json!({})),
            request(3, "ping", json!({})),
            request(4, "resources/list", json!({})),
            request(5, "initialize", version("1999-01-01")),
            json!([request(6, "ping", json!({})), request(7, "ping", json!({}))]),
        ],
    );
    assert_eq!(answers[0]["result"]["protocolVersion"], "2025-06-18");
    assert_eq!(answers[0]["result"]["serverInfo"]["name"], "hfscan");
    let tools = answers[1]["result"]["tools"].as_array().unwrap();
    assert_eq!(tools.iter().map(described).collect::<Vec<_>>(), rows());
    assert!(tools.iter().all(|tool| tool["inputSchema"]["type"] == "object"));
    assert_eq!(answers[2]["result"], json!({}));
    assert_eq!(answers[3]["error"]["code"], -32601);
    assert_eq!(answers[4]["result"]["protocolVersion"], "2025-11-25");
    assert_eq!(answers[5].as_array().map(Vec::len), Some(2));
    assert_eq!(answers.len(), 6);
}

/// The tools in `docs/agents.md`, each with its arguments.
fn rows() -> Vec<(String, BTreeSet<String>)> {
    let page = include_str!("../../../docs/agents.md");
    let table = page.lines().skip_while(|line| !line.starts_with("| tool |")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    let words = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_string).collect();
    let cells = |row: &str| row.split('|').map(words).collect::<Vec<BTreeSet<String>>>();
    let name = |cell: &BTreeSet<String>| cell.first().cloned().unwrap_or_default();
    rows.map(cells).map(|row| (name(&row[1]), row[2].clone())).collect()
}

/// A tool in the server's list, with its arguments.
fn described(tool: &Value) -> (String, BTreeSet<String>) {
    let arguments = tool["inputSchema"]["properties"].as_object().unwrap();
    (tool["name"].as_str().unwrap().into(), arguments.keys().cloned().collect())
}

#[test]
fn every_tool_that_is_listed_can_be_called() {
    let workspace = Workspace::new();
    for (tool, _) in rows() {
        let params = json!({"name": tool, "arguments": {}});
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
        let answers = answers(&workspace, &[message]);
        let message = answers[0]["error"]["message"].as_str().unwrap_or_default();
        assert!(message.starts_with(&format!("`{tool}` needs the text")), "{answers:?}");
    }
}

#[test]
fn wrong_messages_are_answered_and_do_not_end_the_server() {
    let workspace = Workspace::new();
    let secret = token("file");
    let input = format!(
        "{{\n[]\n{{\"id\": 1}}\n{}\n{}\n{}\n",
        json!({"jsonrpc": "2.0", "id": 2, "method": secret}),
        json!({"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": secret}}),
        json!({"jsonrpc": "2.0", "id": 4, "method": "ping"}),
    );
    let run = workspace.run_with_input(&["mcp"], input.as_bytes());
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(!run.stdout.contains(&secret), "{run:?}");
    let answers: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let codes: Vec<_> = answers.iter().map(|one| one["error"]["code"].clone()).collect();
    let wanted = [-32700, -32600, -32600, -32601, -32602].map(Value::from);
    assert_eq!(codes[..5], wanted);
    assert_eq!(answers[5]["result"], json!({}));
}

#[test]
fn a_text_and_a_path_are_scanned_and_nothing_shows_the_secret() {
    let workspace = Workspace::with("src/a.py", "import os\nt = \"hf_{{alpha:34:file}}\"\n");
    workspace.write("b.py", "x = 1\n");
    let text = std::fs::read_to_string(workspace.path("src/a.py")).unwrap();
    for (tool, arguments) in [
        ("scan_text", json!({"text": text, "name": "src/a.py"})),
        ("scan_path", json!({"path": "src"})),
        ("scan_path", json!({"path": workspace.path("src/a.py")})),
    ] {
        let result = call(&workspace, tool, arguments);
        assert_eq!(result["isError"], false, "{result}");
        let report = &result["structuredContent"];
        let finding = &report["findings"][0];
        assert_eq!(finding["location"]["start"]["line"], 2, "{result}");
        assert!(finding["help"].as_str().unwrap().contains("os.environ"), "{result}");
        let written = result["content"][0]["text"].as_str().unwrap();
        assert_eq!(&serde_json::from_str::<Value>(written).unwrap(), report);
    }
    let clean = call(&workspace, "scan_path", json!({"path": "b.py"}));
    assert_eq!(clean["structuredContent"]["findings"], json!([]));
}

#[test]
fn nothing_outside_of_the_folder_is_read() {
    let workspace = Workspace::with("a.py", "x = 1\n");
    std::fs::write(workspace.root().join("../outside.py"), "x = 1\n").unwrap();
    for path in ["../outside.py", "..", "/", "not-there"] {
        for tool in ["scan_path", "propose_fix"] {
            let result = call(&workspace, tool, json!({"path": path}));
            assert_eq!(result["isError"], true, "{path}: {result}");
        }
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../outside.py", workspace.path("link.py")).unwrap();
        let result = call(&workspace, "scan_path", json!({"path": "link.py"}));
        assert_eq!(result["isError"], true, "{result}");
    }
}

#[test]
fn rules_are_explained_and_fixes_proposed_without_a_change() {
    let workspace = Workspace::with("a.py", "import os\nt = \"hf_{{alpha:34:file}}\"\n");
    let rule = call(&workspace, "explain_rule", json!({"rule": "hf-user-access-token"}));
    let explained = &rule["structuredContent"]["rules"][0];
    assert_eq!(explained["id"], "hf-user-access-token");
    let unknown = call(&workspace, "explain_rule", json!({"rule": "no-such-rule"}));
    assert_eq!(unknown["isError"], true);
    let before = std::fs::read(workspace.path("a.py")).unwrap();
    let proposal = call(&workspace, "propose_fix", json!({"path": "."}));
    let proposal = &proposal["structuredContent"];
    assert_eq!(proposal["fixes"][0]["applicability"], "safe", "{proposal}");
    let diff = proposal["diff"].as_str().unwrap();
    assert!(diff.contains("+t = os.environ[\"HF_TOKEN\"]"), "{diff}");
    assert_eq!(std::fs::read(workspace.path("a.py")).unwrap(), before);
}
