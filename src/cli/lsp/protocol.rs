//! The types of the language server protocol that are used here.
//!
//! Source: <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification>.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A position in a document, both numbers from 0. `character` is in units of the negotiated
/// encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The offset in the line.
    pub character: u32,
}

/// A range in a document, without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first position.
    pub start: Position,
    /// The position after the last.
    pub end: Position,
}

impl Range {
    /// `true` if the ranges overlap or touch.
    pub fn touches(&self, other: Range) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}

/// A replacement of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextEdit {
    /// The replaced range.
    pub range: Range,
    /// The new text.
    pub new_text: String,
}

/// The parameters of `initialize`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Initialize {
    /// The client's capabilities.
    pub capabilities: Value,
    /// Settings.
    pub initialization_options: Value,
    /// The open folders; `None` if there are none.
    pub workspace_folders: Option<Vec<Folder>>,
    /// The folder of clients without workspace folders.
    pub root_uri: Option<String>,
}

/// An open folder.
#[derive(Debug, Clone, Deserialize)]
pub struct Folder {
    /// Its URI.
    pub uri: String,
}

/// Identifies a document.
#[derive(Debug, Deserialize)]
pub struct Id {
    /// Its URI.
    pub uri: String,
}

/// Identifies a version of a document.
#[derive(Debug, Deserialize)]
pub struct VersionedId {
    /// Its URI.
    pub uri: String,
    /// The version.
    #[serde(default)]
    pub version: i64,
}

/// A document with its text.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Its URI.
    pub uri: String,
    /// The id of its language.
    #[serde(default)]
    pub language_id: String,
    /// Its version.
    #[serde(default)]
    pub version: i64,
    /// Its text.
    pub text: String,
}

/// Parameters that name a document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfDocument {
    /// The document.
    pub text_document: Id,
}

/// The parameters of `textDocument/didOpen`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DidOpen {
    /// The document.
    pub text_document: Item,
}

/// The parameters of `textDocument/didChange`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DidChange {
    /// The document.
    pub text_document: VersionedId,
    /// The changes, applied in order.
    pub content_changes: Vec<ContentChange>,
}

/// A change of a text.
#[derive(Debug, Deserialize)]
pub struct ContentChange {
    /// The replaced range; `None` replaces the whole text.
    #[serde(default)]
    pub range: Option<Range>,
    /// The new text.
    pub text: String,
}

/// Parameters of requests at a position.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AtPosition {
    /// The document.
    pub text_document: Id,
    /// The position.
    pub position: Position,
}

/// The parameters of `textDocument/codeAction`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeActionParams {
    /// The document.
    pub text_document: Id,
    /// The range of the actions.
    pub range: Range,
    /// The context.
    pub context: CodeActionContext,
}

/// The requested kinds of actions, and the trigger.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CodeActionContext {
    /// The diagnostics in the range.
    pub diagnostics: Vec<Value>,
    /// The kinds; `None` for all.
    pub only: Option<Vec<String>>,
    /// 1 if the user requests them, 2 if the client does automatically, such as on save.
    pub trigger_kind: Option<u32>,
}

/// The parameters of `workspace/executeCommand`.
#[derive(Debug, Deserialize)]
pub struct ExecuteCommand {
    /// The command.
    pub command: String,
    /// Its arguments.
    #[serde(default)]
    pub arguments: Vec<Value>,
}

/// The parameters of `workspace/didChangeWatchedFiles`.
#[derive(Debug, Deserialize)]
pub struct WatchedFiles {
    /// The files.
    pub changes: Vec<Id>,
}

/// The parameters of `workspace/didChangeWorkspaceFolders`.
#[derive(Debug, Deserialize)]
pub struct FoldersChanged {
    /// The change.
    pub event: FoldersEvent,
}

/// Opened and closed folders.
#[derive(Debug, Deserialize)]
pub struct FoldersEvent {
    /// Opened.
    pub added: Vec<Folder>,
    /// Closed.
    pub removed: Vec<Folder>,
}

/// The parameters of `$/cancelRequest`.
#[derive(Debug, Deserialize)]
pub struct Cancel {
    /// The request.
    pub id: lsp_server::RequestId,
}

/// The parameters of `notebookDocument/didOpen`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DidOpenNotebook {
    /// The notebook.
    pub notebook_document: Notebook,
    /// The texts of its cells.
    pub cell_text_documents: Vec<Item>,
}

/// A notebook.
#[derive(Debug, Deserialize)]
pub struct Notebook {
    /// Its URI.
    pub uri: String,
    /// Its cells, in order.
    pub cells: Vec<NotebookCell>,
}

/// A cell of a notebook.
#[derive(Debug, Clone, Deserialize)]
pub struct NotebookCell {
    /// 1 for text, 2 for code.
    pub kind: u32,
    /// The URI of its text.
    pub document: String,
}

impl NotebookCell {
    /// `true` for code.
    pub fn is_code(&self) -> bool {
        self.kind == 2
    }
}

/// The parameters of `notebookDocument/didChange`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DidChangeNotebook {
    /// The notebook.
    pub notebook_document: VersionedId,
    /// The change.
    pub change: NotebookChange,
}

/// A change of a notebook.
#[derive(Debug, Deserialize)]
pub struct NotebookChange {
    /// The change of its cells.
    pub cells: Option<CellsChange>,
}

/// A change of a notebook's cells.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CellsChange {
    /// Added, removed and moved cells.
    pub structure: Option<CellsStructure>,
    /// Cells with a changed kind.
    pub data: Vec<NotebookCell>,
    /// Cells with a changed text.
    pub text_content: Vec<CellText>,
}

/// Added, removed and moved cells.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CellsStructure {
    /// The change of the cell list.
    pub array: CellsArray,
    /// The texts of added cells.
    #[serde(default)]
    pub did_open: Vec<Item>,
    /// The texts of removed cells.
    #[serde(default)]
    pub did_close: Vec<Id>,
}

/// A change of a cell list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CellsArray {
    /// The index of the first changed cell, from 0.
    pub start: usize,
    /// The number of removed cells.
    pub delete_count: usize,
    /// The inserted cells.
    #[serde(default)]
    pub cells: Vec<NotebookCell>,
}

/// A cell with a changed text.
#[derive(Debug, Deserialize)]
pub struct CellText {
    /// The cell.
    pub document: VersionedId,
    /// The changes, applied in order.
    pub changes: Vec<ContentChange>,
}

/// Parameters that name a notebook.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfNotebook {
    /// The notebook.
    pub notebook_document: Id,
}
