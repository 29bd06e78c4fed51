//! A string literal and the surrounding syntax that edits of it need.

use crate::model::Span;

/// A string literal in a program, with its surrounding syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteralPlace {
    /// The literal with its quotes and its prefix letters.
    pub outer: Span,
    /// The bytes between its quotes.
    pub content: Span,
    /// `true` if it has placeholders.
    pub is_filled: bool,
    /// `true` if the program runs it as a command.
    pub is_command: bool,
    /// `true` if another literal is directly before or after it, which some languages join to it.
    pub has_neighbour: bool,
    /// `true` if it is the key of an entry: `{"name": …}`.
    pub is_key: bool,
    /// The argument or entry that contains it, if it is in brackets.
    pub slot: Option<Slot>,
    /// Its statement, without the line end: from the first token that starts a line outside all
    /// brackets, or follows a `;`, to the last.
    pub statement: Span,
    /// The names, operators and brackets at the start of the statement, up to the first bracket,
    /// without blanks: `huggingface_hub.login`.
    pub head: String,
    /// `true` if the statement ends with the bracket that follows `head`.
    pub is_call: bool,
    /// `true` if the statement consists only of literals: documentation.
    pub is_alone: bool,
}

/// An argument of a call or an entry of a list, with its separators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// From its first to its last token.
    pub span: Span,
    /// Its name, if it starts with `name =`.
    pub name: Option<Span>,
    /// The comma before it.
    pub comma_before: Option<Span>,
    /// The comma after it.
    pub comma_after: Option<Span>,
    /// The start of the token after it and its comma.
    pub next: usize,
    /// The opening bracket.
    pub open: usize,
    /// `true` if it is the only argument or entry.
    pub is_only: bool,
    /// `true` if the literal is its whole value.
    pub is_whole: bool,
}
