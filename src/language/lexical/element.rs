//! Arguments, entries, items and the starts of statements.

use super::{
    frame::{Chain, Frame, Inside},
    grammar::{CurlyEquals, NamedArguments, Trait},
    parser::{Named, Parser},
    token::Kind,
    value::Extent,
    words::Meaning,
};
use crate::model::{Binding, BindingContext, Span, Value, ValueKind};

/// Number of arguments after which only texts are bound.
const MOST_POSITIONS: usize = 16;

impl Parser<'_> {
    /// Reads the element whose first token is at `at`.
    pub(super) fn element(&mut self, at: usize) {
        match self.frames.inside() {
            Inside::Arguments => self.argument(at),
            Inside::Entries => self.entry(at),
            Inside::Items => self.item(at),
            Inside::Statements if self.frames.top().statement == at => self.statement(at),
            Inside::Statements | Inside::Parameters | Inside::Group => {}
        }
    }

    fn statement(&mut self, at: usize) {
        match self.tokens.kind(at) {
            Kind::String if self.grammar.has(Trait::DocStrings) => self.documentation(at),
            Kind::Name if !self.import(at) => self.bare_call(at),
            _ => {}
        }
    }

    /// A text in statement position is documentation.
    fn documentation(&mut self, at: usize) {
        let mut last = at;
        while self.tokens.kind(last + 1) == Kind::String && !self.tokens.at(last + 1).starts_line {
            last += 1;
        }
        let after = self.tokens.at(last + 1);
        if after.starts_line || after.kind == Kind::Semicolon {
            self.facts.comments.push(self.tokens.span_of(at, last));
        }
    }

    /// A call without `(`: Ruby's `post url, token: "…"`, Lua's `require "…"` and
    /// `f{…}`, PHP's `echo $text`.
    fn bare_call(&mut self, at: usize) {
        let takes_names =
            self.grammar.has(Trait::BareCalls) || self.is_word(at, |words| words.bare);
        let takes_strings = takes_names || self.grammar.has(Trait::StringCalls);
        if !takes_strings || self.is_word(at, |words| words.statements) {
            return;
        }
        let line_ends = self.frames.top().line_ends;
        let chain = self.expressions().chain_from(at, self.tokens.len());
        let first = chain.last + 1;
        let token = self.tokens.at(first);
        let opens = match token.kind {
            Kind::String => !token.starts_line && (token.spaced || !takes_names),
            Kind::CurlyOpen => !takes_names && !token.starts_line,
            Kind::Name => {
                takes_names && !token.starts_line && !self.is_word(first, |words| words.statements)
            }
            _ => false,
        };
        if !opens {
            return;
        }
        let expressions = self.expressions();
        let mut close = expressions.extent(first, line_ends).end;
        while self.tokens.kind(close) == Kind::Comma {
            close = expressions.extent(close + 1, line_ends).end.max(close + 1);
        }
        let mut frame = Frame::new(Inside::Arguments, close, first, line_ends);
        frame.callee = Some(chain);
        frame.is_virtual = true;
        frame.is_wanted = self.is_place_in(at, first);
        self.frames.enter(frame);
        self.called(chain, first, close);
    }

    fn argument(&mut self, at: usize) {
        let top = *self.frames.top();
        let Some(callee) = top.callee else { return };
        let next = self.tokens.kind(at + 1);
        let is_name = matches!(self.tokens.kind(at), Kind::Name | Kind::String);
        let named = match self.grammar.named_arguments {
            NamedArguments::Equals => is_name && next == Kind::Assign,
            NamedArguments::Colon => is_name && next == Kind::Colon,
            NamedArguments::None => false,
        };
        if named {
            self.frames.top().handled = at + 1;
            let context = match self.grammar.words.meaning(self.tokens.bytes(callee.last)) {
                Some(Meaning::SetNamed) => BindingContext::Assignment,
                _ => BindingContext::Argument,
            };
            self.pair(at, at + 2, context);
        } else if is_name && self.grammar.round_mappings && self.is_pair_mark(at + 1) {
            self.pair(at, at + 2, BindingContext::Mapping);
        } else if !matches!(self.tokens.kind(at), Kind::StarStar | Kind::Star | Kind::Spread) {
            self.positional(at, callee, &top);
        }
    }

    fn positional(&mut self, at: usize, callee: Chain, top: &Frame) {
        if top.position == top.handled_position {
            return;
        }
        let extent = self.expressions().extent(at, top.line_ends);
        let Some(value) = self.expressions().value(at, extent.end) else { return };
        let is_text = matches!(value.kind, ValueKind::Literal | ValueKind::Template);
        // A bracket after a name may hold columns.
        if !is_text && (top.position >= MOST_POSITIONS || self.grammar.has(Trait::Columns)) {
            return;
        }
        let mut key = String::new();
        let mut key_span = Span::new(value.span.start, value.span.start);
        let mut path = String::new();
        let mut context = BindingContext::Argument;
        if top.compares && is_text {
            context = BindingContext::Comparison;
            let receiver = callee.last.checked_sub(2).filter(|_| callee.last > callee.first);
            if let Some(target) = receiver.and_then(|receiver| self.expressions().target(receiver))
            {
                (key, key_span, path) = (target.key, target.key_span, target.path);
            }
        }
        let mut span = self.tokens.span_of(at, extent.end.saturating_sub(1));
        if key.is_empty()
            && is_text
            && top.position == 0
            && extent.end == top.close
            && let Some(name) = self.set_by(callee)
        {
            key_span = name;
            span = span.joined(name);
            key = String::from_utf8_lossy(name.slice(self.tokens.text)).into_owned();
            path = key.clone();
        }
        self.add(Binding {
            key,
            path,
            callee: Some(callee.text(&self.tokens)),
            position: Some(top.position),
            value,
            context,
            key_span,
            span,
            language: None,
            commented: false,
        });
    }

    /// The name set by a builder's setter: `.hfToken("…")` in a chain of calls, `.withToken("…")`
    /// anywhere.
    fn set_by(&self, callee: Chain) -> Option<Span> {
        let tokens = &self.tokens;
        let mark = callee.last.checked_sub(1)?;
        if tokens.kind(mark) != Kind::Dot || self.is_word(callee.last, |words| words.transparent) {
            return None;
        }
        let span = tokens.at(callee.last).span();
        let name = span.slice(tokens.text);
        let words = self.grammar.words;
        for length in [3, 4, 5] {
            let (Some(prefix), Some(rest)) = (name.get(..length), name.get(length..)) else {
                break;
            };
            let is_word =
                rest.first().is_some_and(u8::is_ascii_uppercase) || prefix.ends_with(b"_");
            if is_word && !rest.is_empty() && words.has(|words| words.setters, prefix) {
                return Some(Span::new(span.start + length, span.end));
            }
        }
        let is_builder = words.has_any(|words| words.setters)
            && (mark > 0 && tokens.kind(mark - 1) == Kind::RoundClose
                || tokens.kind(tokens.after(callee.last + 1)) == Kind::Dot);
        is_builder.then_some(span)
    }

    /// A name at `key` and its value from `from` on, in a call or a mapping.
    fn pair(&mut self, key: usize, from: usize, context: BindingContext) {
        let top = *self.frames.top();
        let (name, key_span) = self.expressions().key(key);
        let extent = self.expressions().extent(from, top.line_ends);
        let path = self.frames.path_of(&name);
        self.frames.name_element(&name);
        let Some(value) = self.expressions().value(extent.value, extent.end) else { return };
        let start = self.tokens.at(key).start as usize;
        if matches!(name.as_str(), "value" | "Value")
            && let Some(variable) = self.sibling_name(key)
        {
            self.bind(variable, top.callee, value.clone(), BindingContext::Mapping, extent.end);
        }
        let named = Named { key: name, key_span, path, start };
        let choosing = extent.chooses.then(|| named.clone());
        self.bind(named, top.callee, value, context, extent.end);
        if let Some(named) = choosing {
            self.choices(&named, extent);
        }
    }

    /// The name beside the value at `at`: `{ Name: "HF_TOKEN", Value: "…" }`.
    fn sibling_name(&self, at: usize) -> Option<Named> {
        const MOST: usize = 8;
        let close = self.frames.close();
        let mut from = self.tokens.mate(close)? + 1;
        for _ in 0..MOST {
            let end = self.expressions().extent(from, false).end;
            let is_name = from != at
                && end == from + 3
                && matches!(
                    self.tokens.kind(from + 1),
                    Kind::Colon | Kind::Assign | Kind::FatArrow
                )
                && matches!(
                    self.expressions().key(from).0.as_str(),
                    "name" | "Name" | "key" | "Key"
                );
            if is_name {
                let (key, key_span) = self.expressions().name_in_string(from + 2)?;
                let start = self.tokens.at(from.min(at)).start as usize;
                return Some(Named { path: key.clone(), key, key_span, start });
            }
            if self.tokens.kind(end) != Kind::Comma || end >= close {
                return None;
            }
            from = end + 1;
        }
        None
    }

    /// `=>`, `->` or `to` between a key and its value.
    fn is_pair_mark(&self, at: usize) -> bool {
        matches!(self.tokens.kind(at), Kind::FatArrow | Kind::ThinArrow)
            || self.tokens.is_name(at, &["to"])
    }

    /// `key: value`, `"key" => value`, `[key] = value`, `{ "key", value }`.
    fn entry(&mut self, at: usize) {
        let tokens = &self.tokens;
        let is_round = self.frames.top().element == at
            && at > 0
            && tokens.kind(self.opener(at)) == Kind::RoundOpen;
        let (key, mark) = match tokens.kind(at) {
            Kind::String | Kind::Name => {
                let chain = self.expressions().chain_from(at, tokens.len());
                let last = if tokens.kind(at) == Kind::Name { chain.last } else { at };
                (last, last + 1)
            }
            Kind::Number => (at, at + 1),
            // `[KEY]: value`
            Kind::SquareOpen if tokens.mate(at) == Some(at + 2) => (at + 1, at + 3),
            // `.token = "…"`
            Kind::Dot if tokens.kind(at + 1) == Kind::Name => (at + 1, at + 2),
            Kind::CurlyOpen if self.grammar.has(Trait::PairEntries) => return,
            _ => return,
        };
        let is_entry = match tokens.kind(mark) {
            Kind::Colon | Kind::FatArrow => true,
            Kind::Question => false,
            Kind::Assign => self.grammar.curly_equals == CurlyEquals::Entry || is_round,
            _ => (is_round || self.grammar.square_mappings) && self.is_pair_mark(mark),
        };
        let is_pair = self.grammar.has(Trait::PairEntries)
            && tokens.kind(mark) == Kind::Comma
            && tokens.kind(at) == Kind::String
            && tokens.kind_before(at) == Kind::CurlyOpen
            && matches!(tokens.kind(at.wrapping_sub(2)), Kind::CurlyOpen | Kind::Comma);
        if is_entry || is_pair {
            if tokens.kind(mark) == Kind::Assign {
                self.frames.top().handled = mark;
            }
            self.pair(key, mark + 1, BindingContext::Mapping);
        } else if matches!(tokens.kind(at), Kind::String) {
            self.item(at);
        }
    }

    /// The opener of the bracket around this element; the token before `at` if it is unknown.
    fn opener(&self, at: usize) -> usize {
        let close = self.frames.close();
        self.tokens.mate(close).unwrap_or(at.saturating_sub(1))
    }

    /// A text in a list that has a name or is an argument.
    fn item(&mut self, at: usize) {
        let top = *self.frames.top();
        let is_known = self.frames.has_path() || top.callee.is_some();
        if self.tokens.kind(at) != Kind::String || !is_known {
            return;
        }
        let after = top.close.saturating_add(1);
        if matches!(self.tokens.kind(after), Kind::Assign | Kind::Colon) {
            // The key of `["token"] = "…"`
            return;
        }
        let extent = self.expressions().extent(at, top.line_ends);
        let Some(value) = self.expressions().value(at, extent.end) else { return };
        if !matches!(value.kind, ValueKind::Literal | ValueKind::Template) {
            return;
        }
        let key = format!("[{}]", top.position);
        let path = self.frames.path_of(&key);
        let at_value = Span::new(value.span.start, value.span.start);
        let start = self.tokens.at(at).start as usize;
        let named = Named { key, key_span: at_value, path, start };
        self.bind(named, top.callee, value, BindingContext::Mapping, extent.end);
    }

    /// Binds a name to each literal that an expression may choose: `a or "…"`, `c ? "…" : b`.
    pub(super) fn choices(&mut self, named: &Named, extent: Extent) {
        let mut from = extent.value;
        let mut is_ternary = false;
        let mut at = from;
        while at <= extent.end {
            let kind = self.tokens.kind(at);
            let splits = at == extent.end
                || kind.falls_back()
                || kind == Kind::Question
                || kind == Kind::Colon && is_ternary
                || kind == Kind::Name && self.expressions().is_choice_word(at);
            is_ternary |= kind == Kind::Question;
            if splits {
                self.choice(named, from, at);
                from = at + 1;
                // `if (condition) "…" else "…"`
                if self.tokens.is_name(at, &["if"]) && self.tokens.kind(from) == Kind::RoundOpen {
                    let after = self.tokens.after(from);
                    let has_value = after < extent.end && !self.tokens.is_name(after, &["else"]);
                    from = if has_value { after } else { from };
                }
                at = from.max(at + 1);
            } else {
                at = self.tokens.after(at);
            }
        }
    }

    fn choice(&mut self, named: &Named, from: usize, to: usize) {
        let Some(value) = self.expressions().value(from, to) else { return };
        if matches!(value.kind, ValueKind::Literal | ValueKind::Template) {
            self.bind(named.clone(), None, value, BindingContext::Default, to);
        }
    }

    /// `left or "…"`: the literal that is used if `left` is missing.
    pub(super) fn fallback(&mut self, at: usize) {
        if self.grammar.concatenation.contains(&self.tokens.kind(at)) {
            return;
        }
        let line_ends = self.frames.top().line_ends;
        let end = self.operand_end(at + 1, line_ends);
        let Some(value) = self.expressions().value(at + 1, end) else { return };
        if !matches!(value.kind, ValueKind::Literal | ValueKind::Template) {
            return;
        }
        let target = at.checked_sub(1).and_then(|last| self.expressions().target(last));
        let Some(target) = target else { return };
        self.default_of(target, value, end);
    }

    /// Binds a name to its fallback value, unless this binding exists.
    pub(super) fn default_of(&mut self, target: super::target::Target, value: Value, end: usize) {
        let is_known = self.facts.bindings.iter().rev().take(4).any(|known| {
            known.context == BindingContext::Default
                && known.key == target.key
                && known.value.span == value.span
        });
        if is_known {
            return;
        }
        let start = (self.tokens.at(target.first).start as usize).min(target.key_span.start);
        let named = Named { key: target.key, key_span: target.key_span, path: target.path, start };
        self.bind(named, target.callee, value, BindingContext::Default, end);
    }

    fn operand_end(&self, from: usize, line_ends: bool) -> usize {
        let extent = self.expressions().tokens;
        let mut at = from;
        while at < extent.len() {
            let token = extent.at(at);
            let kind = token.kind;
            let stops = matches!(
                kind,
                Kind::Comma | Kind::Semicolon | Kind::Question | Kind::Colon | Kind::AndAnd
            ) || kind.falls_back()
                || kind.closes()
                || kind.opens() && extent.mate(at).is_none()
                || extent.is_name(at, &["or", "and", "if", "else", "for", "unless", "then", "do"])
                || at > from
                    && line_ends
                    && token.starts_line
                    && !self.expressions().continues(at, kind);
            if stops {
                break;
            }
            at = extent.after(at);
        }
        at.min(extent.len())
    }
}
