//! The value of an expression, as far as its literals determine it.

use super::{
    escape::{Decoded, EscapeHabits},
    frame::Chain,
    grammar::{Grammar, LineEnds, Trait},
    token::{Kind, Tokens},
    words::Words,
};
use crate::model::{Value, ValueKind};

/// Maximum number of bytes of source text kept for a value that is not a literal.
const LONGEST_QUOTE: usize = 200;
/// Maximum nesting depth of wrappers and brackets that are read.
pub const DEEPEST_LOOK: usize = 6;

/// Reads expressions of a run of tokens.
#[derive(Clone, Copy)]
pub struct Expressions<'t, 'a> {
    /// The tokens.
    pub tokens: &'t Tokens<'a>,
    /// Their language.
    pub grammar: &'static Grammar,
}

/// The extent of an expression.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// The token after its last.
    pub end: usize,
    /// `true` if it selects between values: `a or b`, `c ? a : b`.
    pub chooses: bool,
    /// The token after its last `=`, or its first token.
    pub value: usize,
}

impl<'a> Expressions<'_, 'a> {
    /// `true` if the token at `index` is a name in the list of words that `list` selects.
    pub fn is_word(
        &self,
        index: usize,
        list: impl Fn(&Words) -> &'static [&'static str] + Copy,
    ) -> bool {
        self.tokens.kind(index) == Kind::Name
            && self.grammar.words.has(list, self.tokens.bytes(index))
    }

    /// The escape rules of the language.
    pub fn habits(&self) -> EscapeHabits {
        EscapeHabits {
            decimal: self.grammar.has(Trait::DecimalEscapes),
            keeps_unknown: self.grammar.has(Trait::KeepsUnknownEscapes),
        }
    }

    /// The extent of the expression that starts at `from`. It ends before a comma, a closer, an
    /// unclosed opener, and, with `line_ends`, at the end of a line.
    pub fn extent(&self, from: usize, line_ends: bool) -> Extent {
        const MOST_ASSIGNMENTS: usize = 4;
        let tokens = self.tokens;
        let mut extent = Extent { end: from, chooses: false, value: from };
        let mut assignments = 0;
        let mut lambdas = 0usize;
        let mut at = from;
        while at < tokens.len() {
            let token = tokens.at(at);
            if at > from && line_ends && token.starts_line && !self.continues(at, token.kind) {
                break;
            }
            match token.kind {
                Kind::Comma if lambdas == 0 => break,
                Kind::Semicolon => break,
                Kind::Colon if self.grammar.has(Trait::ColonEndsValues) => {
                    if lambdas == 0 {
                        break;
                    }
                    lambdas -= 1;
                }
                Kind::Name
                    if self.grammar.has(Trait::ColonEndsValues)
                        && tokens.is_name(at, &["lambda"]) =>
                {
                    lambdas += 1;
                }
                kind if kind.closes() => break,
                kind if kind.opens() && tokens.mate(at).is_none() => break,
                Kind::Assign => {
                    assignments += 1;
                    if assignments > MOST_ASSIGNMENTS {
                        break;
                    }
                    // Only in `a = b = "…"`; any other `=` belongs to a part that is not read.
                    let is_next = tokens.kind(extent.value) == Kind::Name
                        && self.chain_from(extent.value, at).last + 1 == at;
                    if is_next {
                        extent.value = at + 1;
                    }
                }
                kind if kind.falls_back() || kind == Kind::Question => extent.chooses = true,
                Kind::Name if self.is_choice_word(at) => extent.chooses = true,
                Kind::Name if self.ends_expression(from, at) => break,
                _ => {}
            }
            at = match token.kind {
                Kind::Less => self.generics_end(at).map_or(at + 1, |end| end + 1),
                _ => tokens.after(at),
            };
        }
        extent.end = at.min(tokens.len());
        extent
    }

    /// `true` if the token at `at`, the first of its line, continues the previous line.
    pub fn continues(&self, at: usize, kind: Kind) -> bool {
        if self.grammar.has(Trait::LinesStandAlone) {
            return false;
        }
        let before = self.tokens.kind_before(at);
        let is_open = !matches!(
            before,
            Kind::Edge | Kind::Semicolon | Kind::Bang | Kind::Question | Kind::Other
        ) && !before.ends_value();
        if self.grammar.line_ends == LineEnds::Everywhere {
            return is_open && before != Kind::Comma || kind == Kind::Dot;
        }
        is_open || kind.continues_line()
    }

    /// The `>` that closes the `<` at `at`, if there are types between them.
    pub fn generics_end(&self, at: usize) -> Option<usize> {
        const LONGEST: usize = 24;
        if !self.grammar.has(Trait::Generics) || self.tokens.kind_before(at) != Kind::Name {
            return None;
        }
        let mut depth = 0usize;
        for index in at..at + LONGEST {
            match self.tokens.kind(index) {
                Kind::Less => depth += 1,
                Kind::Greater if depth == 1 => return Some(index),
                Kind::Greater => depth -= 1,
                Kind::Name
                | Kind::Comma
                | Kind::Dot
                | Kind::PathDots
                | Kind::Question
                | Kind::SquareOpen
                | Kind::SquareClose
                | Kind::Star
                | Kind::Ampersand => {}
                _ => return None,
            }
        }
        None
    }

    /// `true` if the name at `index` is a word that selects between values.
    pub fn is_choice_word(&self, index: usize) -> bool {
        self.tokens.is_name(index, &["or", "if", "else"])
    }

    fn ends_expression(&self, from: usize, at: usize) -> bool {
        at > from && self.is_word(at, |words| words.ends)
    }

    /// The value of the tokens from `from` up to, not including, `to`.
    pub fn value(&self, from: usize, to: usize) -> Option<Value> {
        (from < to).then(|| self.sum(from, to, DEEPEST_LOOK))
    }

    /// The source text of a value that is not a literal.
    pub fn as_written(&self, from: usize, to: usize, kind: ValueKind) -> Value {
        let span = self.tokens.span_of(from, to.saturating_sub(1).max(from));
        let longest = if kind == ValueKind::Template { usize::MAX } else { LONGEST_QUOTE };
        let bytes = span.slice(self.tokens.text);
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(longest)]).into_owned();
        Value { kind, text, span }
    }

    /// Terms with operators between them.
    pub(super) fn sum(&self, from: usize, to: usize, depth: usize) -> Value {
        let (first, mut at) = self.term(from, to, depth);
        if at >= to {
            return first;
        }
        let mut pieces = vec![first];
        let mut is_sum = true;
        while at < to {
            let kind = self.tokens.kind(at);
            let next = if self.grammar.concatenation.contains(&kind) {
                at + 1
            } else if kind == Kind::String && self.grammar.adjacent_strings_join {
                at
            } else {
                // `"Bearer %s" % token`
                is_sum = kind == Kind::Percent;
                break;
            };
            if next >= to {
                is_sum = false;
                break;
            }
            let (piece, after) = self.term(next, to, depth);
            pieces.push(piece);
            at = after.max(next + 1);
        }
        let is_text =
            |piece: &Value| matches!(piece.kind, ValueKind::Literal | ValueKind::Template);
        if !is_sum || !pieces.iter().any(is_text) {
            return self.as_written(from, to, ValueKind::Lookup);
        }
        if at < to || pieces.iter().any(|piece| piece.kind != ValueKind::Literal) {
            return self.as_written(from, to, ValueKind::Template);
        }
        joined(pieces)
    }

    /// One term and the calls on it, and the token after them.
    fn term(&self, from: usize, to: usize, depth: usize) -> (Value, usize) {
        let tokens = self.tokens;
        let mut at = from;
        while at + 1 < to
            && (matches!(tokens.kind(at), Kind::Ampersand | Kind::Spread)
                || self.is_word(at, |words| words.before_value))
        {
            at += 1;
        }
        let (value, after) = match tokens.kind(at) {
            Kind::String => (self.literal(at), at + 1),
            Kind::Number => (self.as_written(at, at + 1, ValueKind::Number), at + 1),
            Kind::Minus | Kind::Plus if tokens.kind(at + 1) == Kind::Number && at + 1 < to => {
                (self.as_written(at, at + 2, ValueKind::Number), at + 2)
            }
            Kind::Name => self.named(at, to, depth),
            Kind::RoundOpen | Kind::SquareOpen if depth > 0 => self.bracketed(at, to, depth),
            _ => {
                let after = tokens.after(at).min(to).max(at + 1);
                (self.as_written(from, after, ValueKind::Lookup), after)
            }
        };
        self.members(value, from, after.min(to), to)
    }

    /// The string literal at `index`.
    pub fn literal(&self, index: usize) -> Value {
        let Some(literal) = self.tokens.string_at(index) else {
            return self.as_written(index, index + 1, ValueKind::Lookup);
        };
        let mut decoded = Decoded::default();
        if literal.is_filled {
            decoded.push_plain(self.tokens.text, literal.content);
            return Value { kind: ValueKind::Template, text: decoded.text, span: literal.content };
        }
        decoded.push(self.tokens.text, literal, self.habits());
        Value { kind: ValueKind::Literal, text: decoded.text, span: literal.content }
    }

    /// A name, a constant, or a call, which may wrap a literal.
    fn named(&self, at: usize, to: usize, depth: usize) -> (Value, usize) {
        let tokens = self.tokens;
        let chain = self.chain_from(at, to);
        let mut open = chain.last + 1;
        if tokens.kind(open) == Kind::Bang && tokens.kind(open + 1).opens() {
            open += 1;
        }
        if open < to && tokens.kind(open).opens() && tokens.kind(open) != Kind::SquareOpen {
            let Some(close) = tokens.mate(open).filter(|close| *close < to) else {
                return (self.as_written(at, to, ValueKind::Lookup), to);
            };
            let folded = if depth > 0 { self.call(chain, open, close, depth - 1) } else { None };
            let value = folded.unwrap_or_else(|| self.as_written(at, close + 1, ValueKind::Lookup));
            return (value, close + 1);
        }
        let is_constant = chain.first == chain.last && self.is_word(at, |words| words.constants);
        let kind = if is_constant { ValueKind::Constant } else { ValueKind::Lookup };
        (self.as_written(at, open.min(to), kind), open.min(to))
    }

    /// The qualified name that starts at `at`.
    pub fn chain_from(&self, at: usize, to: usize) -> Chain {
        let tokens = self.tokens;
        let mut last = at;
        while last + 2 < to
            && tokens.kind(last + 1).is_member_mark()
            && tokens.kind(last + 2) == Kind::Name
            && !(self.grammar.concatenation.contains(&tokens.kind(last + 1)))
        {
            last += 2;
        }
        Chain { first: at, last }
    }

    /// A group or a list: `(…)`, `[…]`.
    fn bracketed(&self, at: usize, to: usize, depth: usize) -> (Value, usize) {
        let tokens = self.tokens;
        let Some(close) = tokens.mate(at).filter(|close| *close < to) else {
            return (self.as_written(at, to, ValueKind::Lookup), to);
        };
        if tokens.kind(at) == Kind::SquareOpen {
            // `[]byte("…")`
            if close == at + 1 && close + 1 < to && tokens.is_name(close + 1, &["byte", "rune"]) {
                return self.named(close + 1, to, depth);
            }
            return (self.as_written(at, close + 1, ValueKind::Lookup), close + 1);
        }
        let extent = self.extent(at + 1, false);
        let value =
            if extent.end == close && !extent.chooses && extent.value == at + 1 && close > at + 1 {
                self.sum(at + 1, close, depth - 1)
            } else {
                self.as_written(at, close + 1, ValueKind::Lookup)
            };
        // A group that is not a text is kept with its brackets.
        let is_text = matches!(value.kind, ValueKind::Literal | ValueKind::Template);
        let value = if is_text { value } else { self.as_written(at, close + 1, value.kind) };
        (value, close + 1)
    }
}

/// Several literals, concatenated.
pub fn joined(pieces: Vec<Value>) -> Value {
    let span = pieces
        .iter()
        .map(|piece| piece.span)
        .reduce(|whole, span| whole.joined(span))
        .unwrap_or_default();
    let text = pieces.into_iter().map(|piece| piece.text).collect();
    Value { kind: ValueKind::Literal, text, span }
}
