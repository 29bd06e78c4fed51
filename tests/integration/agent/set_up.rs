//! `hfscan init --agent`.

use crate::support::Workspace;
use serde_json::{Value, json};

const FILES: [(&str, &str); 4] = [
    ("claude-code", ".claude/settings.json"),
    ("codex", ".codex/hooks.json"),
    ("cursor", ".cursor/hooks.json"),
    ("copilot", ".github/hooks/hfscan.json"),
];

#[test]
fn every_agent_of_the_option_is_tried() {
    let help = Workspace::new().run(&["init", "--help"]).stdout;
    let values = help.lines().filter_map(|line| line.trim_start().strip_prefix("- "));
    let names = values.filter_map(|line| line.split(':').next()).collect::<Vec<_>>();
    assert_eq!(names, FILES.map(|(name, _)| name));
}

fn settings(workspace: &Workspace, path: &str) -> Value {
    let text = std::fs::read_to_string(workspace.path(path)).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}: {text}"))
}

#[test]
fn the_settings_of_an_agent_are_shown_first_and_written_once() {
    for (agent, path) in FILES {
        let workspace = Workspace::new();
        let run = workspace.run(&["init", "--agent", agent]);
        assert!(run.code == Some(2) && run.stdout.contains("agent-hook"), "{run:?}");
        assert!(!workspace.path(path).exists(), "{agent}");
        let run = workspace.run(&["init", "--agent", agent, "--yes"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let written = settings(&workspace, path);
        assert!(
            written.to_string().contains(&format!("hfscan agent-hook --isolated --agent {agent}"))
        );
        let run = workspace.run(&["init", "--agent", agent, "--yes"]);
        assert!(run.stdout.contains("already"), "{run:?}");
        assert_eq!(settings(&workspace, path), written);
        assert!(!workspace.path(".hfscan.toml").exists());
    }
}

#[test]
fn settings_that_are_there_keep_everything_else() {
    for (agent, path) in FILES {
        let workspace = Workspace::new();
        let old = "{\n  \"model\": \"x\",\n  \"hooks\": {\"PreToolUse\": [{\"hooks\": []}]}\n}\n";
        workspace.write_bytes(path, old.as_bytes());
        let run = workspace.run(&["init", "--agent", agent, "--yes"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let new = settings(&workspace, path);
        assert_eq!(new["model"], "x");
        let hooks = new["hooks"]["PreToolUse"].as_array().unwrap();
        assert!(hooks.contains(&json!({"hooks": []})), "{new}");
        let text = std::fs::read_to_string(workspace.path(path)).unwrap();
        assert!(text.contains("\"model\": \"x\",\n") && text.contains("agent-hook"), "{text}");
    }
    let workspace = Workspace::new();
    let own = "{\"hooks\": {\"x\": [{\"command\": \"hfscan agent-hook\"}]}}\n";
    workspace.write_bytes(".claude/settings.json", own.as_bytes());
    let run = workspace.run(&["init", "--agent", "claude-code", "--yes"]);
    assert!(run.stdout.contains("without `--isolated`"), "{run:?}");
    let own = "{\"hooks\": {}} // mine\n";
    workspace.write_bytes(".claude/settings.json", own.as_bytes());
    let run = workspace.run(&["init", "--agent", "claude-code", "--yes"]);
    assert!(run.stdout.contains("please add this yourself"), "{run:?}");
    assert_eq!(std::fs::read_to_string(workspace.path(".claude/settings.json")).unwrap(), own);
}
