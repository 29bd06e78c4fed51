//! Answers to hook calls, in the format of each agent.

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

/// The answer to a call that cannot be parsed, or that was not scanned and cannot be put to the
/// user: the call is allowed, with a warning to the user.
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
        // VS Code blocks on `continue`, Copilot CLI on `decision`.
        (Agent::Copilot, Moment::Prompt) => json!({
            "decision": "block", "reason": reason, "continue": false, "stopReason": reason,
        }),
        _ => json!({ "decision": "block", "reason": reason }),
    }
}

/// A decision on a tool call before it runs.
fn permission(agent: Agent, decision: &str, reason: &str) -> Value {
    let mut answer = json!({
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": decision,
            "permissionDecisionReason": reason,
        },
    });
    match agent {
        // Copilot CLI reads these top-level fields; VS Code reads the same fields as Claude Code.
        Agent::Copilot => {
            answer["permissionDecision"] = decision.into();
            answer["permissionDecisionReason"] = reason.into();
        }
        // Codex shows the reason only to the model.
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
            // After a tool call, the message goes to the model, not the user.
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
