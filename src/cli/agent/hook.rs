//! Reads a hook call from standard input, and answers it.

use super::{
    answer,
    event::{Event, Unread},
    kind::Agent,
    look::{Verdict, look},
};
use crate::{
    cli::{agent_args::AgentHookArgs, error::CliError, output::print, status::CLEAN},
    scan::masked,
};
use serde_json::{Value, json};
use std::{
    io::Read,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

/// Maximum size of a call in bytes; larger calls are not scanned.
const MAX_CALL: u64 = 64 << 20;

/// Answers a hook call. The exit status is always 0: agents read a decision from the answer only
/// then.
///
/// # Errors
/// Returns an error if standard output cannot be written to.
pub fn run(args: &AgentHookArgs) -> Result<ExitCode, CliError> {
    let answer = catch_unwind(AssertUnwindSafe(|| answer(args))).unwrap_or_else(|_| {
        answer::warning(args.agent.unwrap_or(Agent::ClaudeCode), "hfscan failed; please report it")
    });
    print(&format!("{answer}\n"))?;
    Ok(CLEAN.into())
}

fn answer(args: &AgentHookArgs) -> Value {
    let mut call = Vec::new();
    let read = std::io::stdin().lock().take(MAX_CALL + 1).read_to_end(&mut call);
    let event = match read {
        Err(error) => Err(Unread { agent: None, why: error.to_string() }),
        Ok(_) if call.len() as u64 > MAX_CALL => {
            Err(Unread { agent: None, why: "the hook call is longer than 64 MiB".into() })
        }
        Ok(_) => Event::read(&call, args.agent),
    };
    match event {
        Ok(None) => json!({}),
        Err(Unread { agent, why }) => {
            answer::warning(agent.or(args.agent).unwrap_or(Agent::ClaudeCode), &why)
        }
        Ok(Some(event)) => {
            let verdict = look(&event, &args.config)
                .unwrap_or_else(|error| Verdict::Unsure(masked(&error.to_string())));
            answer::to(&event, &verdict)
        }
    }
}
