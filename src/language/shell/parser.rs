//! The parser's state, and what every part of it needs.

use super::{
    ahead::{Ahead, Mark},
    heredoc::Heredoc,
};
use crate::{
    language::{embedded, extract::Extract, lookup::kind_of_text},
    model::{CommandPlace, Facts, Span, ValueKind},
};

/// How deep substitutions may stand in each other; deeper ones are read as plain text.
const MAX_DEPTH: usize = 32;

/// How often a word may be read as a script, or the rest of a command as a command, in
/// each other: `ssh host "sudo bash -c '…'"` takes two. Each level may read its text
/// again, so this bounds the time.
const MAX_REREADS: usize = 4;

/// Reads a script in one pass, and keeps its commands and bindings.
pub(super) struct Parser<'a> {
    pub text: &'a [u8],
    /// The next byte.
    pub at: usize,
    /// Where to stop: the end of the text, or of the part that is being read.
    pub end: usize,
    pub place: CommandPlace,
    /// `true` if `make` reads the text first, to which `$(A)` is a variable and `$$` a `$`.
    pub is_recipe: bool,
    pub facts: Facts,
    /// The here-documents whose bodies start after this line.
    pub heredocs: Vec<Heredoc>,
    depth: usize,
    rereads: usize,
    ahead: Ahead,
}

impl<'a> Parser<'a> {
    /// A parser at the start of `text`.
    pub fn new(text: &'a [u8], place: CommandPlace) -> Self {
        Self {
            text,
            at: 0,
            end: text.len(),
            place,
            is_recipe: false,
            facts: Facts::default(),
            heredocs: Vec::new(),
            depth: 0,
            rereads: 0,
            ahead: Ahead::default(),
        }
    }

    /// The byte `by` places on, if it is to be read.
    pub fn peek(&self, by: usize) -> Option<u8> {
        let at = self.at + by;
        if at < self.end { self.text.get(at).copied() } else { None }
    }

    /// `true` if `mark` comes next.
    pub fn sees(&self, mark: &[u8]) -> bool {
        self.text[..self.end].get(self.at..).is_some_and(|rest| rest.starts_with(mark))
    }

    /// Goes `by` bytes on, but not past the end.
    pub fn skip(&mut self, by: usize) {
        self.at = (self.at + by).min(self.end);
    }

    /// Where the line of `from` ends, without its line feed.
    pub fn line_end(&self, from: usize) -> usize {
        let rest = self.text[..self.end].get(from..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(self.end, |offset| from + offset)
    }

    /// Where the next `mark` stands, unless it is too many lines on to belong here.
    pub fn closing(&mut self, mark: Mark, from: usize) -> Option<usize> {
        self.ahead.find(self.text, mark, from).filter(|at| *at < self.end)
    }

    /// Runs `read` one level deeper, unless that is too deep.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        Some(result)
    }

    /// Runs `read` for words that have been read once already, unless that has been
    /// done too often.
    pub fn again(&mut self, read: impl FnOnce(&mut Self)) {
        if self.rereads < MAX_REREADS {
            self.rereads += 1;
            read(self);
            self.rereads -= 1;
        }
    }

    /// Reads a text that was put together from this one as a script of its own.
    pub fn read_script(&mut self, script: &Extract) {
        self.again(|parser| {
            let mut inner = Parser::new(&script.text, parser.place);
            inner.depth = parser.depth;
            inner.rereads = parser.rereads;
            inner.is_recipe = parser.is_recipe;
            inner.script();
            script.hand_over(inner.facts, &mut parser.facts);
        });
    }

    /// Reads code that a command runs or writes, in the language of a file of the name `file`.
    /// `expands` is `true` if the shell expands variables in it.
    pub fn read_code(&mut self, code: &Extract, file: &str, expands: bool) {
        // A program started by embedded code embeds nothing, so that nesting is bounded.
        if self.place != CommandPlace::Subprocess {
            let mut inner = embedded::read_program(&code.text, file);
            let literals = inner.bindings.iter_mut().map(|binding| &mut binding.value);
            for value in literals.filter(|value| expands && value.kind == ValueKind::Literal) {
                value.kind = kind_of_text(&value.text);
            }
            code.hand_over(inner, &mut self.facts);
        }
    }

    /// Notes that another program takes the output of the commands from `first` on.
    pub fn capture_from(&mut self, first: usize) {
        for command in self.facts.commands.iter_mut().skip(first) {
            command.captured = true;
        }
    }

    /// Adds a comment.
    pub fn comment(&mut self) {
        let end = self.line_end(self.at);
        self.facts.comments.push(Span::new(self.at, end));
        self.at = end;
    }
}
