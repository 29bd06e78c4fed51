//! What an agent is answered, in its own form.

use super::{
    event::{Event, Moment},
    kind::Agent,
    look::Verdict,
};
use serde_json::{Value, json};

/// The answer to a call.
pub fn to(event: &Event, verdict: &Verdict) -> Value {
    match (event.agent, verdict) {
        (Agent::Cursor, verdict) => to_cursor(event, verdict),
        (_, Verdict::Pass) => json!({}),
        (_, Verdict::Unsure(why)) if !event.can_ask => warning(event.agent, why),
        (agent, Verdict::Unsure(why)) => permission(agent, "ask", &unscanned(why)),
        (agent, Verdict::Refuse(reason)) => refusal(agent, event.moment, reason),
    }
}

/// The answer to a call that cannot be read, or that was not scanned and cannot be put to the
/// user: it passes, and the user is told.
pub fn warning(agent: Agent, why: &str) -> Value {
    let message = unscanned(why);
    match agent {
        Agent::Cursor => json!({
            "continue": true, "permission": "allow", "user_message": message,
        }),
        _ => json!({ "systemMessage": message }),
    }
}

fn unscanned(why: &str) -> String {
    format!("hfscan: this was not scanned for credentials: {why}")
}

fn refusal(agent: Agent, moment: Moment, reason: &str) -> Value {
    match (agent, moment) {
        (_, Moment::Before) => permission(agent, "deny", reason),
        // VS Code stops at `continue`, the command line of Copilot at `decision`.
        (Agent::Copilot, Moment::Prompt) => json!({
            "decision": "block", "reason": reason, "continue": false, "stopReason": reason,
        }),
        _ => json!({ "decision": "block", "reason": reason }),
    }
}

/// A decision on a tool that is about to run.
fn permission(agent: Agent, decision: &str, reason: &str) -> Value {
    let mut answer = json!({
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": decision,
            "permissionDecisionReason": reason,
        },
    });
    match agent {
        // The command line of Copilot reads them there, VS Code as Claude Code does.
        Agent::Copilot => {
            answer["permissionDecision"] = decision.into();
            answer["permissionDecisionReason"] = reason.into();
        }
        // Codex shows the reason to the model alone.
        Agent::Codex => answer["systemMessage"] = reason.into(),
        _ => {}
    }
    answer
}

fn to_cursor(event: &Event, verdict: &Verdict) -> Value {
    let (is_refused, message) = match verdict {
        Verdict::Pass => (false, None),
        Verdict::Refuse(reason) => (true, Some(reason.clone())),
        Verdict::Unsure(why) => (false, Some(unscanned(why))),
    };
    let mut answer = match event.moment {
        Moment::Prompt => json!({ "continue": !is_refused }),
        Moment::Before => {
            let is_asked = !is_refused && message.is_some() && event.can_ask;
            let other = if is_asked { "ask" } else { "allow" };
            json!({ "permission": if is_refused { "deny" } else { other } })
        }
        Moment::After => json!({}),
    };
    if let Some(message) = message {
        match event.moment {
            // Nothing is shown to the user after a tool, but to the model.
            Moment::After => answer["additional_context"] = message.into(),
            Moment::Prompt => answer["user_message"] = message.into(),
            Moment::Before => {
                answer["agent_message"] = message.as_str().into();
                answer["user_message"] = message.into();
            }
        }
    }
    answer
}
