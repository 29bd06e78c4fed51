//! Language front-ends: each reads one language into facts.

mod c;
mod csharp;
mod dart;
mod go;
mod java;
mod javascript;
mod julia;
mod kotlin;
mod lexical;
mod lua;
mod php;
mod python;
mod r;
mod reader;
mod ruby;
mod rust;
mod scala;
mod sql;
mod swift;

pub use reader::{FileHead, Reader};

/// Every reader; the first that claims a file reads it.
pub const READERS: &[&dyn Reader] = &[
    &c::READER,
    &csharp::READER,
    &dart::READER,
    &go::READER,
    &java::READER,
    &javascript::READER,
    &julia::READER,
    &kotlin::READER,
    &lua::READER,
    &php::READER,
    &python::READER,
    &r::READER,
    &ruby::READER,
    &rust::READER,
    &scala::READER,
    &sql::READER,
    &swift::READER,
];

/// The reader for a file, if its language is known.
pub fn identify(file: FileHead<'_>) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.claims(file))
}
