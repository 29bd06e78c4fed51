//! Calls whose value is a literal: wrappers, joins, character codes.

use super::{
    frame::Chain,
    token::Kind,
    value::{Expressions, joined},
    words::Fold,
};
use crate::model::{Span, Value, ValueKind};

/// Maximum number of character codes in a list that may be a credential.
const MOST_CODES: usize = 4096;

impl Expressions<'_, '_> {
    /// The literal that a call returns, if it is known.
    pub(super) fn call(
        &self,
        chain: Chain,
        open: usize,
        close: usize,
        depth: usize,
    ) -> Option<Value> {
        let tokens = self.tokens;
        let last = tokens.bytes(chain.last);
        let around = if chain.last >= chain.first + 2 { tokens.bytes(chain.last - 2) } else { b"" };
        let words = self.grammar.words;
        let is_wrapper = words.has(|words| words.wrappers, last)
            || words.has(|words| words.makers, last) && words.has(|words| words.wrappers, around);
        match words.fold(last) {
            Some(Fold::CodeList) if tokens.kind(open + 1) == Kind::SquareOpen => {
                self.codes(open + 2, tokens.mate(open + 1)?)
            }
            Some(Fold::Codes) => self.codes(open + 1, close),
            Some(Fold::Hex) => self.hex(self.first(open, close, depth)?),
            Some(Fold::Default) => self.default(open, close, depth).filter(is_text),
            Some(Fold::Concatenation) => self.all(open + 1, close, depth),
            Some(Fold::JoinWithLast) if close > open + 3 => {
                self.joined_list(close - 1, open + 1, close)
            }
            Some(Fold::JoinWithFirst) if tokens.kind(open + 2) == Kind::Comma => {
                self.joined_list(open + 1, open + 3, close)
            }
            _ if is_wrapper => self.first(open, close, depth).filter(is_text),
            _ => None,
        }
    }

    /// The value of a call's first argument.
    fn first(&self, open: usize, close: usize, depth: usize) -> Option<Value> {
        let extent = self.extent(open + 1, false);
        let is_plain = !extent.chooses && extent.value == open + 1 && extent.end <= close;
        (is_plain && extent.end > open + 1).then(|| self.sum(open + 1, extent.end, depth))
    }

    /// The value of the argument whose name marks a default, otherwise of the first argument.
    fn default(&self, open: usize, close: usize, depth: usize) -> Option<Value> {
        const MOST: usize = 12;
        let mut at = open + 1;
        for index in 0..MOST {
            let extent = self.extent(at, false);
            let is_named = self.tokens.kind(at + 1) == Kind::Assign;
            let is_default = is_named && self.is_word(at, |words| words.defaults);
            if is_default || index == 0 && !is_named {
                let from = if is_default { at + 2 } else { at };
                return (from < extent.end && extent.end <= close)
                    .then(|| self.sum(from, extent.end, depth));
            }
            if self.tokens.kind(extent.end) != Kind::Comma {
                return None;
            }
            at = extent.end + 1;
        }
        None
    }

    /// All arguments, which must be literals, joined.
    fn all(&self, from: usize, close: usize, depth: usize) -> Option<Value> {
        let mut pieces = Vec::new();
        let mut at = from;
        while at < close {
            let end = self.extent(at, false).end.min(close);
            let piece = (at < end).then(|| self.sum(at, end, depth))?;
            if piece.kind != ValueKind::Literal {
                return None;
            }
            pieces.push(piece);
            at = end + 1;
        }
        (!pieces.is_empty()).then(|| joined(pieces))
    }

    /// The text of the character codes from `from` up to `close`.
    fn codes(&self, from: usize, close: usize) -> Option<Value> {
        if close.checked_sub(from)? > 2 * MOST_CODES {
            return None;
        }
        let mut text = String::new();
        for index in from..close {
            match self.tokens.kind(index) {
                Kind::Number => text.push(number(self.tokens.bytes(index))?),
                Kind::Comma => {}
                _ => return None,
            }
        }
        let span = self.tokens.span_of(from, close.checked_sub(1)?);
        (!text.is_empty()).then_some(Value { kind: ValueKind::Literal, text, span })
    }

