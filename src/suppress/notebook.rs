//! The spans of a notebook's cells in its file.

use crate::model::Span;

/// A cell of a notebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The whole cell, including outputs.
    pub span: Span,
    /// The metadata, which contains the tags; empty if there are none.
    pub metadata: Span,
}

/// The cells of a notebook in format version 4, from its JSON.
///
/// The JSON is not validated; other texts give anything that looks like a cell.
pub fn cells(text: &[u8]) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut reader = CellReader::default();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                let end = end_of_string(text, at);
                reader.string = Span::new(at + 1, end.saturating_sub(1).max(at + 1));
                at = end;
                continue;
            }
            b':' => reader.key = reader.string,
            b'{' | b'[' => reader.open(text, at),
            b'}' | b']' => cells.extend(reader.close(at + 1)),
            b',' => reader.key = Span::default(),
            _ => {}
        }
        at += 1;
    }
    cells
}

/// The offset after the string that begins at `start`.
fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(next) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        if text[at + next] == b'"' {
            return at + next + 1;
        }
        at += next + 2;
    }
    text.len()
}

/// A bracket scanner without a stack, since only the outer four levels matter.
#[derive(Debug, Default)]
struct CellReader {
    depth: usize,
    /// The last string.
    string: Span,
    /// The key of the next value.
    key: Span,
    in_cells: bool,
    cell: Option<Cell>,
    in_metadata: bool,
}

impl CellReader {
    fn open(&mut self, text: &[u8], at: usize) {
        self.depth += 1;
        let key = self.key.slice(text);
        match self.depth {
            2 => self.in_cells = text[at] == b'[' && key == b"cells",
            3 if self.in_cells => {
                self.cell = Some(Cell { span: Span::new(at, at), metadata: Span::new(at, at) });
            }
            4 if key == b"metadata" => {
                if let Some(cell) = &mut self.cell {
                    cell.metadata.start = at;
                    self.in_metadata = true;
                }
            }
            _ => {}
        }
        self.key = Span::default();
    }

    /// The cell that ends at `end`, if any.
    fn close(&mut self, end: usize) -> Option<Cell> {
        let mut ended = None;
        match self.depth {
            2 => self.in_cells = false,
            3 => {
                ended = self.cell.take();
                if let Some(cell) = &mut ended {
                    cell.span.end = end;
                    cell.metadata.end = cell.metadata.end.max(cell.metadata.start);
                }
            }
            4 if std::mem::take(&mut self.in_metadata) => {
                if let Some(cell) = &mut self.cell {
                    cell.metadata.end = end;
                }
            }
            _ => {}
        }
        self.depth = self.depth.saturating_sub(1);
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_all_of_its_object_and_its_metadata_a_part() {
        let text = br#"{"metadata": {"a": [1]}, "cells": [
            {"source": ["x = \"}]\\\""], "metadata": {"tags": ["t"]}},
            {"metadata": {}, "outputs": [{"metadata": {"x": 1}}]}], "nbformat": 4}"#;
        let cells = cells(text);
        assert_eq!(cells.len(), 2);
        assert!(cells[0].span.slice(text).starts_with(b"{\"source\""));
        assert_eq!(cells[0].metadata.slice(text), br#"{"tags": ["t"]}"#);
        assert_eq!(cells[1].metadata.slice(text), b"{}");
    }

    #[test]
    fn what_is_no_notebook_has_no_cells() {
        for text in ["", "[[[{", "\"\\", "}}}]]]", "{\"cells\": 1}", "{\"a\": [{}]}"] {
            assert_eq!(cells(text.as_bytes()), [], "{text}");
        }
    }
}
