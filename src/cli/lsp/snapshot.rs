//! A unit as it was at a moment.

use super::buffer::Buffer;
use serde_json::json;
use std::{path::PathBuf, sync::Arc};

/// A text in the editor.
#[derive(Debug, Clone)]
pub struct Text {
    /// Its address.
    pub uri: String,
    /// The client's number of its version.
    pub version: i64,
    /// Its text.
    pub buffer: Arc<Buffer>,
}

/// A cell of a notebook.
#[derive(Debug, Clone)]
pub struct CellSnapshot {
    /// Its text.
    pub text: Text,
    /// The name of its language; `None` for a cell that is no code.
    pub language: Option<String>,
}

/// What a unit consists of.
#[derive(Debug, Clone)]
pub enum Content {
    /// A text.
    Text(Text),
    /// The cells of a notebook, without outputs, which editors do not send.
    Cells(Vec<CellSnapshot>),
}

/// A unit as it was at a moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The file; `None` if it is none.
    pub file: Option<PathBuf>,
    /// The name that an untitled document is read by.
    pub untitled: Option<String>,
    /// What it consists of.
    pub content: Content,
    /// Its revision.
    pub revision: u64,
}

impl Snapshot {
    /// The number of bytes.
    pub fn len(&self) -> usize {
        match &self.content {
            Content::Text(text) => text.buffer.text().len(),
            Content::Cells(cells) => cells.iter().map(|one| one.text.buffer.text().len()).sum(),
        }
    }
}

/// A notebook's file with these cells, as Jupyter writes it: each line of a cell is a string on a
/// line of its own. So it is read, compared with the baseline and fixed like the file.
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
