//! The state of the shell parser, and the functions shared by all its parts.

use super::{
    ahead::{Ahead, Mark},
    heredoc::Heredoc,
};
use crate::{
    language::{embedded, extract::Extract, reader::Places},
    model::{Command, CommandPlace, Embedded, Facts, Nesting, Span, Word},
};

/// Maximum nesting depth of substitutions; deeper ones are read as plain text.
const MAX_DEPTH: usize = 32;

/// Maximum nesting of words read as scripts, and of trailing words read as commands: `ssh host
/// "sudo bash -c '…'"` has two. Each level may read its text again, so this bounds the time.
const MAX_REREADS: usize = 4;

/// Parses a script in one pass, and collects its commands and bindings.
pub(super) struct Parser<'a> {
    pub text: &'a [u8],
    /// The offset of the next byte.
    pub at: usize,
    /// The offset at which it stops: the end of the text, or of the part being read.
    pub end: usize,
    pub place: CommandPlace,
    /// `true` if `make` reads the text first, so that `$(A)` is a variable and `$$` is a `$`.
    pub is_recipe: bool,
    pub facts: Facts,
    /// The places at which facts are wanted.
    pub places: Places<'a>,
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
            places: Places::ALL,
            heredocs: Vec::new(),
            depth: 0,
            rereads: 0,
            ahead: Ahead::default(),
        }
    }

    /// The same parser, for facts near `places` only.
    pub fn near(self, places: Places<'a>) -> Self {
        Self { places, ..self }
    }

    /// The byte `by` bytes ahead, if it is in the part being read.
    pub fn peek(&self, by: usize) -> Option<u8> {
        let at = self.at + by;
        if at < self.end { self.text.get(at).copied() } else { None }
    }

    /// `true` if `mark` is next.
    pub fn sees(&self, mark: &[u8]) -> bool {
        self.text[..self.end].get(self.at..).is_some_and(|rest| rest.starts_with(mark))
    }

    /// Moves `by` bytes forward, but not past the end.
    pub fn skip(&mut self, by: usize) {
        self.at = (self.at + by).min(self.end);
    }

    /// The end of the line at `from`, before its line feed.
    pub fn line_end(&self, from: usize) -> usize {
        let rest = self.text[..self.end].get(from..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(self.end, |offset| from + offset)
    }

    /// The offset of the next `mark`; `None` if it is too many lines away.
    pub fn closing(&mut self, mark: Mark, from: usize) -> Option<usize> {
        self.ahead.find(self.text, mark, from).filter(|at| *at < self.end)
    }

    /// Runs `read` one level deeper; returns `None` beyond the maximum depth.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        Some(result)
    }

    /// Runs `read` on words that were already read once, up to a maximum depth.
    pub fn again(&mut self, read: impl FnOnce(&mut Self)) {
        if self.rereads < MAX_REREADS {
            self.rereads += 1;
            read(self);
            self.rereads -= 1;
        }
    }

    /// Reads a text assembled from this one as a script.
    pub fn read_script(&mut self, script: &Extract) {
        self.again(|parser| {
            let places = script.places_of(parser.places);
            let places = places.as_deref().map_or(Places::ALL, Places::at);
            let mut inner = Parser::new(&script.text, parser.place).near(places);
            inner.depth = parser.depth;
            inner.rereads = parser.rereads;
            inner.is_recipe = parser.is_recipe;
            inner.script();
            script.hand_over(inner.facts, &mut parser.facts);
        });
    }

    /// Adds code that a command runs or writes, in the language of a file named `file`. `expands`
    /// is `true` if the shell expands variables in it.
    pub fn add_code(&mut self, code: &Extract, file: &str, expands: bool) {
        // Programs started by embedded code embed nothing, so nesting is bounded.
        if self.place != CommandPlace::Subprocess {
            self.facts.embedded.push(Embedded {
                expands,
                commands_before: self.facts.commands.len(),
                ..embedded::code(code, file, Nesting::Script)
            });
        }
    }

    /// Marks the commands from `first` on, and the code after them, as captured by another program.
    pub fn capture_from(&mut self, first: usize) {
        for code in self.facts.embedded.iter_mut().rev() {
            if code.commands_before < first {
                break;
            }
            code.captured = true;
        }
        for command in self.facts.commands.iter_mut().skip(first) {
            command.captured = true;
        }
    }

    /// Reads the options of `#!/bin/bash -ex` as those of a command that runs the script.
    pub fn first_line(&mut self) {
        if !self.sees(b"#!") {
            return;
        }
        let end = self.line_end(self.at);
        let line = &self.text[..end];
        let word = |span: Span| Word {
            text: String::from_utf8_lossy(span.slice(line)).into_owned(),
            span,
            expands: false,
        };
        let mut words = words_of(line, 2);
        if let Some(path) = words.next() {
            let name = path.slice(line).rsplit(|byte| *byte == b'/').next().unwrap_or_default();
            let name = word(Span::new(path.end - name.len(), path.end));
            let words: Vec<Word> = std::iter::once(name).chain(words.map(word)).collect();
            if words.get(1).is_some_and(|option| option.text.starts_with('-')) {
                self.facts.commands.extend(Command::new(words, self.place));
            }
        }
    }

    /// Adds a comment.
    pub fn comment(&mut self) {
        let end = self.line_end(self.at);
        self.facts.comments.push(Span::new(self.at, end));
        self.at = end;
    }
}

/// The words of a line from `from` on, separated by blanks.
fn words_of(line: &[u8], from: usize) -> impl Iterator<Item = Span> + '_ {
    let mut at = from;
    std::iter::from_fn(move || {
        at += line.get(at..)?.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let rest = line.get(at..)?;
        let length = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
        let span = Span::new(at, at + length);
        at += length;
        Some(span)
    })
}
