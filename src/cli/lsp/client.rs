//! The client's capabilities.

use super::{buffer::Encoding, protocol::Initialize};
use serde_json::Value;

/// The client's capabilities, from its `initialize` request.
#[derive(Debug, Clone)]
pub struct Client {
    /// The position encoding: the first supported one in the client's list.
    pub encoding: Encoding,
    /// `true` if it pulls diagnostics; otherwise they are pushed.
    pub pulls: bool,
    /// `true` if it supports `workspace/diagnostic/refresh`.
    pub refreshes: bool,
    /// `true` if an edit may name a document version, and create and delete files.
    pub has_document_changes: bool,
    /// `true` if an edit may create a file.
    pub creates: bool,
    /// `true` if an edit may delete a file.
    pub deletes: bool,
    /// `true` if an edit may contain snippets.
    pub has_snippets: bool,
    /// `true` if it supports code actions with edits, not only commands.
    pub has_actions: bool,
    /// `true` if it resolves an action's edit when the user selects the action.
    pub resolves: bool,
    /// `true` if it can open a URL outside the editor.
    pub shows_documents: bool,
    /// `true` if it supports `workspace/configuration`.
    pub has_configuration: bool,
    /// `true` if it supports file watchers.
    pub watches: bool,
}

impl Client {
    /// The capabilities in `initialize`.
    pub fn of(initialize: &Initialize) -> Self {
        let all = &initialize.capabilities;
        let is = |path: &str| all.pointer(path).and_then(Value::as_bool).unwrap_or(false);
        let names = |path: &str| -> Vec<&str> {
            let list = all.pointer(path).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(Value::as_str).collect()
        };
        let encodings = names("/general/positionEncodings");
        let operations = names("/workspace/workspaceEdit/resourceOperations");
        let has_document_changes = is("/workspace/workspaceEdit/documentChanges");
        let resolved = names("/textDocument/codeAction/resolveSupport/properties");
        Self {
            encoding: encodings.into_iter().find_map(Encoding::named).unwrap_or(Encoding::Utf16),
            pulls: all.pointer("/textDocument/diagnostic").is_some_and(Value::is_object),
            refreshes: is("/workspace/diagnostics/refreshSupport"),
            has_document_changes,
            creates: has_document_changes && operations.contains(&"create"),
            deletes: has_document_changes && operations.contains(&"delete"),
            has_snippets: has_document_changes && is("/workspace/workspaceEdit/snippetEditSupport"),
            has_actions: all
                .pointer("/textDocument/codeAction/codeActionLiteralSupport")
                .is_some_and(Value::is_object),
            resolves: resolved.contains(&"edit") && is("/textDocument/codeAction/dataSupport"),
            shows_documents: is("/window/showDocument/support"),
            has_configuration: is("/workspace/configuration"),
            watches: is("/workspace/didChangeWatchedFiles/dynamicRegistration"),
        }
    }
}
