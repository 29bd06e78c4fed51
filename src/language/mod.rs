//! Language front-ends: each reads one language into facts.

mod javascript;
mod lexical;
mod python;
mod reader;

pub use reader::{FileHead, Reader};

/// Every reader; the first that claims a file reads it.
pub const READERS: &[&dyn Reader] = &[&python::Python, &javascript::JavaScript];

/// The reader for a file, if its language is known.
pub fn identify(file: FileHead<'_>) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.claims(file))
}
