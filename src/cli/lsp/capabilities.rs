//! The server's capabilities.

use super::{
    actions::{OPEN, QUICK_FIX},
    client::Client,
    fix_all,
};
use serde_json::{Value, json};

/// The server's capabilities, for the response to `initialize`.
pub fn capabilities(client: &Client) -> Value {
    let mut value = json!({
        "positionEncoding": client.encoding.as_str(),
        "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
        "notebookDocumentSync": {
            "notebookSelector": [{"notebook": {"notebookType": "jupyter-notebook"}}],
            "save": true,
        },
        "hoverProvider": true,
        "codeActionProvider": {
            "codeActionKinds": [QUICK_FIX, fix_all::KINDS[0], fix_all::KINDS[1]],
            "resolveProvider": true,
        },
        "executeCommandProvider": {"commands": [OPEN]},
        "workspace": {"workspaceFolders": {"supported": true, "changeNotifications": true}},
    });
    if client.pulls {
        value["diagnosticProvider"] = json!({
            "identifier": "hfscan", "interFileDependencies": false, "workspaceDiagnostics": false,
        });
    }
    value
}
