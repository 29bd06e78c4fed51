//! Runs the language server over standard input and output.

use super::{
    capabilities::capabilities, client::Client, project::Wishes, protocol::Initialize,
    server::Server, settings::EditorSettings, uri, worker,
};
use crate::cli::{
    error::CliError,
    lsp_args::LspArgs,
    status::{CLEAN, FOUND},
};
use lsp_server::{Connection, ErrorCode, Message, RequestId, Response};
use serde_json::json;
use std::process::ExitCode;

/// Runs the language server. The status is 0 if the client sent `shutdown` before `exit`, as the
/// protocol requires, and 1 otherwise.
///
/// # Errors
/// Returns an error if the client sends an invalid message.
pub fn run(args: LspArgs) -> Result<ExitCode, CliError> {
    let (connection, threads) = Connection::stdio();
    let is_well = serve(&connection, args);
    drop(connection);
    // The original error quotes the message.
    threads.join().map_err(|_| CliError::Protocol)?;
    Ok(if is_well { CLEAN } else { FOUND }.into())
}

/// `true` if the client sent `shutdown` before it disconnected.
fn serve(connection: &Connection, args: LspArgs) -> bool {
    let Some((id, initialize)) = first(connection) else { return false };
    let client = Client::of(&initialize);
    let info = json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")});
    let result = json!({"capabilities": capabilities(&client), "serverInfo": info});
    if connection.sender.send(Response::new_ok(id, result).into()).is_err() {
        return false;
    }
    let wishes = wishes(args, &initialize);
    let (jobs, to_do) = crossbeam_channel::unbounded();
    let (finished, done) = crossbeam_channel::unbounded();
    std::thread::scope(|scope| {
        let client = &client;
        scope.spawn(move || worker::run(client, &to_do, &finished));
        Server::new(connection, client, jobs, wishes).serve(&done)
    })
}

/// Waits for `initialize`. `None` if the client disconnects.
fn first(connection: &Connection) -> Option<(RequestId, Initialize)> {
    for message in &connection.receiver {
        let (id, code, why) = match message {
            Message::Request(request) if request.method == "initialize" => {
                match serde_json::from_value(request.params) {
                    Ok(initialize) => return Some((request.id, initialize)),
                    Err(_) => (request.id, ErrorCode::InvalidParams, "not understood"),
                }
            }
            Message::Request(request) => {
                (request.id, ErrorCode::ServerNotInitialized, "`initialize` comes first")
            }
            Message::Notification(one) if one.method == "exit" => return None,
            Message::Notification(_) | Message::Response(_) => continue,
        };
        let refusal = Response::new_err(id, code as i32, why.into());
        connection.sender.send(refusal.into()).ok()?;
    }
    None
}

fn wishes(args: LspArgs, initialize: &Initialize) -> Wishes {
    let folders = initialize.workspace_folders.iter().flatten().map(|folder| &folder.uri);
    let mut folders: Vec<_> = folders.filter_map(|one| uri::to_path(one)).collect();
    if folders.is_empty() {
        folders.extend(initialize.root_uri.as_deref().and_then(uri::to_path));
    }
    // Invalid settings are reported after initialization, when they are requested again.
    let (editor, _) = EditorSettings::read(&initialize.initialization_options);
    Wishes { args: args.config, editor, folders }
}
