//! Python.

use super::{
    lexical::{Comment, Curly, Dialect, Kind, LineEnds, NamedArguments, Prefixes, Quote, Trait},
    reader::{FileHead, Reader},
};
use crate::model::Facts;

/// Reads Python, and a notebook's cells of it.
pub struct Python;

impl Reader for Python {
    fn name(&self) -> &'static str {
        DIALECT.name
    }

    fn claims(&self, file: FileHead<'_>) -> bool {
        DIALECT.claims(file)
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>) -> Facts {
        DIALECT.read(text)
    }
}

static DIALECT: Dialect = Dialect {
    name: "python",
    endings: &["py", "pyi", "pyw", "pyx", "pxd", "bzl", "star"],
    file_names: &["SConstruct", "SConscript", "BUILD.bazel", "wscript", "Snakefile"],
    interpreters: &["python", "pypy", "ipython", "uv"],
    comments: &[Comment::line("#")],
    quotes: &[
        Quote::new("\"\"\"").with_lines(),
        Quote::new("'''").with_lines(),
        Quote::new("\""),
        Quote::new("'"),
    ],
    prefixes: Prefixes::Python,
    line_ends: LineEnds::OutsideBrackets,
    adjacent_texts_join: true,
    concatenation: &[Kind::Plus],
    named_arguments: NamedArguments::Equals,
    definition_words: &["def", "class"],
    curly: Curly::Mapping,
    mapping_calls: &["dict"],
    traits: &[Trait::Python, Trait::KeepsUnknownEscapes],
    ..Dialect::PLAIN
};
