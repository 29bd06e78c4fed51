//! Python, also in the cells of a notebook.

#[cfg(test)]
mod tests;

use super::lexical::{
    Comment, Curly, Dialect, Kind, Lexical, LineEnds, NamedArguments, Prefixes, Quote, Trait,
    Traits,
};

/// Reads Python.
pub static READER: Lexical = Lexical(&DIALECT);

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
    traits: Traits::of(&[Trait::Python, Trait::KeepsUnknownEscapes]),
    ..Dialect::PLAIN
};
