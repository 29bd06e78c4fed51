//! Notebooks: Jupyter files, and the code chunks of R Markdown and Quarto.

mod cells;
mod chunks;
mod code;

use cells::cells_near;
pub use cells::{Cell, CellKind, cells};

use super::{
    comment_form::CommentForm,
    extract::sort,
    files::Files,
    reader::{FileHead, Reader, Wanted},
};
use crate::model::{Binding, BindingContext, Facts, Span, Value, ValueKind};

/// The facts of a notebook's code, and of its settings.
pub struct Notebook;

impl Reader for Notebook {
    fn name(&self) -> &'static str {
        "notebook"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files =
            Files { endings: &["ipynb", "rmd", "qmd", "rmarkdown"], ..Files::NONE };
        &FILES
    }

    fn embeds(&self) -> bool {
        true
    }

    fn read(&self, text: &[u8], file: FileHead<'_>, wanted: Wanted<'_>) -> Facts {
        let mut facts = Facts::default();
        if file.ends_in(&["ipynb"]) {
            for cell in cells_near(text, wanted.places) {
                if !wanted.places.are_in(cell.span.start..cell.span.end) {
                    continue;
                }
                match &cell.kind {
                    CellKind::Source { language } => {
                        facts.absorb(code::facts(&cell.text, language), &cell.map);
                    }
                    CellKind::Metadata => settings(&cell, &mut facts),
                    CellKind::Output { index, .. } => {
                        let place = format!("outputs[{}]", index.saturating_sub(1));
                        shown(cell, &place, &mut facts);
                    }
                    CellKind::WidgetState => shown(cell, "outputs[widgets]", &mut facts),
                    CellKind::Markdown | CellKind::Attachment { .. } => {}
                }
            }
        } else {
            for chunk in chunks::chunks(text) {
                let span = chunk.span;
                if !wanted.places.are_in(span.start..span.end) {
                    continue;
                }
                let inner = code::facts(span.slice(text), &chunk.language);
                facts.absorb(inner, &crate::model::SpanMap::shifted(span.start, span.len()));
            }
        }
        sort(&mut facts);
        facts
    }
}

/// Adds the text of an output as one literal at `place`. Its own name prevents rules from reading
/// it as a binding of the code.
fn shown(cell: Cell, place: &str, facts: &mut Facts) {
    let Cell { index, text, span, is_binary, .. } = cell;
    if is_binary || text.is_empty() {
        return;
    }
    facts.bindings.push(Binding {
        key: String::new(),
        path: format!("cells[{}].{place}", index.saturating_sub(1)),
        callee: None,
        position: None,
        value: Value {
            kind: ValueKind::Literal,
            text: String::from_utf8_lossy(&text).into_owned(),
            span,
        },
        context: BindingContext::Mapping,
        key_span: Span::new(span.start, span.start),
        span,
        language: None,
        commented: false,
    });
}

/// Adds the settings of a notebook or a cell, such as the parameters of papermill.
fn settings(cell: &Cell, facts: &mut Facts) {
    let inner = code::settings(&cell.text);
    let before = facts.bindings.len();
    facts.absorb(inner, &cell.map);
    for binding in &mut facts.bindings[before..] {
        binding.context = BindingContext::Mapping;
        binding.path = format!("metadata.{}", binding.path);
    }
}
