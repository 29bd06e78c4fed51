//! A string literal and the syntax around it, as far as an edit of it needs it.

use crate::model::Span;

/// A string literal in a program, and the syntax around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteralPlace {
    /// The literal with its quotes and the letters before them.
    pub outer: Span,
    /// The bytes between its quotes.
    pub content: Span,
    /// `true` if values are filled into it.
    pub is_filled: bool,
    /// `true` if it is run as a command.
    pub is_command: bool,
    /// `true` if another literal stands right before or after it, which some languages join.
    pub has_neighbour: bool,
    /// `true` if it stands where the name of an entry stands: `{"name": …}`.
    pub is_key: bool,
    /// The argument or entry that it is in, if it is in brackets.
    pub slot: Option<Slot>,
    /// The statement that it is in, without its line end: from the first token that starts a
    /// line outside of all brackets, or follows a `;`, to the last.
    pub statement: Span,
    /// The names, operators and brackets that the statement starts with, up to the first
    /// bracket, without blanks: `huggingface_hub.login`.
    pub head: String,
    /// `true` if the statement ends with the bracket that `head` ends before.
    pub is_call: bool,
    /// `true` if the statement is nothing but literals: documentation.
    pub is_alone: bool,
}

/// An argument of a call or an entry of a list, with what separates it from the others.
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
    /// `true` if it is the only one.
    pub is_only: bool,
    /// `true` if the literal is all of its value.
    pub is_whole: bool,
}
