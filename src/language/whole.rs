//! Reads a text together with its embedded code.

use super::{
    extract::sort,
    identify::identify,
    lookup::kind_of_text,
    reader::{FileHead, Reader, Wanted},
};
use crate::model::{Embedded, Facts, Nesting, SourcePath, ValueKind};

/// Maximum nesting depth of embedded code.
const MAX_DEPTH: usize = 4;
/// Number of bytes from which the language of code is identified.
const HEAD: usize = 4096;

/// The facts of `text`, which is in the language of `reader`, that are `wanted`, in its order.
pub fn read(reader: &dyn Reader, text: &[u8], file: FileHead<'_>, wanted: Wanted<'_>) -> Facts {
    completed(reader.read(text, file, wanted))
}

/// `facts` with the facts of the embedded code.
pub fn completed(mut facts: Facts) -> Facts {
    if facts.embedded.is_empty() {
        return facts;
    }
    for _ in 0..MAX_DEPTH {
        for code in std::mem::take(&mut facts.embedded) {
            facts.absorb(facts_of(&code), &code.map);
        }
    }
    facts.embedded.clear();
    sort(&mut facts);
    facts
}

/// The facts of code, marked with its language. Code in it is still to be read.
fn facts_of(code: &Embedded) -> Facts {
    let path = SourcePath::from_bytes(&code.file);
    let head = FileHead { path: &path, head: &code.text[..code.text.len().min(HEAD)] };
    let Some(reader) = identify(head).filter(|reader| accepts(code.nesting, *reader)) else {
        return Facts::default();
    };
    let mut facts = reader.read(&code.text, head, Wanted::ALL);
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
