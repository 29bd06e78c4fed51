//! A hook call, parsed from JSON.

use super::{
    kind::Agent,
    passage::{FILE_KEYS, Kind, Passage, file_of},
    reads,
    shown::{Shown, lines_of},
};
use serde_json::{Map, Value};
use std::path::PathBuf;

/// The time of a hook call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The user submits a prompt.
    Prompt,
    /// Before a tool call.
    Before,
    /// After a tool call.
    After,
}

/// A hook call.
#[derive(Debug, PartialEq, Eq)]
pub struct Event {
    /// The calling agent.
    pub agent: Agent,
    /// The time of the call.
    pub moment: Moment,
    /// `true` if the answer can ask the user for permission.
    pub can_ask: bool,
    /// The tool name; empty for a prompt.
    pub tool: String,
    /// The agent's working directory, if the call contains it.
    pub folder: Option<PathBuf>,
    /// The texts to scan.
    pub passages: Vec<Passage>,
    /// Files whose content the model would see, if they exist.
    pub files: Vec<Shown>,
}

impl Event {
    /// Parses a call from the agent that it names, or else from `agent`; `None` for an event that
    /// shows nothing to a model.
    ///
    /// # Errors
    /// Returns the reason if it cannot be parsed, with the agent if it is known.
    pub fn read(bytes: &[u8], agent: Option<Agent>) -> Result<Option<Self>, Unread> {
        let unread = |agent: Option<Agent>, why: &str| Unread { agent, why: why.into() };
        let call: Value = serde_json::from_slice(bytes)
            .map_err(|_| unread(agent, "the hook call is not JSON"))?;
        let Value::Object(call) = call else {
            return Err(unread(agent, "the hook call is not an object"));
        };
        let agent = Agent::of(&call).or(agent).unwrap_or(Agent::ClaudeCode);
        let name = string(&call, &["hook_event_name", "hookEventName"]).unwrap_or_default();
        let Some(moment) = moment(name, &call) else { return Ok(None) };
        let mut event = Self {
            agent,
            moment,
            can_ask: can_ask(agent, moment, name),
            tool: string(&call, &["tool_name", "toolName"]).unwrap_or_default().to_string(),
            folder: folder(&call),
            passages: Vec::new(),
            files: Vec::new(),
        };
        let is_read = match moment {
            Moment::Prompt => event.add_prompt(&call),
            Moment::Before => event.add_input(&call),
            Moment::After => event.add_output(&call),
        };
        match is_read {
            true => Ok(Some(event)),
            false => Err(unread(Some(agent), "the hook call has no known field")),
        }
    }

    fn add_prompt(&mut self, call: &Map<String, Value>) -> bool {
        let Some(prompt) = string(call, &["prompt"]) else { return false };
        self.files = reads::of_prompt(prompt);
        self.add_attachments(call);
        let (kind, name, text) = (Kind::Prompt, "prompt.md".to_string(), prompt.to_string());
        self.passages.push(Passage { kind, name, text });
        true
    }

    fn add_attachments(&mut self, call: &Map<String, Value>) {
        let attachments = call.get("attachments").and_then(Value::as_array);
        let named = attachments.into_iter().flatten().filter_map(Value::as_object);
        self.files.extend(named.filter_map(file_of).map(Shown::whole));
    }

    fn add_input(&mut self, call: &Map<String, Value>) -> bool {
        // Cursor's hook for file reads contains the file's content.
        if let (Some(file), Some(text)) = (file_of(call), string(call, &["content"])) {
            let (name, text) = (file.to_string(), text.to_string());
            self.passages.push(Passage { kind: Kind::Output, name, text });
            self.add_attachments(call);
            return true;
        }
        let Some(input) = input(call) else { return false };
        if let Some(map) = input.as_object() {
            let names = FILE_KEYS.iter().chain(&["paths", "files"]);
            let names = names.filter_map(|key| map.get(*key)).flat_map(|one| match one {
                Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect::<Vec<_>>(),
            });
            if reads::is_showing(&self.tool) {
                let lines = lines_of(&self.tool, map);
                let shown = |file: &str| Shown { file: file.into(), lines: lines.clone() };
                self.files.extend(names.map(shown));
            }
        }
        self.passages = Passage::of_input(&input);
        let commands = self.passages.iter().filter(|one| one.kind == Kind::Command);
        let read: Vec<_> = commands.flat_map(|one| reads::of_command(&one.text)).collect();
        self.files.extend(read.into_iter().map(Shown::whole));
        true
    }

    fn add_output(&mut self, call: &Map<String, Value>) -> bool {
        const KEYS: [&str; 6] =
            ["tool_response", "tool_output", "tool_result", "toolResult", "output", "result_json"];
        let Some(output) = KEYS.iter().find_map(|key| call.get(*key)) else { return false };
        let input = input(call);
        let file = input.as_ref().and_then(Value::as_object).and_then(file_of);
        self.passages = Passage::of_output(&unpacked(output), file);
        true
    }
}

/// A call that cannot be parsed.
#[derive(Debug, PartialEq, Eq)]
pub struct Unread {
    /// The calling agent, if known.
    pub agent: Option<Agent>,
    /// The reason.
    pub why: String,
}

