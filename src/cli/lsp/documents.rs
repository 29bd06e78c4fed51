//! The open documents.

use super::{
    buffer::{Buffer, Encoding},
    protocol::{CellsChange, ContentChange, Item, NotebookCell},
    snapshot::{CellSnapshot, Content, Snapshot, Text},
    uri,
};
use std::{collections::BTreeMap, sync::Arc};

/// An open text document.
#[derive(Debug)]
struct Open {
    text: Text,
    language: String,
    /// The notebook of which it is a cell.
    notebook: Option<String>,
    revision: u64,
}

/// An open notebook.
#[derive(Debug)]
struct OpenNotebook {
    cells: Vec<NotebookCell>,
    revision: u64,
}

/// The open documents. A unit is scanned as one: a text document, or a notebook with its cells. It
/// is identified by its URI.
#[derive(Debug, Default)]
pub struct Documents {
    texts: BTreeMap<String, Open>,
    notebooks: BTreeMap<String, OpenNotebook>,
    /// Incremented by each change of any document.
    revision: u64,
}

impl Documents {
    /// Adds a text document that is not a cell.
    pub fn open(&mut self, item: Item) {
        // Some clients also open a cell as a separate document.
        let notebook = self.texts.get(&item.uri).and_then(|open| open.notebook.clone());
        self.insert(item, notebook);
    }

    /// Adds a notebook.
    pub fn open_notebook(&mut self, uri: String, cells: Vec<NotebookCell>, texts: Vec<Item>) {
        for item in texts {
            self.insert(item, Some(uri.clone()));
        }
        let revision = self.next();
        self.notebooks.insert(uri, OpenNotebook { cells, revision });
    }

    fn insert(&mut self, item: Item, notebook: Option<String>) {
        let Item { uri, language_id: language, version, text } = item;
        let revision = self.next();
        let buffer = Arc::new(Buffer::new(text));
        let text = Text { uri: uri.clone(), version, buffer };
        self.texts.insert(uri, Open { text, language, notebook, revision });
    }

    fn next(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    /// Changes a text document.
    pub fn change(
        &mut self,
        uri: &str,
        version: i64,
        changes: Vec<ContentChange>,
        encoding: Encoding,
    ) {
        let revision = self.next();
        let Some(open) = self.texts.get_mut(uri) else { return };
        // A job may still hold the old text; then it is copied.
        let buffer = Arc::make_mut(&mut open.text.buffer);
        for change in changes {
            buffer.change(change, encoding);
        }
        open.text.version = version;
        open.revision = revision;
        if let Some(notebook) = open.notebook.as_ref().and_then(|uri| self.notebooks.get_mut(uri)) {
            notebook.revision = revision;
        }
    }

    /// Changes the cells of a notebook. Returns the URIs of removed cells.
    pub fn change_cells(
        &mut self,
        uri: &str,
        change: CellsChange,
        encoding: Encoding,
    ) -> Vec<String> {
        let CellsChange { structure, data, text_content } = change;
        let mut gone = Vec::new();
        if let Some(structure) = structure {
            for item in structure.did_open {
                self.insert(item, Some(uri.to_string()));
            }
            if let Some(notebook) = self.notebooks.get_mut(uri) {
                let array = structure.array;
                let start = array.start.min(notebook.cells.len());
                let end = start.saturating_add(array.delete_count).min(notebook.cells.len());
                notebook.cells.splice(start..end, array.cells);
            }
            gone = structure.did_close.into_iter().map(|cell| cell.uri).collect();
            gone.iter().for_each(|cell| drop(self.texts.remove(cell)));
        }
        let revision = self.next();
        if let Some(notebook) = self.notebooks.get_mut(uri) {
            notebook.revision = revision;
            for cell in data {
                let mut cells = notebook.cells.iter_mut();
                if let Some(own) = cells.find(|own| own.document == cell.document) {
                    *own = cell;
                }
            }
        }
        for one in text_content {
            self.change(&one.document.uri, one.document.version, one.changes, encoding);
        }
        gone
    }

    /// Removes a text document.
    pub fn close(&mut self, uri: &str) {
        self.texts.remove(uri);
    }

    /// Removes a notebook. Returns the URIs of its cells.
    pub fn close_notebook(&mut self, uri: &str) -> Vec<String> {
        self.notebooks.remove(uri);
        let cells = self.texts.iter().filter(|(_, open)| open.notebook.as_deref() == Some(uri));
        let cells: Vec<String> = cells.map(|(uri, _)| uri.clone()).collect();
        cells.iter().for_each(|cell| drop(self.texts.remove(cell)));
        cells
    }

    /// The unit of a URI: the document itself, or the notebook of a cell.
    pub fn unit_of(&self, uri: &str) -> Option<String> {
        if self.notebooks.contains_key(uri) {
            return Some(uri.to_string());
        }
        let open = self.texts.get(uri)?;
        Some(open.notebook.clone().unwrap_or_else(|| uri.to_string()))
    }

    /// The URIs of all units.
    pub fn units(&self) -> Vec<String> {
        let texts = self.texts.iter().filter(|(_, open)| open.notebook.is_none());
        texts.map(|(uri, _)| uri).chain(self.notebooks.keys()).cloned().collect()
    }

    /// The revision of a unit, increased by each change of it.
    pub fn revision(&self, unit: &str) -> Option<u64> {
        let notebook = self.notebooks.get(unit).map(|notebook| notebook.revision);
        notebook.or_else(|| self.texts.get(unit).map(|open| open.revision))
    }

    /// The current state of a unit.
    pub fn snapshot(&self, unit: &str) -> Option<Snapshot> {
        let file = uri::to_path(unit);
        let revision = self.revision(unit)?;
        let Some(notebook) = self.notebooks.get(unit) else {
            let open = self.texts.get(unit)?;
            let untitled = unit.starts_with("untitled:");
            let untitled = untitled.then(|| uri::untitled_name(&open.language));
            let content = Content::Text(open.text.clone());
            return Some(Snapshot { file, untitled, content, revision });
        };
        let cell = |cell: &NotebookCell| {
            let open = self.texts.get(&cell.document)?;
            let language = cell.is_code().then(|| open.language.clone());
            Some(CellSnapshot { text: open.text.clone(), language })
        };
        let cells = notebook.cells.iter().filter_map(cell).collect();
        let untitled = unit.starts_with("untitled:").then(|| "untitled.ipynb".to_string());
        Some(Snapshot { file, untitled, content: Content::Cells(cells), revision })
    }

    /// All open text documents that are files.
    pub fn files(&self) -> Vec<Text> {
        let files = self.texts.iter().filter(|(uri, _)| uri.starts_with("file:"));
        files.map(|(_, open)| open.text.clone()).collect()
    }
}
