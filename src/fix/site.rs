//! The place of a secret in a text, with what a second reading says of it.

use crate::{
    language::{FileHead, LiteralPlace, Places, Reader, identify, read_near},
    model::{Binding, Command, Edit, Facts, SourcePath, Span, Word},
};
use std::{cell::RefCell, collections::BTreeMap};

/// A text in one language: a file, or a cell of a notebook.
pub struct Text<'a> {
    /// The name by which its language is told.
    pub path: &'a SourcePath,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The reader of its language.
    pub reader: Option<&'static dyn Reader>,
    /// What the reader says near the places.
    pub facts: Facts,
    /// Where secrets stand, in ascending order.
    places: Vec<usize>,
    literals: Vec<Option<LiteralPlace>>,
    /// What is known of the import of a module, by the line that imports it.
    pub imports: RefCell<BTreeMap<&'static str, Import>>,
}

/// The edit that imports a module, if it is not imported; `Err` if its name stands for something
/// else.
pub type Import = Result<Option<Edit>, ()>;

impl<'a> Text<'a> {
    /// Reads a text near `places`.
    pub fn read(path: &'a SourcePath, bytes: &'a [u8], mut places: Vec<usize>) -> Self {
        places.sort_unstable();
        places.dedup();
        let file = FileHead { path, head: &bytes[..bytes.len().min(4096)] };
        let reader = identify(file);
        let facts = reader.map_or_else(Facts::default, |reader| {
            read_near(reader, bytes, file, Places::at(&places), &[])
        });
        let literals = reader.map_or_else(Vec::new, |reader| reader.literals_at(bytes, &places));
        Self { path, bytes, reader, facts, places, literals, imports: RefCell::default() }
    }

    /// The name of its language; empty if it is unknown.
    pub fn language(&self) -> &'static str {
        self.reader.map_or("", Reader::name)
    }

    /// The literal in which the byte at a place stands.
    pub fn literal(&self, place: usize) -> Option<&LiteralPlace> {
        let index = self.places.binary_search(&place).ok()?;
        self.literals.get(index)?.as_ref()
    }

    /// The start of the line in which a byte stands, behind a byte order mark.
    pub fn line_start(&self, at: usize) -> usize {
        let first = if self.bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        memchr::memrchr(b'\n', &self.bytes[..at]).map_or(first.min(at), |end| end + 1)
    }

    /// The end of the line in which a byte stands, after its line end.
    pub fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |end| at + end + 1)
    }

    /// The whole lines in which a span stands.
    pub fn lines(&self, span: Span) -> Span {
        Span::new(self.line_start(span.start), self.line_end(span.end.max(1) - 1))
    }

    /// The line end that the text uses.
    pub fn newline(&self) -> &'static str {
        let first = memchr::memchr(b'\n', self.bytes);
        match first {
            Some(at) if at > 0 && self.bytes[at - 1] == b'\r' => "\r\n",
            _ => "\n",
        }
    }

    /// The blanks that the line starts with in which a byte stands.
    pub fn indent(&self, at: usize) -> String {
        let line = &self.bytes[self.line_start(at)..];
        let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
        blanks.map(|byte| *byte as char).collect()
    }

    /// `true` if a literal text stands anywhere in it.
    pub fn has(&self, words: &str) -> bool {
        memchr::memmem::find(self.bytes, words.as_bytes()).is_some()
    }

    /// The bytes of a span as text.
    pub fn slice(&self, span: Span) -> &'a str {
        std::str::from_utf8(span.slice(self.bytes)).unwrap_or_default()
    }

    /// The byte at a place; 0 outside.
    pub fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The bindings whose value holds a span, the closest first.
    pub fn bindings(&self, span: Span) -> Vec<&Binding> {
        let holds = |one: &&Binding| one.value.span.contains(span);
        let mut found: Vec<_> = self.facts.bindings.iter().filter(holds).collect();
        found.sort_by_key(|one| one.value.span.len());
        found
    }

    /// The command that holds a span, and the number of the word in which it stands.
    pub fn command(&self, span: Span) -> Option<(&Command, usize)> {
        let of = |command: &'_ Command| {
            command.words.iter().position(|word: &Word| word.span.contains(span))
        };
        let found = self.facts.commands.iter().filter_map(|one| of(one).map(|word| (one, word)));
        found.min_by_key(|(command, word)| command.words[*word].span.len())
    }

    /// `true` if a span stands in a comment.
    pub fn is_comment(&self, span: Span) -> bool {
        self.facts.comments.iter().any(|comment| comment.contains(span))
    }
}

/// A secret in a text.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The bytes of the secret.
    pub span: Span,
    /// The variable that holds it afterwards.
    pub variable: &'a str,
    /// `true` if Hugging Face's libraries read that variable by themselves.
    pub is_implicit: bool,
}
