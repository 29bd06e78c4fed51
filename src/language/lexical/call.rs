//! Calls that do more than pass arguments: look-ups, settings, options, comparisons.

use super::{
    frame::Chain,
    parser::{Named, Parser},
    token::Kind,
    words::{Meaning, On},
};
use crate::model::{Binding, BindingContext, Span, Value, ValueKind};

/// Maximum number of arguments that are read.
const MOST_ARGUMENTS: usize = 12;

/// One argument of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    /// Its name's token, if it has one.
    pub name: Option<usize>,
    /// Its value's first token.
    pub from: usize,
    /// The token after its value.
    pub to: usize,
}

impl Parser<'_> {
    /// Reads the call of `callee` with the arguments from `from` up to `close`.
    pub(super) fn called(&mut self, callee: Chain, from: usize, close: usize) {
        let Some(meaning) = self.grammar.words.meaning(self.tokens.bytes(callee.last)) else {
            return;
        };
        match meaning {
            Meaning::LookUp(name) => self.look_up(callee, from, close, name),
            Meaning::Otherwise => self.otherwise(callee, from, close),
            Meaning::Set(name) => self.set(callee, from, close, name, true),
            Meaning::SetString | Meaning::SetNamed => self.set(callee, from, close, 0, false),
            Meaning::Option => self.option(callee, from, close, false),
            Meaning::OptionWithDefault => self.option(callee, from, close, true),
            Meaning::Flag(name) => self.flag(callee, from, close, name),
            Meaning::Pairs(on) => self.pairs(callee, on, from, close),
            Meaning::Field => self.field(callee, from, close),
            Meaning::Compare => self.frames.top().compares = true,
            Meaning::Start(form, on) => self.start(callee, (form, on), from, close),
            Meaning::Import => self.imported_by_call(from, false),
            Meaning::ImportName => self.imported_by_call(from, true),
        }
    }

    /// The arguments from `from` up to `close`.
    pub(super) fn given(&self, from: usize, close: usize) -> Vec<Given> {
        let expressions = self.expressions();
        let line_ends = self.frames.line_ends();
        let mut given = Vec::new();
        let mut at = from;
        while at < close && given.len() < MOST_ARGUMENTS {
            let end = expressions.extent(at, line_ends).end.min(close);
            let is_named = self.tokens.kind(at) == Kind::Name
                && matches!(self.tokens.kind(at + 1), Kind::Assign | Kind::Colon);
            let name = is_named.then_some(at);
            given.push(Given { name, from: if is_named { at + 2 } else { at }, to: end });
            if self.tokens.kind(end) != Kind::Comma {
                break;
            }
            at = end + 1;
        }
        given
    }

    /// The argument whose name marks a default.
    fn named_default<'g>(&self, given: &'g [Given]) -> Option<&'g Given> {
        let is_default = |name| self.is_word(name, |words| words.defaults);
        given.iter().find(|given| given.name.is_some_and(is_default))
    }

    /// `os.getenv("HF_TOKEN", "…")`
    fn look_up(&mut self, callee: Chain, from: usize, close: usize, offset: usize) {
        let given = self.given(from, close);
        // `get(ENV, "HF_TOKEN", "…")`
        let is_third = given.len() == 3 && self.tokens.kind(from) != Kind::String;
        let offset = offset.max(usize::from(is_third));
        let Some(first) = given.get(offset).filter(|first| first.to == first.from + 1) else {
            return;
        };
        let Some((key, key_span)) = self.expressions().name_in_string(first.from) else { return };
        let named = self.named_default(&given);
        let second = given.get(offset + 1).filter(|second| second.name.is_none());
        if second.is_some() && given.len() != offset + 2 {
            return;
        }
        let Some(default) = second.or(named) else { return };
        let start = self.block_value(default.from, default.to);
        let Some(value) = self.expressions().value(start, default.to) else { return };
        if second.is_some() {
            self.frames.top().handled_position = offset + 1;
        }
        let start = self.tokens.at(first.from).start as usize;
        let named = Named { path: key.clone(), key, key_span, start };
        self.bind(named, Some(callee), value, BindingContext::Default, default.to);
    }

    /// `env::var("HF_TOKEN").unwrap_or("…")`
    fn otherwise(&mut self, callee: Chain, from: usize, close: usize) {
        if self.given(from, close).len() == 2 {
            // `sys.env.getOrElse("HF_TOKEN", "…")`
            self.look_up(callee, from, close, 0);
            return;
        }
        let receiver = if callee.last > callee.first { callee.last } else { callee.first };
        let target = receiver.checked_sub(2).and_then(|last| self.expressions().target(last));
        let (Some(target), Some(given)) = (target, self.given(from, close).first().copied()) else {
            return;
        };
        let start = self.closure_value(given.from, given.to);
        let to = if self.tokens.kind(start.wrapping_sub(1)) == Kind::CurlyOpen {
            given.to.saturating_sub(1)
        } else {
            given.to
        };
        let Some(value) = self.expressions().value(start, to) else { return };
        if matches!(value.kind, ValueKind::Literal | ValueKind::Template) {
            self.frames.top().handled_position = 0;
            self.default_of(target, value, given.to);
        }
    }

    /// The start of the value of `|_| "…"`, `() -> "…"` or `|| { "…" }`.
    fn closure_value(&self, from: usize, to: usize) -> usize {
        let mut at = from;
        if self.tokens.kind(at) == Kind::OrOr {
            at += 1;
        } else if self.tokens.bytes(at) == b"|" {
            let bar = (at + 1..to.min(at + 8)).find(|index| self.tokens.bytes(*index) == b"|");
            at = bar.map_or(at, |bar| bar + 1);
        } else {
            let arrow = (at..to.min(at + 8))
                .find(|index| matches!(self.tokens.kind(*index), Kind::ThinArrow | Kind::FatArrow));
            at = arrow.map_or(at, |arrow| arrow + 1);
        }
        if self.tokens.kind(at) == Kind::CurlyOpen { at + 1 } else { at }
    }

    /// The start of a default's value, which may be inside a closure.
    fn block_value(&self, from: usize, to: usize) -> usize {
        let start = self.closure_value(from, to);
        if self.tokens.kind(start.wrapping_sub(1)) == Kind::CurlyOpen { from } else { start }
    }

    /// `os.environ.setdefault("HF_TOKEN", "…")`, `putenv("HF_TOKEN=…")`
    fn set(&mut self, callee: Chain, from: usize, close: usize, offset: usize, is_sure: bool) {
        let given = self.given(from, close);
        if given.len() == 1 && is_sure {
            self.set_joined(callee, given[0]);
            return;
        }
        let (Some(name), Some(setting)) = (given.get(offset), given.get(offset + 1)) else {
            return;
        };
        if name.to != name.from + 1 || setting.name.is_some() {
            return;
        }
        let Some((key, key_span)) = self.expressions().name_in_string(name.from) else { return };
        let Some(value) = self.expressions().value(setting.from, setting.to) else { return };
        if !is_sure && !matches!(value.kind, ValueKind::Literal | ValueKind::Template) {
            return;
        }
        self.frames.top().handled_position = offset + 1;
        let start = self.tokens.at(name.from).start as usize;
        let named = Named { path: key.clone(), key, key_span, start };
        self.bind(named, Some(callee), value, BindingContext::Assignment, setting.to);
    }

    /// `putenv("HF_TOKEN=…")`: the name and the value are in one text.
    fn set_joined(&mut self, callee: Chain, given: Given) {
        let Some(literal) = self.tokens.string_at(given.from).copied() else { return };
        let content = literal.content.slice(self.tokens.text);
        let Some(equals) = memchr::memchr(b'=', content).filter(|_| given.to == given.from + 1)
        else {
            return;
        };
        if memchr::memchr(b'\\', content).is_some() {
            return;
        }
        let at = literal.content.start;
        let key_span = Span::new(at, at + equals);
        let span = Span::new(at + equals + 1, literal.content.end);
        let text_of =
            |span: Span| String::from_utf8_lossy(span.slice(self.tokens.text)).into_owned();
        let kind = if literal.is_filled { ValueKind::Template } else { ValueKind::Literal };
        let value = Value { kind, text: text_of(span), span };
        let key = text_of(key_span);
        self.frames.top().handled_position = 0;
        self.add(Binding {
            path: key.clone(),
            key,
            callee: Some(callee.text(&self.tokens)),
            position: None,
            value,
            context: BindingContext::Assignment,
            key_span,
            span: literal.content,
            language: None,
            commented: false,
        });
    }

    /// `add_argument("--hf_token", default="…")`
    fn option(&mut self, callee: Chain, from: usize, close: usize, takes_default: bool) {
        let given = self.given(from, close);
        let mut longest: Option<(String, Span)> = None;
        let plain = given.iter().filter(|given| given.name.is_none() && given.to == given.from + 1);
        for option in plain {
            let Some(literal) = self.tokens.string_at(option.from) else { continue };
            let bytes = literal.content.slice(self.tokens.text);
            let word = bytes.split(u8::is_ascii_whitespace).next().unwrap_or_default();
            let dashes = word.iter().take_while(|byte| **byte == b'-').count();
            // A flag with a negation, `--token/--no-token`, takes no text.
            let name = &word[dashes..];
            let is_better =
                longest.as_ref().is_none_or(|longest| dashes == 2 && !self.is_long(longest.1));
            if name.is_empty() || !is_better || dashes == 0 && longest.is_some() {
                continue;
            }
            let start = literal.content.start + dashes;
            longest = Some((
                String::from_utf8_lossy(name).into_owned(),
                Span::new(start, start + name.len()),
            ));
        }
        let Some((key, key_span)) = longest else { return };
        // `.option("--token <token>", "help", "…")` of JavaScript
        let third = given
            .get(2)
            .filter(|third| third.name.is_none() && self.is_long(key_span) && takes_default);
        let default = self.named_default(&given).or(third);
        match default {
            Some(default) => {
                let Some(value) = self.expressions().value(default.from, default.to) else {
                    return;
                };
                let start = key_span.start;
                let named = Named { path: key.clone(), key, key_span, start };
                self.bind(named, Some(callee), value, BindingContext::Default, default.to);
            }
            None if key_span.start == self.tokens.at(from).start as usize + 1 => {
                self.set(callee, from, close, 0, false);
            }
            None => {}
        }
    }

    /// `true` if the two bytes before a name are dashes.
    fn is_long(&self, name: Span) -> bool {
        let before = name.start.saturating_sub(2);
        Span::new(before, name.start).slice(self.tokens.text) == b"--"
    }

    /// `Map.of("HF_TOKEN", "…", "MODEL", "…")`
    fn pairs(&mut self, callee: Chain, on: On, from: usize, close: usize) {
        let given = self.given(from, close);
        let names_stand_alone = given.iter().step_by(2).all(|name| name.to == name.from + 1);
        if !given.len().is_multiple_of(2) || !names_stand_alone || !self.is_made_on(callee, on) {
            return;
        }
        for pair in given.chunks_exact(2) {
            let Some((key, key_span)) = self.expressions().name_in_string(pair[0].from) else {
                continue;
            };
            let Some(value) = self.expressions().value(pair[1].from, pair[1].to) else { continue };
            let start = self.tokens.at(pair[0].from).start as usize;
            let named = Named { path: key.clone(), key, key_span, start };
            self.bind(named, Some(callee), value, BindingContext::Mapping, pair[1].to);
        }
    }

    /// `Field(default="…", alias="HF_TOKEN")`
    fn field(&mut self, callee: Chain, from: usize, close: usize) {
        let given = self.given(from, close);
        let is_alias = |given: &&Given| {
            given.name.is_some_and(|name| self.is_word(name, |words| words.aliases))
        };
        let alias = given.iter().find(is_alias).filter(|alias| alias.to == alias.from + 1);
        let positional = given.first().filter(|first| first.name.is_none());
        let default = self.named_default(&given).or(positional);
        let (Some(alias), Some(default)) = (alias, default) else { return };
        let Some((key, key_span)) = self.expressions().name_in_string(alias.from) else { return };
        let Some(value) = self.expressions().value(default.from, default.to) else { return };
        let first = |given: &Given| given.name.unwrap_or(given.from);
        let start = self.tokens.at(first(alias).min(first(default))).start as usize;
        let named = Named { path: key.clone(), key, key_span, start };
        self.bind(named, Some(callee), value, BindingContext::Default, alias.to.max(default.to));
    }

    /// `flag.String("token", "…", "usage")`
    fn flag(&mut self, callee: Chain, from: usize, close: usize, offset: usize) {
        let given = self.given(from, close);
        let (Some(name), Some(default)) = (given.get(offset), given.get(offset + 1)) else {
            return;
        };
        if given.len() < offset + 3 || name.to != name.from + 1 {
            return;
        }
        let Some((key, key_span)) = self.expressions().name_in_string(name.from) else { return };
        let Some(value) = self.expressions().value(default.from, default.to) else { return };
        self.frames.top().handled_position = offset + 1;
        let start = self.tokens.at(name.from).start as usize;
        let named = Named { path: key.clone(), key, key_span, start };
        self.bind(named, Some(callee), value, BindingContext::Default, default.to);
    }
}