/// The time of the event with this name; calls of Copilot may have no name.
fn moment(name: &str, call: &Map<String, Value>) -> Option<Moment> {
    match name.to_ascii_lowercase().as_str() {
        "userpromptsubmit" | "userpromptsubmitted" | "beforesubmitprompt" => Some(Moment::Prompt),
        "pretooluse" | "beforeshellexecution" | "beforemcpexecution" | "beforereadfile" => {
            Some(Moment::Before)
        }
        "posttooluse" | "posttoolusefailure" | "aftershellexecution" | "aftermcpexecution" => {
            Some(Moment::After)
        }
        "" if call.contains_key("toolResult") => Some(Moment::After),
        "" if call.contains_key("toolName") || call.contains_key("tool_name") => {
            Some(Moment::Before)
        }
        "" if call.contains_key("prompt") => Some(Moment::Prompt),
        _ => None,
    }
}

/// `true` if this agent supports asking the user for permission.
fn can_ask(agent: Agent, moment: Moment, name: &str) -> bool {
    moment == Moment::Before
        && match agent {
            Agent::ClaudeCode | Agent::Copilot => true,
            Agent::Codex => false,
            // Cursor supports it only for commands and calls of MCP servers.
            Agent::Cursor => matches!(name, "beforeShellExecution" | "beforeMCPExecution"),
        }
}

/// The input of the tool.
fn input(call: &Map<String, Value>) -> Option<Value> {
    let given = ["tool_input", "toolArgs"].iter().find_map(|key| call.get(*key)).map(unpacked);
    let command = || Some(serde_json::json!({ "command": string(call, &["command"])? }));
    given.or_else(command)
}

/// A value, parsed if it is a string of JSON.
fn unpacked(value: &Value) -> Value {
    let parsed = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    parsed.filter(|one| one.is_object() || one.is_array()).unwrap_or_else(|| value.clone())
}

fn folder(call: &Map<String, Value>) -> Option<PathBuf> {
    let roots = || call.get("workspace_roots")?.as_array()?.first()?.as_str();
    string(call, &["cwd"]).or_else(roots).filter(|one| !one.is_empty()).map(PathBuf::from)
}

/// The first of these keys with a string value.
fn string<'c>(call: &'c Map<String, Value>, keys: &[&str]) -> Option<&'c str> {
    keys.iter().find_map(|key| call.get(*key)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(call: &Value) -> Event {
        let read = Event::read(call.to_string().as_bytes(), None);
        read.expect("it can be read").expect("it shows something")
    }

    #[test]
    fn each_agent_is_told_by_its_calls() {
        for (agent, call) in [
            (
                Agent::ClaudeCode,
                json!({"session_id": "a", "transcript_path": "/h/.claude/projects/x/a.jsonl",
                       "hook_event_name": "PreToolUse", "tool_name": "Bash",
                       "tool_input": {"command": "ls"}}),
            ),
            (
                Agent::Codex,
                json!({"session_id": "a", "turn_id": "b", "hook_event_name": "PreToolUse",
                       "transcript_path": null, "tool_name": "Bash",
                       "tool_input": {"command": "ls"}}),
            ),
            (
                Agent::Cursor,
                json!({"conversation_id": "a", "generation_id": "b", "cursor_version": "2.0",
                       "hook_event_name": "beforeShellExecution", "command": "ls"}),
            ),
            (
                Agent::Copilot,
                json!({"timestamp": 1, "cwd": "/x", "toolName": "bash",
                       "toolArgs": "{\"command\": \"ls\"}"}),
            ),
            (
                Agent::Copilot,
                json!({"hook_event_name": "PreToolUse", "session_id": "a", "timestamp": "b",
                       "cwd": "/x", "tool_name": "bash", "tool_input": {"command": "ls"}}),
            ),
        ] {
            let event = read(&call);
            assert_eq!((event.agent, event.moment), (agent, Moment::Before), "{call}");
            let commands = event.passages.iter().filter(|one| one.kind == Kind::Command);
            assert_eq!(commands.map(|one| one.text.as_str()).collect::<Vec<_>>(), ["ls"], "{call}");
        }
    }

    #[test]
    fn the_moment_is_that_of_the_event() {
        let prompt = read(&json!({"timestamp": 1, "cwd": "/x", "prompt": "see @a.py"}));
        assert_eq!((prompt.moment, prompt.files), (Moment::Prompt, vec![Shown::whole("a.py")]));
        let after = json!({"toolName": "bash", "toolArgs": {}, "toolResult":
            {"resultType": "success", "textResultForLlm": "a\nb"}});
        assert_eq!(read(&after).moment, Moment::After);
        let other = json!({"hook_event_name": "SessionStart"}).to_string();
        assert_eq!(Event::read(other.as_bytes(), None), Ok(None));
        for broken in ["", "[]", "{\"hook_event_name\": \"PreToolUse\"}"] {
            assert!(Event::read(broken.as_bytes(), None).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_tool_that_shows_files_names_them() {
        let call = |tool: &str, input: Value| {
            let call = json!({"hook_event_name": "PreToolUse", "tool_name": tool,
                              "tool_input": input});
            read(&call).files.into_iter().map(|one| one.file).collect::<Vec<_>>()
        };
        assert_eq!(call("Read", json!({"file_path": "/a/.env"})), ["/a/.env"]);
        assert_eq!(call("mcp__fs__read_multiple_files", json!({"paths": ["a", "b"]})), ["a", "b"]);
        assert!(call("Write", json!({"file_path": "a", "content": "b"})).is_empty());
        assert!(call("delete_file", json!({"path": "a"})).is_empty());
    }
}
