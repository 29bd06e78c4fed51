//! The coding agents, and how a call of a hook shows which one makes it.

use clap::ValueEnum;
use serde_json::{Map, Value};

/// A coding agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Agent {
    /// Claude Code
    ClaudeCode,
    /// Codex of OpenAI
    Codex,
    /// Cursor
    Cursor,
    /// GitHub Copilot: its command line, its cloud agent, and VS Code
    Copilot,
}

impl Agent {
    /// The agent that sends this call; `None` if nothing in it says so. One agent may run the
    /// hooks that were set up for another.
    pub fn of(call: &Map<String, Value>) -> Option<Self> {
        let has = |key: &str| call.contains_key(key);
        let transcript = call.get("transcript_path").and_then(Value::as_str).unwrap_or_default();
        let transcript = transcript.to_ascii_lowercase();
        if has("cursor_version") || has("generation_id") {
            return Some(Self::Cursor);
        }
        if has("turn_id") || transcript.contains(".codex") {
            return Some(Self::Codex);
        }
        if has("toolName") || has("timestamp") || transcript.contains("copilot") {
            return Some(Self::Copilot);
        }
        transcript.contains(".claude").then_some(Self::ClaudeCode)
    }
}
