//! The coding agents, and how a hook call identifies its agent.

use clap::ValueEnum;
use serde_json::{Map, Value};

/// A coding agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Agent {
    /// Claude Code
    ClaudeCode,
    /// OpenAI Codex
    Codex,
    /// Cursor
    Cursor,
    /// GitHub Copilot: CLI, cloud agent, and VS Code
    Copilot,
}

impl Agent {
    /// The agent that sends this call; `None` if no field identifies it. An agent may run hooks
    /// that were installed for another.
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
