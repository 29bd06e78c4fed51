//! Reads a text together with its embedded code.

use super::{
    commented,
    extract::sort,
    identify::identify,
    lookup::kind_of_text,
    reader::{FileHead, Reader, Wanted},
};
use crate::model::{Embedded, Facts, Nesting, SourcePath, Span, ValueKind};

/// Maximum nesting depth of embedded code.
const MAX_DEPTH: usize = 4;

/// The facts of `text`, which is in the language of `reader`, that are `wanted`, in its order.
pub fn read(reader: &dyn Reader, text: &[u8], file: FileHead<'_>, wanted: Wanted<'_>) -> Facts {
    let mut facts = reader.read(text, file, wanted);
    if wanted.commented {
        let is_near = |part: Span| wanted.places.are_in(part.start..part.end);
        let commented = commented::read(reader, text, file, &facts.comments, &is_near);
        facts.append(commented);
    }
    completed(facts, wanted)
}

/// `facts` with the facts of the embedded code.
pub fn completed(mut facts: Facts, wanted: Wanted<'_>) -> Facts {
    if facts.embedded.is_empty() && !wanted.commented {
        return facts;
    }
    for _ in 0..MAX_DEPTH {
        for code in std::mem::take(&mut facts.embedded) {
            let is_near = |part: Span| {
                let part = code.map.to_source(part);
                wanted.places.are_in(part.start..part.end)
            };
            let all = Span::new(0, code.text.len());
            if !code.commented || wanted.commented && is_near(all) {
                facts.absorb(facts_of(&code, wanted.commented, &is_near), &code.map);
            }
        }
    }
    facts.embedded.clear();
    sort(&mut facts);
    facts
}

/// The facts of code, marked with its language. Code in it is still to be read. `commented` is
/// `true` if the facts of its commented-out code are wanted where `is_near` holds.
fn facts_of(code: &Embedded, commented: bool, is_near: &dyn Fn(Span) -> bool) -> Facts {
    let path = SourcePath::from_bytes(&code.file);
    let head = FileHead::of(&path, &code.text);
    let Some(reader) = identify(head).filter(|reader| accepts(code.nesting, *reader)) else {
        return Facts::default();
    };
    let mut facts = reader.read(&code.text, head, Wanted::ALL);
    if code.commented {
        facts.comment_out();
    } else if commented {
        facts.append(commented::read(reader, &code.text, head, &facts.comments, is_near));
    }
    // Settings and Python that a notebook cell writes to a file count as the notebook's own code.
    let is_settings = reader.has_dialects() || reader.name() == "dotenv";
    if code.nesting != Nesting::Notebook || !(is_settings || reader.name() == "python") {
        facts.embed(reader.name());
    }
    for value in facts.bindings.iter_mut().map(|binding| &mut binding.value) {
        if code.expands && value.kind == ValueKind::Literal {
            value.kind = kind_of_text(&value.text);
        }
    }
    for command in &mut facts.commands {
        command.place = code.place.unwrap_or(command.place);
        command.captured |= code.captured;
    }
    for inner in &mut facts.embedded {
        inner.place = code.place.or(inner.place);
        inner.captured |= code.captured;
    }
    facts
}

/// `true` if code in the language of `reader` may be embedded in such a text.
fn accepts(nesting: Nesting, reader: &dyn Reader) -> bool {
    match nesting {
        Nesting::Document => !matches!(reader.name(), "markdown" | "notebook"),
        Nesting::Script => !reader.embeds() && reader.name() != "notebook",
        Nesting::Notebook => reader.name() != "notebook",
    }
}
