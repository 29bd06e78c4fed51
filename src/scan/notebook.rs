//! Notebooks: the text of a cell is scanned as it is displayed, and findings name the cell.

use super::text::Found;
use crate::{
    detect::{Engine, Scratch, Text, Verdict},
    language::notebook::{Cell, CellKind, cells},
    model::{Dismissal, IntervalIndex, SourcePath, Span},
};
use std::cell::OnceCell;

/// A notebook, read into its cells.
#[derive(Debug)]
pub struct Notebook {
    cells: Vec<Cell>,
    /// The numbers of the cells by their spans in the file.
    index: IntervalIndex,
    /// For each cell the ends of its lines, computed when a finding in it is described.
    line_ends: Vec<OnceCell<Vec<usize>>>,
}

impl Notebook {
    /// The notebook in a file; `None` unless the file's name is that of a notebook.
    pub fn read(path: &SourcePath, bytes: &[u8]) -> Option<Self> {
        let is_notebook =
            path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(b"ipynb"));
        is_notebook.then(|| {
            let cells = cells(bytes);
            let mut index = IntervalIndex::default();
            for (number, cell) in cells.iter().enumerate() {
                index.insert(cell.span, number);
            }
            let line_ends = vec![OnceCell::new(); cells.len()];
            Self { cells, index, line_ends }
        })
    }

    /// The numbers of the cells that contain a span of the file.
    fn around(&self, span: Span) -> impl Iterator<Item = usize> + '_ {
        let contains = move |number: &usize| self.cells[*number].span.contains(span);
        self.index.touching(span).filter(contains)
    }

    /// Runs the rules over each cell, and drops matches in image data.
    ///
    /// The file splits a cell's text into several strings; the text contains a split token whole.
    pub fn run<'e>(
        &self,
        engine: &'e Engine,
        path: &SourcePath,
        scratch: &mut Scratch,
        found: &mut Vec<Found<'e>>,
    ) {
        for candidate in found.iter_mut() {
            if self.around(candidate.span).any(|number| self.cells[number].is_binary) {
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

    /// The position of a span in terms that users know: `cell 3, output 1, line 2`.
    pub fn note(&self, span: Span) -> Option<String> {
        let number = self.around(span).min_by_key(|number| self.cells[*number].span.len())?;
        let cell = &self.cells[number];
        let at = cell.map.to_view(span).start;
        let ends =
            self.line_ends[number].get_or_init(|| memchr::memchr_iter(b'\n', &cell.text).collect());
        let line = ends.partition_point(|end| *end < at) + 1;
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

/// The name in [`PARTS`] of the part that a text belongs to.
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
