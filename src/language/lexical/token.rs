//! The tokens of a program, and a buffer of them.

use super::literal::{Escapes, Fill};
use crate::model::Span;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The start or the end of the tokens.
    Edge,
    /// A name or a keyword, with its `$` or `@`.
    Name,
    /// A number.
    Number,
    /// A string literal.
    String,
    /// `(`
    RoundOpen,
    /// `[`
    SquareOpen,
    /// `{`
    CurlyOpen,
    /// `)`
    RoundClose,
    /// `]`
    SquareClose,
    /// `}`
    CurlyClose,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `:`
    Colon,
    /// `=`
    Assign,
    /// `:=`
    Define,
    /// `<-`, `<<-`
    LeftArrow,
    /// `->` and `->>` as assignments.
    RightArrow,
    /// `=>`
    FatArrow,
    /// `->`
    ThinArrow,
    /// `||=`, `??=`
    AssignIfMissing,
    /// `+=` and the like.
    AssignMore,
    /// `==`, `!=`, `===`, `!==`, `<>`
    Equal,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `||`
    OrOr,
    /// `??`
    Coalesce,
    /// `?:`
    Elvis,
    /// `&&`
    AndAnd,
    /// `?`
    Question,
    /// `.`
    Dot,
    /// `?.`
    SafeDot,
    /// `::`
    PathDots,
    /// `..`
    DotDot,
    /// `...`
    Spread,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `**`
    StarStar,
    /// `/`
    Slash,
    /// `%`
    Percent,
    /// `&`
    Ampersand,
    /// `!`
    Bang,
    /// `@`
    At,
    /// Any other operator, and regular expressions.
    Other,
}

impl Kind {
    /// `true` if it opens a bracket.
    pub fn opens(self) -> bool {
        matches!(self, Kind::RoundOpen | Kind::SquareOpen | Kind::CurlyOpen)
    }

    /// `true` if it closes a bracket.
    pub fn closes(self) -> bool {
        matches!(self, Kind::RoundClose | Kind::SquareClose | Kind::CurlyClose)
    }

    /// `true` if it precedes a member: `a.b`, `a::b`, `a->b`.
    pub fn is_member_mark(self) -> bool {
        matches!(self, Kind::Dot | Kind::SafeDot | Kind::PathDots | Kind::ThinArrow)
    }

    /// `true` if it binds the name on its left to the value on its right.
    pub fn assigns(self) -> bool {
        matches!(
            self,
            Kind::Assign
                | Kind::Define
                | Kind::LeftArrow
                | Kind::AssignIfMissing
                | Kind::AssignMore
        )
    }

    /// `true` if its right side is used when the left side is missing.
    pub fn falls_back(self) -> bool {
        matches!(self, Kind::OrOr | Kind::Coalesce | Kind::Elvis)
    }

    /// `true` if it can end a value, so that the next token continues or follows the value.
    pub fn ends_value(self) -> bool {
        self.closes() || matches!(self, Kind::Name | Kind::Number | Kind::String)
    }

    /// `true` if a line that starts with it continues the previous line.
    pub fn continues_line(self) -> bool {
        self.falls_back()
            || matches!(
                self,
                Kind::Dot
                    | Kind::SafeDot
                    | Kind::PathDots
                    | Kind::ThinArrow
                    | Kind::AndAnd
                    | Kind::Plus
                    | Kind::Question
                    | Kind::DotDot
                    | Kind::Equal
                    | Kind::Assign
            )
    }
}

/// One token.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// Its kind.
    pub kind: Kind,
    /// `true` if it is the first of its line.
    pub starts_line: bool,
    /// `true` if blanks precede it.
    pub spaced: bool,
    /// The offset of its first byte.
    pub start: u32,
    /// The offset after its last byte.
    pub end: u32,
    /// The index of a bracket's counterpart or of a string's details; [`NOWHERE`] for other tokens.
    pub link: u32,
}

/// No index: the link of an unmatched bracket.
pub const NOWHERE: u32 = u32::MAX;

impl Token {
    /// Its span.
    pub fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

/// The details of a string literal.
#[derive(Debug, Clone, Copy)]
pub struct StringToken {
    /// The content between its quotes.
    pub content: Span,
    /// The escapes in it.
    pub escapes: Escapes,
    /// The placeholders that it can have.
    pub fill: Fill,
    /// `true` if it has a placeholder.
    pub is_filled: bool,
    /// `true` if the program runs it as a command.
    pub is_command: bool,
    /// The byte that a doubled quote represents.
    pub quote: u8,
}

/// A run of tokens of one text.
pub struct Tokens<'a> {
    /// The text of the tokens.
    pub text: &'a [u8],
    /// The tokens, in order.
    pub list: Vec<Token>,
    /// The details of their string literals.
    pub strings: Vec<StringToken>,
}

impl<'a> Tokens<'a> {
    /// An empty buffer for tokens of `text`.
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, list: Vec::new(), strings: Vec::new() }
    }

    /// The number of tokens.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The token at `index`; [`Kind::Edge`] outside.
    pub fn at(&self, index: usize) -> Token {
        self.list.get(index).copied().unwrap_or(Token {
            kind: Kind::Edge,
            starts_line: true,
            spaced: true,
            start: self.text.len() as u32,
            end: self.text.len() as u32,
            link: NOWHERE,
        })
    }

    /// The kind of the token at `index`.
    pub fn kind(&self, index: usize) -> Kind {
        self.list.get(index).map_or(Kind::Edge, |token| token.kind)
    }

    /// The kind of the token before `index`.
    pub fn kind_before(&self, index: usize) -> Kind {
        index.checked_sub(1).map_or(Kind::Edge, |before| self.kind(before))
    }

    /// The bytes of the token at `index`.
    pub fn bytes(&self, index: usize) -> &'a [u8] {
        self.list.get(index).map_or(&[], |token| token.span().slice(self.text))
    }

    /// `true` if the token at `index` is a name and one of `names`.
    pub fn is_name(&self, index: usize, names: &[&str]) -> bool {
        self.kind(index) == Kind::Name && {
            let bytes = self.bytes(index);
            names.iter().any(|name| name.as_bytes() == bytes)
        }
    }

    /// The counterpart of the bracket at `index`.
    pub fn mate(&self, index: usize) -> Option<usize> {
        let token = self.list.get(index)?;
        let is_bracket = token.kind.opens() || token.kind.closes();
        (is_bracket && token.link != NOWHERE).then_some(token.link as usize)
    }

    /// The string literal at `index`.
    pub fn string_at(&self, index: usize) -> Option<&StringToken> {
        let token = self.list.get(index)?;
        if token.kind != Kind::String {
            return None;
        }
        self.strings.get(token.link as usize)
    }

    /// The span from the start of token `first` to the end of token `last`.
    pub fn span_of(&self, first: usize, last: usize) -> Span {
        Span::new(self.at(first).start as usize, self.at(last).end as usize)
    }

    /// The token after the one at `index`, or after the bracket that opens there.
    pub fn after(&self, index: usize) -> usize {
        match self.mate(index) {
            Some(mate) if mate > index => mate + 1,
            _ => index + 1,
        }
    }
}
