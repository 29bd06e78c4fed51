//! The position of a secret in a text, and the facts of a second parse.

use crate::{
    language::{FileHead, LiteralPlace, Reader, Wanted, identify, read},
    model::{Binding, Command, Edit, Facts, SourcePath, Span, Word, text_start},
};
use std::{cell::RefCell, collections::BTreeMap};

/// A text in one language: a file, or a cell of a notebook.
pub struct Text<'a> {
    /// The path that identifies its language.
    pub path: &'a SourcePath,
    /// The content.
    pub bytes: &'a [u8],
    /// The reader of its language.
    pub reader: Option<&'static dyn Reader>,
    /// The facts near the places.
    pub facts: Facts,
    /// The offsets of secrets, in ascending order.
    places: Vec<usize>,
    literals: Vec<Option<LiteralPlace>>,
    /// Cache of imports, by import line.
    pub imports: RefCell<BTreeMap<&'static str, Import>>,
}

/// The edit that adds an import, `None` if it exists; `Err` if the module's name has another
/// meaning.
pub type Import = Result<Option<Edit>, ()>;

impl<'a> Text<'a> {
    /// Parses a text near `places`.
    pub fn read(path: &'a SourcePath, bytes: &'a [u8], mut places: Vec<usize>) -> Self {
        places.sort_unstable();
        places.dedup();
        let file = FileHead::of(path, bytes);
        let reader = identify(file);
        let facts = reader
            .map_or_else(Facts::default, |reader| read(reader, bytes, file, Wanted::near(&places)));
        let literals = reader.map_or_else(Vec::new, |reader| reader.literals_at(bytes, &places));
        Self { path, bytes, reader, facts, places, literals, imports: RefCell::default() }
    }

    /// The name of its language; empty if it is unknown.
    pub fn language(&self) -> &'static str {
        self.reader.map_or("", Reader::name)
    }

    /// The literal that contains the byte at `place`.
    pub fn literal(&self, place: usize) -> Option<&LiteralPlace> {
        let index = self.places.binary_search(&place).ok()?;
        self.literals.get(index)?.as_ref()
    }

    /// The start of the line that contains the byte at `at`, after a byte order mark.
    pub fn line_start(&self, at: usize) -> usize {
        let first = text_start(self.bytes);
        memchr::memrchr(b'\n', &self.bytes[..at]).map_or(first.min(at), |end| end + 1)
    }

    /// The end of the line that contains the byte at `at`, after its line ending.
    pub fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |end| at + end + 1)
    }

    /// The complete lines that contain a span.
    pub fn lines(&self, span: Span) -> Span {
        Span::new(self.line_start(span.start), self.line_end(span.end.max(1) - 1))
    }

    /// The line ending of the text.
    pub fn newline(&self) -> &'static str {
        let first = memchr::memchr(b'\n', self.bytes);
        match first {
            Some(at) if at > 0 && self.bytes[at - 1] == b'\r' => "\r\n",
            _ => "\n",
        }
    }

    /// The indentation of the line that contains the byte at `at`.
    pub fn indent(&self, at: usize) -> String {
        let line = &self.bytes[self.line_start(at)..];
        let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
        blanks.map(|byte| *byte as char).collect()
    }

    /// `true` if the text contains `words`.
    pub fn has(&self, words: &str) -> bool {
        memchr::memmem::find(self.bytes, words.as_bytes()).is_some()
    }

    /// The bytes of a span as text.
    pub fn slice(&self, span: Span) -> &'a str {
        std::str::from_utf8(span.slice(self.bytes)).unwrap_or_default()
    }

    /// The byte at an offset; 0 outside the text.
    pub fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The bindings whose value contains a span, innermost first.
    pub fn bindings(&self, span: Span) -> Vec<&Binding> {
        let holds = |one: &&Binding| one.value.span.contains(span);
        let mut found: Vec<_> = self.facts.bindings.iter().filter(holds).collect();
        found.sort_by_key(|one| one.value.span.len());
        found
    }

    /// The command that contains a span, and the index of the word.
    pub fn command(&self, span: Span) -> Option<(&Command, usize)> {
        let of = |command: &'_ Command| {
            command.words.iter().position(|word: &Word| word.span.contains(span))
        };
        let found = self.facts.commands.iter().filter_map(|one| of(one).map(|word| (one, word)));
        found.min_by_key(|(command, word)| command.words[*word].span.len())
    }

    /// `true` if a span is in a comment.
    pub fn is_comment(&self, span: Span) -> bool {
        self.facts.comments.iter().any(|comment| comment.contains(span))
    }
}

/// A secret in a text.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The span of the secret.
    pub span: Span,
    /// The variable that replaces it.
    pub variable: &'a str,
    /// `true` if Hugging Face's libraries read that variable by default.
    pub is_implicit: bool,
}
