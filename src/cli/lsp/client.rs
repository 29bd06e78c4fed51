//! What the client can do.

use super::{buffer::Encoding, protocol::Initialize};
use serde_json::Value;

/// What the client can do, as it said when it began.
#[derive(Debug, Clone)]
pub struct Client {
    /// The unit of positions: the first of the client's list that is known.
    pub encoding: Encoding,
    /// `true` if it asks for diagnostics; otherwise they are sent.
    pub pulls: bool,
    /// `true` if it can be told to ask for all diagnostics again.
    pub refreshes: bool,
    /// `true` if an edit may name the version of its document, and make and delete files.
    pub has_document_changes: bool,
    /// `true` if an edit may make a file.
    pub creates: bool,
    /// `true` if an edit may delete a file.
    pub deletes: bool,
    /// `true` if an edit may have a part that the user fills in.
    pub has_snippets: bool,
    /// `true` if it knows actions with edits, rather than commands alone.
    pub has_actions: bool,
    /// `true` if it asks for an action's edit once the action is chosen.
    pub resolves: bool,
    /// `true` if it can open an address outside of the editor.
    pub shows_documents: bool,
    /// `true` if it can be asked for settings.
    pub has_configuration: bool,
    /// `true` if it can be asked to watch files.
    pub watches: bool,
}

impl Client {
    /// What the client says in `initialize`.
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