    fn hex(&self, digits: Value) -> Option<Value> {
        let nibbles: Vec<u32> = digits
            .text
            .chars()
            .filter(|character| !character.is_ascii_whitespace())
            .map(|character| character.to_digit(16))
            .collect::<Option<_>>()?;
        let bytes: Vec<u8> =
            nibbles.chunks_exact(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect();
        let text = String::from_utf8(bytes).ok()?;
        Some(Value { text, ..digits })
    }

    /// The value of a term and the members called on it, and the token after them.
    pub(super) fn members(
        &self,
        mut value: Value,
        from: usize,
        mut at: usize,
        to: usize,
    ) -> (Value, usize) {
        let tokens = self.tokens;
        while at < to {
            let kind = tokens.kind(at);
            if kind == Kind::Dot && self.grammar.concatenation.contains(&Kind::Dot) {
                break;
            }
            if kind.is_member_mark() && at + 1 < to && tokens.kind(at + 1) == Kind::Name {
                let name = at + 1;
                let is_call = tokens.kind(at + 2) == Kind::RoundOpen && at + 2 < to;
                let after = if is_call { tokens.after(at + 2).min(to) } else { at + 2 };
                value = self.member(value, from, name, after);
                at = after;
            } else if kind == Kind::SquareOpen {
                let after = tokens.after(at).min(to);
                value = match value.kind {
                    ValueKind::Literal if self.is_backwards(at, after) => reversed(value),
                    _ => self.as_written(from, after, ValueKind::Lookup),
                };
                at = after;
            } else if kind.opens() {
                at = tokens.after(at).min(to).max(at + 1);
                value = self.as_written(from, at, ValueKind::Lookup);
            } else if matches!(kind, Kind::Question | Kind::Bang) && is_text(&value) && at + 1 >= to
            {
                at += 1;
            } else if tokens.is_name(at, &["as", "satisfies"]) && is_text(&value) {
                at = to;
            } else {
                break;
            }
        }
        (value, at)
    }

    /// The value of `value.name(…)`, whose last token is before `after`.
    fn member(&self, value: Value, from: usize, name: usize, after: usize) -> Value {
        let tokens = self.tokens;
        let open = name + 1;
        let close = after.saturating_sub(1);
        let is_call = tokens.kind(open) == Kind::RoundOpen && close > open;
        if is_text(&value) && self.is_word(name, |words| words.transparent) {
            return value;
        }
        let is_literal = value.kind == ValueKind::Literal;
        let is_list = tokens.kind(from) == Kind::SquareOpen;
        let folded = match tokens.bytes(name) {
            // The end of `"…".split("").reverse().join("")`
            b"join" if is_literal && self.is_empty_string(open + 1) => Some(value),
            b"join" if is_literal && is_call => self.joined_pieces(&value.text, open + 1, close),
            b"join" | b"joined" if is_list && is_call => {
                let glue = if close > open + 1 { Some(open + 1) } else { None };
                let glue = glue.map_or(String::new(), |index| self.literal(index).text);
                self.items(&glue, from + 1, tokens.mate(from).unwrap_or(from))
            }
            b"reverse" | b"reversed" if is_literal => Some(reversed(value)),
            // `"…".split("")`, as in `.split("").reverse().join("")`
            b"split" if is_literal && self.is_empty_string(open + 1) => Some(value),
            b"format" | b"formatted" if is_text(&value) => {
                return self.as_written(from, after, ValueKind::Template);
            }
            _ => None,
        };
        folded.unwrap_or_else(|| self.as_written(from, after, ValueKind::Lookup))
    }

    /// The argument of `glue.join(…)`: a list of literals, or of codes through `map(chr, …)`.
    fn joined_pieces(&self, glue: &str, from: usize, close: usize) -> Option<Value> {
        let tokens = self.tokens;
        if tokens.is_name(from, &["map"]) && tokens.is_name(from + 2, &["chr"]) {
            let list = from + 4;
            return self.codes(list + 1, tokens.mate(list)?);
        }
        // `"".join(chr(c) for c in [104, …])`
        if tokens.is_name(from, &["chr"]) && tokens.is_name(from + 4, &["for"]) {
            let list = from + 7;
            return self.codes(list + 1, tokens.mate(list).filter(|end| *end < close)?);
        }
        let list = tokens.mate(from).filter(|_| tokens.kind(from).opens())?;
        self.items(glue, from + 1, list)
    }

    /// `implode(glue, list)`
    fn joined_list(&self, glue: usize, list: usize, close: usize) -> Option<Value> {
        let glue = self.literal(glue).text;
        let open = (list..close.min(list + 8)).find(|index| {
            let kind = self.tokens.kind(*index);
            kind.opens() && self.tokens.mate(*index) != Some(index + 1)
        })?;
        self.items(&glue, open + 1, self.tokens.mate(open)?)
    }

    /// The literals from `from` up to `close`, with `glue` between them.
    fn items(&self, glue: &str, from: usize, close: usize) -> Option<Value> {
        let mut text = String::new();
        let mut span: Option<Span> = None;
        for index in from..close {
            match self.tokens.kind(index) {
                Kind::String => {
                    let piece = self.literal(index);
                    if piece.kind != ValueKind::Literal {
                        return None;
                    }
                    if span.is_some() {
                        text.push_str(glue);
                    }
                    text.push_str(&piece.text);
                    span = Some(span.map_or(piece.span, |span| span.joined(piece.span)));
                }
                Kind::Comma => {}
                _ => return None,
            }
        }
        Some(Value { kind: ValueKind::Literal, text, span: span? })
    }

    fn is_empty_string(&self, index: usize) -> bool {
        self.tokens.string_at(index).is_some_and(|text| text.content.is_empty())
    }

    /// `[::-1]`
    fn is_backwards(&self, open: usize, after: usize) -> bool {
        Span::new(
            self.tokens.at(open).start as usize,
            self.tokens.at(after.saturating_sub(1)).end as usize,
        )
        .slice(self.tokens.text)
            == b"[::-1]"
    }
}

fn is_text(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Literal | ValueKind::Template)
}

fn reversed(value: Value) -> Value {
    Value { text: value.text.chars().rev().collect(), ..value }
}

fn number(bytes: &[u8]) -> Option<char> {
    let text = std::str::from_utf8(bytes).ok()?;
    let value = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => text.parse().ok()?,
    };
    char::from_u32(value)
}
