//! Notebooks: the text of a cell is scanned as a person sees it, and findings name the cell.

use super::text::Found;
use crate::{
    detect::{Engine, Scratch, Text, Verdict},
    language::notebook::{Cell, CellKind, cells},
    model::{Dismissal, SourcePath, Span},
};

/// A notebook, read into its cells.
#[derive(Debug)]
pub struct Notebook {
    cells: Vec<Cell>,
}

impl Notebook {
    /// The cells of a file, if its name is that of a notebook.
    pub fn read(path: &SourcePath, bytes: &[u8]) -> Option<Self> {
        let is_notebook =
            path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(b"ipynb"));
        is_notebook.then(|| Self { cells: cells(bytes) })
    }

    /// Runs the rules over each cell, and drops matches in image data.
    ///
    /// The file splits a cell's text into several strings; a token that is split this way is whole
    /// in the text.
    pub fn run<'e>(
        &self,
        engine: &'e Engine,
        path: &SourcePath,
        scratch: &mut Scratch,
        found: &mut Vec<Found<'e>>,
    ) {
        for candidate in found.iter_mut() {
            let in_image = |cell: &Cell| cell.is_binary && cell.span.contains(candidate.span);
            if self.cells.iter().any(in_image) {
                candidate.verdict = Verdict::Dismissed(Dismissal::InsideBlob);
            }
        }
        for cell in self.cells.iter().filter(|cell| !cell.is_binary) {
            let text = Text {
                path,
                containers: &[],
                bytes: &cell.text,
                part: Some(part(&cell.kind)),
                is_whole: false,
                map: Some(&cell.map),
            };
            engine.run(text, scratch, &mut |one| found.push(one));
        }
    }

    /// The position of a span in terms that people use: `cell 3, output 1, line 2`.
    pub fn note(&self, span: Span) -> Option<String> {
        let cell = self
            .cells
            .iter()
            .filter(|cell| cell.span.contains(span))
            .min_by_key(|cell| cell.span.len())?;
        let at = cell.map.to_view(span).start;
        let before = &cell.text[..at.min(cell.text.len())];
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let mut note = match cell.index {
            0 => "notebook".to_string(),
            index => format!("cell {index}"),
        };
        match &cell.kind {
            CellKind::Source { .. } | CellKind::Markdown => {}
            CellKind::Output { index, .. } => note.push_str(&format!(", output {index}")),
            CellKind::Metadata => note.push_str(", metadata"),
            CellKind::Attachment { .. } => note.push_str(", attachment"),
            CellKind::WidgetState => note.push_str(", widget state"),
        }
        if !cell.is_binary {
            note.push_str(&format!(", line {line}"));
        }
        Some(note)
    }
}

/// The names of the parts of a notebook in rules.
pub const PARTS: [&str; 6] =
    ["source", "markdown", "output", "metadata", "attachment", "widget-state"];

/// The name in [`PARTS`] of a text's part.
fn part(kind: &CellKind) -> &'static str {
    match kind {
        CellKind::Source { .. } => "source",
        CellKind::Markdown => "markdown",
        CellKind::Output { .. } => "output",
        CellKind::Metadata => "metadata",
        CellKind::Attachment { .. } => "attachment",
        CellKind::WidgetState => "widget-state",
    }
}
