//! `hfscan revoke`: revokes tokens on the Hub.

use super::{
    error::CliError,
    output::print,
    status::{CLEAN, FAILED},
    token_error::TokenError,
    tokens::{self, TokenKind},
    verify::{ask_all, endpoint},
    verify_args::{Asking, RevokeArgs},
};
use crate::{
    model::{Secret, verification::Liveness},
    online::{Client, MAX_PER_CALL, revoke},
};
use std::{
    fmt::Write as _,
    fs::OpenOptions,
    io::{BufRead, BufReader, Write},
    process::ExitCode,
};

/// Lists the tokens to be revoked, or revokes them, and returns the exit status.
///
/// # Errors
/// Returns an error if the tokens cannot be read, one of them may not be revoked, the user does not
/// confirm their number, or the server rejects the request.
pub fn run(args: &RevokeArgs) -> Result<ExitCode, CliError> {
    let all = tokens::read(&args.input)?;
    let endpoint = endpoint(args.endpoint.as_deref())?;
    let own = tokens::own();
    let mut text = String::new();
    let mut chosen: Vec<&Secret> = Vec::new();
    for token in &all {
        let refusal = match TokenKind::of(token) {
            TokenKind::Public(origin) => {
                Some(format!("not revoked: published for tests, {origin}"))
            }
            TokenKind::Retired => Some("not revoked: a kind that is no longer issued".into()),
            _ if !TokenKind::is_user_token(token) => {
                Some("not revoked: the Hub documents it for user access tokens only".into())
            }
            _ if own.contains(token) && !args.including_mine => {
                return Err(TokenError::Own(token.masked()).into());
            }
            _ => None,
        };
        if refusal.is_none() {
            chosen.push(token);
        }
        let what = refusal.unwrap_or_else(|| format!("id {}", token.id()));
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{}  {what}", token.masked());
    }
    let count = chosen.len();
    if !args.yes_revoke {
        let _ = writeln!(
            text,
            "{count} tokens would be revoked at {}; nothing was sent. --yes-revoke revokes them, for good",
            endpoint.host()
        );
        print(&text)?;
        return Ok(CLEAN.into());
    }
    print(&text)?;
    if count == 0 {
        return Err(TokenError::Input("none of the tokens can be revoked".into()).into());
    }
    confirm(args.count, count, endpoint.host())?;
    let client = Client::new()?;
    for part in chosen.chunks(MAX_PER_CALL) {
        revoke(&client, &endpoint, part)?;
    }
    print(&format!(
        "{count} tokens sent to {} to be revoked. It takes any string, so this proves nothing: \
         `hfscan verify` should call them dead\n",
        endpoint.host()
    ))?;
    if !args.verify {
        return Ok(CLEAN.into());
    }
    let chosen: Vec<Secret> = chosen.into_iter().cloned().collect();
    let asking = Asking { verify_limit: usize::MAX, ..Asking::default() };
    let answers = ask_all(&chosen, &endpoint, &asking)?;
    let mut is_done = true;
    let mut text = String::new();
    for (token, answer) in &answers {
        is_done &= answer.state == Liveness::Dead;
        let _ = writeln!(text, "{}  {}", token.masked(), answer.state.as_str());
    }
    print(&text)?;
    Ok(if is_done { CLEAN.into() } else { FAILED.into() })
}

/// Asks the user to type the number of tokens, in the terminal even if tokens come from standard
/// input.
fn confirm(given: Option<usize>, count: usize, host: &str) -> Result<(), CliError> {
    let wrong = || CliError::from(TokenError::NotConfirmed(count));
    if let Some(given) = given {
        return if given == count { Ok(()) } else { Err(wrong()) };
    }
    let mut terminal =
        OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(|_| wrong())?;
    write!(terminal, "{count} tokens will be revoked at {host}, for good. Type their number: ")
        .map_err(|_| wrong())?;
    let mut line = String::new();
    BufReader::new(terminal).read_line(&mut line).map_err(|_| wrong())?;
    if line.trim() == count.to_string() { Ok(()) } else { Err(wrong()) }
}
