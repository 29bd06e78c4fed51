//! The messages of the language server protocol, as far as they are used.
//!
//! Source: <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification>.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A place in a document, both numbers from 0. `character` counts units of the negotiated
/// encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The place in the line.
    pub character: u32,
}

/// A part of a document; its end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first place.
    pub start: Position,
    /// The place after the last.
    pub end: Position,
}

impl Range {
    /// `true` if the ranges share a place; their ends count.
    pub fn touches(&self, other: Range) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}

/// A replacement of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextEdit {
    /// What is replaced.
    pub range: Range,
    /// The text in its place.
    pub new_text: String,
}

/// The parameters of `initialize`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Initialize {
    /// What the client can do.
    pub capabilities: Value,
    /// Settings.
    pub initialization_options: Value,
    /// The folders that are open; `None` if there are none.
    pub workspace_folders: Option<Vec<Folder>>,
    /// The one folder of clients that know no others.
    pub root_uri: Option<String>,
}

/// A folder that is open.
#[derive(Debug, Clone, Deserialize)]
pub struct Folder {
    /// Its address.
    pub uri: String,
}

/// Names a document.
#[derive(Debug, Deserialize)]
pub struct Id {
    /// Its address.
    pub uri: String,
}

/// Names a version of a document.
#[derive(Debug, Deserialize)]
pub struct VersionedId {
    /// Its address.
    pub uri: String,
    /// The version.
    #[serde(default)]
    pub version: i64,
}

/// A document with its text.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Its address.
    pub uri: String,
    /// The name of its language.
    #[serde(default)]
    pub language_id: String,
    /// Its version.
    #[serde(default)]
    pub version: i64,
    /// Its text.
    pub text: String,
}

/// The parameters of messages that name one document.
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
    /// The changes, one after the other.
    pub content_changes: Vec<ContentChange>,
}

/// A change of a text.
#[derive(Debug, Deserialize)]
pub struct ContentChange {
    /// What is replaced; `None` replaces everything.
    #[serde(default)]
    pub range: Option<Range>,
    /// The text in its place.
    pub text: String,
}

/// The parameters of requests about a place.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AtPosition {
    /// The document.
    pub text_document: Id,
    /// The place.
    pub position: Position,
}

/// The parameters of `textDocument/codeAction`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeActionParams {
    /// The document.
    pub text_document: Id,
    /// The part for which actions are wanted.
    pub range: Range,
    /// The rest.
    pub context: CodeActionContext,
}

/// What kinds of actions are wanted, and why.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CodeActionContext {
    /// The diagnostics at the place.
    pub diagnostics: Vec<Value>,
    /// The kinds; `None` for all.
    pub only: Option<Vec<String>>,
    /// 1 if a person asks, 2 if the client asks by itself, as before saving.
    pub trigger_kind: Option<u32>,
}

/// The parameters of `workspace/executeCommand`.
#[derive(Debug, Deserialize)]
pub struct ExecuteCommand {
    /// The command.
    pub command: String,
    /// What it needs.
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

/// Folders that were opened and closed.
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
    /// Its address.
    pub uri: String,
    /// Its cells, in order.
    pub cells: Vec<NotebookCell>,
}

/// A cell of a notebook.
#[derive(Debug, Clone, Deserialize)]
pub struct NotebookCell {
    /// 1 for text, 2 for code.
    pub kind: u32,
    /// The address of its text.
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
    /// Cells that come, go and move.
    pub structure: Option<CellsStructure>,
    /// Cells with another kind.
    pub data: Vec<NotebookCell>,
    /// Cells with another text.
    pub text_content: Vec<CellText>,
}

/// Cells that come, go and move.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CellsStructure {
    /// The change of the list of cells.
    pub array: CellsArray,
    /// The texts that are new.
    #[serde(default)]
    pub did_open: Vec<Item>,
    /// The texts that are gone.
    #[serde(default)]
    pub did_close: Vec<Id>,
}

/// A change of a list of cells.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CellsArray {
    /// The first cell that changes, from 0.
    pub start: usize,
    /// How many cells go.
    pub delete_count: usize,
    /// The cells in their place.
    #[serde(default)]
    pub cells: Vec<NotebookCell>,
}

/// A cell with another text.
#[derive(Debug, Deserialize)]
pub struct CellText {
    /// The cell.
    pub document: VersionedId,
    /// The changes, one after the other.
    pub changes: Vec<ContentChange>,
}

/// The parameters of messages that name one notebook.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfNotebook {
    /// The notebook.
    pub notebook_document: Id,
}
