//! Settings that make a coding agent call `hfscan agent-hook`.

use super::{
    insert::inserted,
    step::{Step, exists},
};
use crate::cli::{agent::Agent, error::CliError};
use serde_json::{Value, json};
use std::path::Path;

/// The next step after the settings are written.
pub const NEXT: &str = "written. `hfscan` must be on the PATH of the agent; restart the agent, \
                        and check its list of hooks (docs/agents.md)\n";

/// The command in settings, which identifies an installed hook.
const COMMAND: &str = "hfscan agent-hook";

/// The format of an agent's settings.
struct Form {
    agent: Agent,
    /// The agent's name as an option value.
    name: &'static str,
    /// The path in the repository.
    path: &'static str,
    events: &'static [&'static str],
    /// `true` if hooks are in a group, beside a `matcher`.
    has_groups: bool,
    /// `true` if a new file needs the version of its format.
    has_version: bool,
}

const PASCAL_EVENTS: &[&str] = &["UserPromptSubmit", "PreToolUse", "PostToolUse"];

const FORMS: [Form; 4] = [
    Form {
        agent: Agent::ClaudeCode,
        name: "claude-code",
        path: ".claude/settings.json",
        events: PASCAL_EVENTS,
        has_groups: true,
        has_version: false,
    },
    Form {
        agent: Agent::Codex,
        name: "codex",
        path: ".codex/hooks.json",
        events: PASCAL_EVENTS,
        has_groups: true,
        has_version: false,
    },
    Form {
        agent: Agent::Cursor,
        name: "cursor",
        path: ".cursor/hooks.json",
        events: &[
            "beforeSubmitPrompt",
            "beforeShellExecution",
            "beforeMCPExecution",
            "beforeReadFile",
            "preToolUse",
            "postToolUse",
        ],
        has_groups: false,
        has_version: true,
    },
    Form {
        agent: Agent::Copilot,
        name: "copilot",
        path: ".github/hooks/hfscan.json",
        events: PASCAL_EVENTS,
        has_groups: false,
        has_version: true,
    },
];

/// The step that installs the hook of an agent.
///
/// # Errors
/// Returns an error if the agent's settings cannot be read.
pub fn step(agent: Agent, root: &Path) -> Result<Step, CliError> {
    let form = FORMS.iter().find(|form| form.agent == agent).expect("every agent has a form");
    let path = form.path;
    if !exists(root, path) {
        return Ok(Step::Create { path, text: form.settings() });
    }
    let old = std::fs::read_to_string(root.join(path))
        .map_err(|error| CliError::Read { path: path.into(), error })?;
    if old.contains(COMMAND) {
        let is_isolated = old.contains("--isolated");
        let hint = if is_isolated { "" } else { ", but without `--isolated`: see docs/agents.md" };
        return Ok(Step::There { what: format!("{path}: already calls the hook of hfscan{hint}") });
    }
    let mut new = old.clone();
    for event in form.events {
        match inserted(&new, &["hooks", event], &form.entry(event)) {
            Some(text) => new = text,
            None => return Ok(Step::ByHand { path, text: form.settings() }),
        }
    }
    let hooks = json!({ "hooks": form.hooks() });
    Ok(Step::Change { path, old, new, added: format!("{hooks:#}\n") })
}

impl Form {
    /// One entry in the list of an event.
    fn entry(&self, event: &str) -> Value {
        let mut hook = json!({
            "type": "command",
            // A model that writes files must not be able to disable the hook.
            "command": format!("{COMMAND} --isolated --agent {}", self.name),
            "timeout": 10,
        });
        if self.agent == Agent::Cursor {
            hook.as_object_mut().expect("it is an object").remove("type");
        }
        match (self.has_groups, event) {
            (false, _) => hook,
            (true, "UserPromptSubmit") => json!({ "hooks": [hook] }),
            (true, _) => json!({ "matcher": "*", "hooks": [hook] }),
        }
    }

    fn hooks(&self) -> Value {
        let entry = |event: &&str| ((*event).to_string(), json!([self.entry(event)]));
        Value::Object(self.events.iter().map(entry).collect())
    }

    /// The content of a new settings file.
    fn settings(&self) -> String {
        let mut settings = json!({ "hooks": self.hooks() });
        if self.has_version {
            settings["version"] = 1.into();
        }
        format!("{settings:#}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn every_agent_has_settings_under_the_name_of_its_option() {
        for agent in Agent::value_variants() {
            let form = FORMS.iter().find(|form| form.agent == *agent).expect("it has a form");
            let value = agent.to_possible_value().expect("it is an option");
            assert_eq!(value.get_name(), form.name);
            let settings: Value = serde_json::from_str(&form.settings()).expect("it is JSON");
            assert_eq!(settings["hooks"].as_object().map(|all| all.len()), Some(form.events.len()));
        }
    }

    #[test]
    fn the_page_on_agents_names_the_option_the_settings_and_the_events_of_each() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/agents.md");
        let page = std::fs::read_to_string(page).expect("the page is there");
        let options = page.lines().find(|line| line.contains("init --agent")).unwrap_or_default();
        for form in &FORMS {
            assert!(options.contains(form.name), "{} in `{options}`", form.name);
            let path = format!("| `{}` |", form.path);
            let row = page.lines().find(|line| line.contains(&path)).unwrap_or_default();
            let has =
                |event: &&str| row.contains("the same") || row.contains(&format!("`{event}`"));
            assert!(form.events.iter().all(has), "{}: `{row}`", form.name);
        }
    }
}
