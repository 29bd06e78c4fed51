//! One engine for the lexical side of many programming languages.
//!
//! Text becomes tokens ([`lexer`]), runs of tokens become facts ([`walk`]). What differs
//! between languages is a table ([`Dialect`]). Nothing is parsed in full: broken code
//! costs the construct it stands in, and time and memory stay in proportion to the text.

mod bracket;
mod call;
mod command_line;
mod dialect;
mod element;
mod escape;
#[cfg(test)]
pub mod examples;
mod fold;
mod frame;
mod import;
mod lexer;
mod markup;
mod operator;
mod process;
mod quote;
mod quote_forms;
mod sql;
mod target;
mod token;
mod value;
mod walk;

pub use dialect::{
    C_COMMENTS, Comment, Curly, CurlyEquals, Dialect, Escapes, Fill, LineEnds, NamedArguments,
    Prefixes, Quote, Trait,
};
pub use token::Kind;

use super::reader::{FileHead, Reader};
use crate::model::Facts;
use std::ops::Range;

/// Reads the language of a table.
pub struct Lexical(pub &'static Dialect);

impl Reader for Lexical {
    fn name(&self) -> &'static str {
        self.0.name
    }

    fn claims(&self, file: FileHead<'_>) -> bool {
        self.0.claims(file)
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>) -> Facts {
        self.0.read(text)
    }
}

impl Dialect {
    /// Whether a file is in this language, by its ending, its name or its `#!` line.
    pub fn claims(&self, file: FileHead<'_>) -> bool {
        file.ends_in(self.endings)
            || file.is_named(self.file_names)
            || file.path.extension().is_none()
                && file.interpreter().is_some_and(|program| self.interpreters.contains(&program))
    }

    /// The facts of `text`.
    pub fn read(&'static self, text: &[u8]) -> Facts {
        self.read_parts(text, std::iter::once(0..text.len()))
    }

    /// The facts of some parts of `text`, given in order.
    pub fn read_parts(
        &'static self,
        text: &[u8],
        parts: impl Iterator<Item = Range<usize>>,
    ) -> Facts {
        let mut walk = walk::Walk::new(text, self);
        for part in parts {
            let mut lexer = lexer::Lexer::new(&text[..part.end], part.start, self);
            while lexer.next_run(&mut walk.tokens, &mut walk.facts.comments) {
                walk.run();
            }
        }
        let mut facts = walk.facts;
        // Some constructs are recognised at their end, or ahead of what stands in them.
        facts.bindings.sort_by_key(|binding| binding.span.start);
        facts.commands.sort_by_key(|command| command.span.start);
        facts.comments.sort_unstable();
        facts
    }
}
