//! An immutable snapshot of a unit.

use super::buffer::Buffer;
use serde_json::json;
use std::{path::PathBuf, sync::Arc};

/// A text document in the editor.
#[derive(Debug, Clone)]
pub struct Text {
    /// Its URI.
    pub uri: String,
    /// Its version, assigned by the client.
    pub version: i64,
    /// Its text.
    pub buffer: Arc<Buffer>,
}

/// A cell of a notebook.
#[derive(Debug, Clone)]
pub struct CellSnapshot {
    /// Its text.
    pub text: Text,
    /// The language id; `None` for a cell that is not code.
    pub language: Option<String>,
}

/// The content of a unit.
#[derive(Debug, Clone)]
pub enum Content {
    /// A text document.
    Text(Text),
    /// The cells of a notebook, without outputs, which clients do not send.
    Cells(Vec<CellSnapshot>),
}

/// An immutable snapshot of a unit.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The file; `None` for a document without one.
    pub file: Option<PathBuf>,
    /// The file name that selects the language of an untitled document.
    pub untitled: Option<String>,
    /// The content.
    pub content: Content,
    /// Its revision.
    pub revision: u64,
}

impl Snapshot {
    /// The size in bytes.
    pub fn len(&self) -> usize {
        match &self.content {
            Content::Text(text) => text.buffer.text().len(),
            Content::Cells(cells) => cells.iter().map(|one| one.text.buffer.text().len()).sum(),
        }
    }
}

/// The notebook file of these cells in Jupyter's format: each line of a cell is a string on a
/// separate line. Reading, baseline and fixes then work as for the file.
pub fn notebook(cells: &[CellSnapshot]) -> String {
    let language = cells.iter().find_map(|cell| cell.language.as_deref()).unwrap_or("python");
    let mut text = String::from("{\n \"cells\": [");
    for (number, cell) in cells.iter().enumerate() {
        let kind = if cell.language.is_some() { "code" } else { "markdown" };
        let own = cell.language.as_deref().unwrap_or_default();
        text.push_str(if number == 0 { "\n" } else { ",\n" });
        text.push_str(&format!("  {{\"cell_type\": \"{kind}\", \"metadata\": {{}}"));
        if own != language && !own.is_empty() {
            text.push_str(&format!(", \"languageId\": {}", json!(own)));
        }
        text.push_str(", \"source\": [");
        let lines = cell.text.buffer.text().split_inclusive('\n');
        for (number, line) in lines.enumerate() {
            text.push_str(if number == 0 { "\n" } else { ",\n" });
            text.push_str(&format!("    {}", json!(line)));
        }
        text.push_str("\n  ]}");
    }
    let metadata = json!({"language_info": {"name": language}});
    text.push_str(&format!(
        "\n ],\n \"metadata\": {metadata},\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}}\n"
    ));
    text
}
