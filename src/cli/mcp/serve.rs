//! Reads requests, one per line, and answers each.

use super::{
    message::{Failure, Message, answer},
    tools::{self, Tools},
};
use crate::{
    cli::{error::CliError, mcp_args::McpArgs, status::CLEAN, surroundings::working_directory},
    scan::masked,
};
use serde_json::{Map, Value, json};
use std::{
    io::{BufRead, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

/// Maximum size of a message in bytes; a larger one ends the connection.
const MAX_LINE: u64 = 64 << 20;

/// The supported protocol versions, newest first.
const VERSIONS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

const INSTRUCTIONS: &str = "Finds Hugging Face credentials and the habits that leak them. \
    No answer contains a secret: credentials are masked, and identified by an id. Nothing is \
    changed, and no connection is opened. Use `scan_text` before text is sent or written, \
    `scan_path` before a commit or an upload, and `propose_fix` for the changes of `hfscan fix`.";

/// Answers requests until standard input ends.
///
/// # Errors
/// Returns an error if the working directory cannot be read, or if standard input or output fails.
pub fn run(args: McpArgs) -> Result<ExitCode, CliError> {
    let tools = Tools { folder: working_directory()?, config: args.config };
    let mut input = std::io::stdin().lock();
    let mut out = std::io::stdout().lock();
    loop {
        let mut line = Vec::new();
        let read = input.by_ref().take(MAX_LINE + 1).read_until(b'\n', &mut line);
        let read = read.map_err(|error| CliError::Read { path: "-".into(), error })?;
        if read == 0 {
            return Ok(CLEAN.into());
        }
        let is_too_long = read as u64 > MAX_LINE;
        let reply = match is_too_long {
            true => {
                let failure = Failure::new(Failure::REQUEST, "the message is longer than 64 MiB");
                Some(answer(Value::Null, Err(failure)))
            }
            false => reply(&tools, &line),
        };
        if let Some(reply) = reply {
            let written = writeln!(out, "{reply}").and_then(|()| out.flush());
            match written {
                // The client has exited.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                    return Ok(CLEAN.into());
                }
                written => written.map_err(CliError::Stdout)?,
            }
        }
        if is_too_long {
            return Ok(CLEAN.into());
        }
    }
}

/// The response to a line; `None` for a notification.
fn reply(tools: &Tools, line: &[u8]) -> Option<Value> {
    if line.trim_ascii().is_empty() {
        return None;
    }
    match serde_json::from_slice(line) {
        // Protocol version 2025-03-26 allows batches.
        Ok(Value::Array(batch)) if !batch.is_empty() => {
            let replies: Vec<_> = batch.into_iter().filter_map(|one| to(tools, one)).collect();
            (!replies.is_empty()).then_some(Value::Array(replies))
        }
        Ok(message) => to(tools, message),
        Err(_) => {
            let failure = Failure::new(Failure::PARSE, "the message is not JSON");
            Some(answer(Value::Null, Err(failure)))
        }
    }
}

fn to(tools: &Tools, message: Value) -> Option<Value> {
    let (id, result) = match Message::of(message) {
        Ok(Message::Other) => return None,
        Err((id, failure)) => (id, Err(failure)),
        Ok(Message::Request { id, method, params }) => {
            // A panic fails one request, not the server.
            let result = catch_unwind(AssertUnwindSafe(|| result(tools, &method, &params)));
            let failed = || Failure::new(Failure::INTERNAL, "hfscan failed; please report it");
            (id, result.unwrap_or_else(|_| Err(failed())))
        }
    };
    // An error may quote the client's input.
    let result = result.map_err(|one| Failure { message: masked(&one.message), ..one });
    Some(answer(id, result))
}

fn result(tools: &Tools, method: &str, params: &Map<String, Value>) -> Result<Value, Failure> {
    match method {
        "initialize" => {
            let asked = params.get("protocolVersion").and_then(Value::as_str).unwrap_or_default();
            let version = VERSIONS.iter().find(|one| **one == asked).unwrap_or(&VERSIONS[0]);
            Ok(json!({
                "protocolVersion": version,
                "capabilities": { "tools": {} },
                "serverInfo": { "name": "hfscan", "version": env!("CARGO_PKG_VERSION") },
                "instructions": INSTRUCTIONS,
            }))
        }
        "ping" => Ok(json!({})),
        "tools/list" => Ok(json!({ "tools": tools::list() })),
        "tools/call" => tools.call(params),
        _ => Err(Failure::new(Failure::METHOD, format!("unknown method `{method}`"))),
    }
}
