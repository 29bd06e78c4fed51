//! The scanned bytes of a unit, and their positions in the editor.

use super::{
    buffer::Encoding,
    difference::difference,
    protocol::{Range, TextEdit},
    snapshot::{Content, Snapshot, Text, notebook},
};
use crate::{
    language::notebook::{Cell, CellKind, cells},
    model::{Edit, Span, SpanMap},
};
use std::collections::BTreeMap;

/// The scanned bytes of a unit, and their positions in the editor.
#[derive(Debug)]
pub struct View {
    bytes: Vec<u8>,
    parts: Vec<Part>,
    encoding: Encoding,
    /// `true` if the parts are cells.
    is_notebook: bool,
}

/// A text document in the editor, and its span in the bytes.
#[derive(Debug)]
pub struct Part {
    /// The text.
    pub text: Text,
    /// The number of the cell, from 1; 0 for a text that is not a cell.
    index: usize,
    /// Its span in the bytes; of a cell, with the quotes.
    pub span: Span,
    /// Maps offsets of the text to offsets of the bytes.
    pub map: SpanMap,
}

/// A range in a document.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The document.
    pub text: &'a Text,
    /// The range.
    pub range: Range,
}

impl View {
    /// The view of a unit.
    pub fn of(snapshot: &Snapshot, encoding: Encoding) -> Self {
        match &snapshot.content {
            Content::Text(text) => {
                let bytes = text.buffer.text().as_bytes().to_vec();
                let span = Span::new(0, bytes.len());
                let map = SpanMap::shifted(0, bytes.len());
                let parts = vec![Part { text: text.clone(), index: 0, span, map }];
                Self { bytes, parts, encoding, is_notebook: false }
            }
            Content::Cells(list) => {
                let bytes = notebook(list).into_bytes();
                let mut parts = Vec::new();
                for cell in sources(&bytes) {
                    let text = list.get(cell.index.wrapping_sub(1)).map(|one| one.text.clone());
                    let same = |text: &Text| text.buffer.text().as_bytes() == cell.text;
                    if let Some(text) = text.filter(same) {
                        let Cell { index, span, map, .. } = cell;
                        parts.push(Part { text, index, span, map });
                    }
                }
                Self { bytes, parts, encoding, is_notebook: true }
            }
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `true` if the documents are cells of a notebook.
    pub fn is_notebook(&self) -> bool {
        self.is_notebook
    }

    /// The unit of positions.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The documents in the bytes.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The document that contains a span.
    pub fn part(&self, span: Span) -> Option<&Part> {
        self.parts.iter().find(|part| part.span.contains(span))
    }

    /// The range of a span in the editor; `None` outside the documents, such as between two cells.
    pub fn place(&self, span: Span) -> Option<Place<'_>> {
        let part = self.part(span)?;
        let own = if self.is_notebook { part.map.to_view(span) } else { span };
        Some(Place { text: &part.text, range: part.text.buffer.range(own, self.encoding) })
    }

    /// Edits of the bytes, converted to edits of the documents; `None` if one is outside the
    /// documents.
    pub fn edits(&self, edits: &[Edit]) -> Option<Vec<(&Text, TextEdit)>> {
        let moved = edits.iter().map(|edit| {
            let place = self.place(edit.span)?;
            let new_text = if self.is_notebook { unquoted(&edit.text)? } else { edit.text.clone() };
            Some((place.text, TextEdit { range: place.range, new_text }))
        });
        moved.collect()
    }

    /// The edits of the documents that turn the bytes into `new`; `None` if bytes outside the
    /// documents differ.
    pub fn difference(&self, new: &[u8]) -> Option<Vec<(&Text, TextEdit)>> {
        let mut texts: BTreeMap<usize, Vec<u8>> = match self.is_notebook {
            false => [(0, new.to_vec())].into(),
            true => sources(new).into_iter().map(|cell| (cell.index, cell.text)).collect(),
        };
        let mut edits = Vec::new();
        for part in &self.parts {
            // Cells without text are not listed.
            let new = String::from_utf8(texts.remove(&part.index).unwrap_or_default()).ok()?;
            let buffer = &part.text.buffer;
            for Edit { span, text: new_text, .. } in difference(buffer.text(), &new) {
                let range = buffer.range(span, self.encoding);
                edits.push((&part.text, TextEdit { range, new_text }));
            }
        }
        // New cells cannot be created.
        texts.is_empty().then_some(edits)
    }
}

/// The texts of a notebook's cells, in order.
fn sources(bytes: &[u8]) -> Vec<Cell> {
    let mut all = cells(bytes);
    all.retain(|cell| matches!(cell.kind, CellKind::Source { .. } | CellKind::Markdown));
    all
}

/// The unescaped content of a JSON string.
fn unquoted(text: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{text}\"")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::lsp::{buffer::Buffer, snapshot::CellSnapshot};
    use std::sync::Arc;

    fn of_cells(texts: &[(&str, Option<&str>)]) -> View {
        let cell = |(number, (text, language)): (usize, &(&str, Option<&str>))| CellSnapshot {
            text: Text {
                uri: format!("cell:{number}"),
                version: 1,
                buffer: Arc::new(Buffer::new(text.to_string())),
            },
            language: language.map(str::to_string),
        };
        let cells = texts.iter().enumerate().map(cell).collect();
        let content = Content::Cells(cells);
        let snapshot = Snapshot { file: None, untitled: None, content, revision: 1 };
        View::of(&snapshot, Encoding::Utf16)
    }

    #[test]
    fn a_place_in_a_cell_is_that_of_its_own_text() {
        let view = of_cells(&[
            ("# T\n", None),
            ("a = 1\nb = \"✓\"; c = \"x\\y\"\n", Some("python")),
            ("", Some("python")),
            ("echo", Some("bash")),
        ]);
        for (number, word, line, character) in
            [(1, "a = 1", 0, 0), (1, "c = ", 1, 9), (3, "echo", 0, 0), (0, "# T", 0, 0)]
        {
            let at = memchr::memmem::find(view.bytes(), word.as_bytes()).expect("it is there");
            let place = view.place(Span::new(at, at + word.len())).expect("it is in a cell");
            let start = place.range.start;
            assert_eq!((start.line, start.character), (line, character), "{word}");
            assert_eq!(place.text.uri, format!("cell:{number}"));
        }
        assert!(view.place(Span::new(0, 2)).is_none());
    }

    #[test]
    fn an_edit_in_a_cell_is_written_without_the_quoting_of_the_file() {
        let view = of_cells(&[("token = \"secret\"\n", Some("python"))]);
        let at = memchr::memmem::find(view.bytes(), b"\\\"secret\\\"").expect("it is quoted");
        let edit = Edit::replace(Span::new(at, at + 10), "os.environ[\\\"T\\\"]");
        let edits = view.edits(&[edit]).expect("it is in a cell");
        assert_eq!(edits[0].1.new_text, "os.environ[\"T\"]");
        assert_eq!(edits[0].1.range.start.character, 8);
        let new = String::from_utf8_lossy(view.bytes()).replace("secret", "sacred");
        let edits = view.difference(new.as_bytes()).expect("cells change");
        let texts: Vec<&str> = edits.iter().map(|(_, edit)| &*edit.new_text).collect();
        assert_eq!(texts, ["a", "d"]);
    }
}
