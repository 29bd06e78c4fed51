//! Notebooks: Jupyter's files, and the code chunks of R Markdown and Quarto.

mod cells;
mod chunks;
mod code;

pub use cells::{Cell, CellKind, cells};

use super::{
    extract::sort,
    reader::{FileHead, Reader},
};
use crate::model::{BindingContext, Facts};

/// The facts of a notebook's code, and of its settings.
pub struct Notebook;

impl Reader for Notebook {
    fn name(&self) -> &'static str {
        "notebook"
    }

    fn claims(&self, file: FileHead<'_>) -> bool {
        file.ends_in(&["ipynb", "rmd", "qmd", "rmarkdown"])
    }

    fn read(&self, text: &[u8], file: FileHead<'_>) -> Facts {
        let mut facts = Facts::default();
        if file.ends_in(&["ipynb"]) {
            for cell in cells(text) {
                match &cell.kind {
                    CellKind::Source { language } => {
                        facts.absorb(code::facts(&cell.text, language), &cell.map);
                    }
                    CellKind::Metadata => settings(&cell, &mut facts),
                    _ => {}
                }
            }
        } else {
            for chunk in chunks::chunks(text) {
                let span = chunk.span;
                let inner = code::facts(span.slice(text), &chunk.language);
                facts.absorb(inner, &crate::model::SpanMap::shifted(span.start, span.len()));
            }
        }
        sort(&mut facts);
        facts
    }
}

/// Adds the settings of a notebook or a cell, such as the parameters papermill noted.
fn settings(cell: &Cell, facts: &mut Facts) {
    let inner = code::settings(&cell.text);
    let before = facts.bindings.len();
    facts.absorb(inner, &cell.map);
    for binding in &mut facts.bindings[before..] {
        binding.context = BindingContext::Mapping;
    }
}
