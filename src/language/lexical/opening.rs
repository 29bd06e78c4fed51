//! The contents of a bracket: arguments, parameters, entries, items, statements.

use super::{
    frame::{Chain, Frame, Inside},
    grammar::{Curly, LineEnds, Trait},
    parser::{Named, Parser},
    token::Kind,
};
use crate::model::BindingContext;

/// Maximum number of unclosed brackets whose contents are tracked.
const MOST_UNCLOSED: usize = 32;

impl Parser<'_> {
    /// Reads the opening bracket at `at`.
    pub(super) fn open(&mut self, at: usize) {
        let mate = self.tokens.mate(at);
        self.pair_in_list(at);
        if mate.is_none() && self.frames.unclosed() > MOST_UNCLOSED {
            return;
        }
        let (inside, callee) = match self.tokens.kind(at) {
            Kind::RoundOpen => self.round(at),
            Kind::SquareOpen => (self.square(at), None),
            _ => self.curly(at),
        };
        let line_ends = match inside {
            _ if mate.is_none() => self.statements_end_with_lines(),
            Inside::Statements => self.statements_end_with_lines(),
            _ => self.grammar.line_ends == LineEnds::Everywhere,
        };
        let mut frame = Frame::new(inside, mate.unwrap_or(usize::MAX), at + 1, line_ends);
        let is_mapping_call = callee.is_some_and(|callee: Chain| {
            callee.first == callee.last
                && self.tokens.is_name(callee.first, self.grammar.mapping_calls)
        });
        let around = *self.frames.top();
        let is_named = self.is_place_in(around.element.min(at), at);
        match inside {
            Inside::Arguments if !is_mapping_call => {
                frame.callee = callee;
                frame.is_wanted = is_named;
                self.frames.enter(frame);
                if let Some(callee) = callee {
                    self.called(callee, at + 1, mate.unwrap_or(self.tokens.len()));
                }
            }
            Inside::Statements | Inside::Parameters => self.frames.enter(frame),
            _ => {
                frame.is_wanted = is_named || around.is_wanted;
                frame.callee = callee.filter(|_| !is_mapping_call).or(around.callee);
                if is_mapping_call {
                    frame.inside = Inside::Entries;
                }
                self.frames.enter_deeper(frame);
            }
        }
    }

    /// `("HF_TOKEN", "…")` or `["HF_TOKEN", "…"]` in a list binds a name to a value.
    fn pair_in_list(&mut self, at: usize) {
        let wanted = match self.tokens.kind(at) {
            Kind::RoundOpen => Trait::PairTuples,
            Kind::SquareOpen => Trait::PairLists,
            _ => return,
        };
        let outer = self.frames.close();
        let is_in_list = || {
            outer < usize::MAX
                && self.tokens.kind(outer) == Kind::SquareClose
                && matches!(self.tokens.kind_before(at), Kind::SquareOpen | Kind::Comma)
        };
        if !self.grammar.has(wanted) || self.tokens.kind(at + 2) != Kind::Comma || !is_in_list() {
            return;
        }
        let Some(close) = self.tokens.mate(at) else { return };
        let Some((key, key_span)) = self.expressions().name_in_string(at + 1) else { return };
        let end = self.expressions().extent(at + 3, false).end;
        let is_last = end == close || end + 1 == close && self.tokens.kind(end) == Kind::Comma;
        let value = self.expressions().value(at + 3, end).filter(|_| is_last);
        let Some(value) = value else { return };
        let start = self.tokens.at(at + 1).start as usize;
        let named = Named { path: key.clone(), key, key_span, start };
        self.bind(named, None, value, BindingContext::Mapping, end);
    }

    /// The contents of `(`, and its callee.
    fn round(&self, at: usize) -> (Inside, Option<Chain>) {
        let tokens = &self.tokens;
        let mut name = at.wrapping_sub(1);
        if tokens.kind(name) == Kind::Bang {
            name = name.wrapping_sub(1);
        }
        if tokens.kind(name) == Kind::SafeDot {
            name = name.wrapping_sub(1);
        }
        if tokens.kind(name) == Kind::Greater {
            name = self.before_generics(name);
        }
        if tokens.kind(name) != Kind::Name {
            let is_lambda = self.grammar.parameters_before_body && self.body_follows(at);
            let inside = match is_lambda {
                true => Inside::Parameters,
                false if self.is_tuple(at) => Inside::Items,
                false => Inside::Group,
            };
            return (inside, None);
        }
        if tokens.is_name(name, &["const", "var", "import", "type"])
            && self.grammar.has(Trait::TypeAfterName)
        {
            return (Inside::Statements, None);
        }
        let chain = self.expressions().chain_before(name);
        let before = chain.first.wrapping_sub(1);
        let is_definition = tokens.is_name(before, self.grammar.definition_words)
            || chain.first == chain.last
                && !tokens.kind(before).is_member_mark()
                && tokens.is_name(name, self.grammar.definition_words)
            || tokens.kind(before) == Kind::RoundClose
                && tokens.is_name(before.wrapping_sub(3), &["func"])
            || chain.first == chain.last
                && self.grammar.parameters_before_body
                && self.body_follows(at);
        if chain.first == chain.last && self.is_word(name, |words| words.control) {
            return (Inside::Group, None);
        }
        let last = if tokens.kind(at.wrapping_sub(1)) == Kind::Bang { name + 1 } else { name };
        let inside = if is_definition { Inside::Parameters } else { Inside::Arguments };
        (inside, Some(Chain { first: chain.first, last }))
    }

    /// `true` if the bracket at `at` is a tuple, as in `auth=("user", "…")`.
    fn is_tuple(&self, at: usize) -> bool {
        self.grammar.has(Trait::Tuples) && {
            let end = self.expressions().extent(at + 1, false).end;
            self.tokens.kind(end) == Kind::Comma
        }
    }

    /// `true` if `) {` or `) =>` ends the bracket that opens at `at`.
    fn body_follows(&self, at: usize) -> bool {
        let Some(close) = self.tokens.mate(at) else { return false };
        matches!(self.tokens.kind(close + 1), Kind::CurlyOpen | Kind::FatArrow)
            && !self.tokens.is_name(at.wrapping_sub(2), &["new"])
            && !self.is_word(at.wrapping_sub(1), |words| words.control)
    }

    /// The name before `<…>`, whose `>` is at `greater`; `greater` if there is none.
    fn before_generics(&self, greater: usize) -> usize {
        const LONGEST: usize = 24;
        let mut depth = 0usize;
        for at in (greater.saturating_sub(LONGEST)..=greater).rev() {
            match self.tokens.kind(at) {
                Kind::Greater => depth += 1,
                Kind::Less if depth == 1 => {
                    let before = at.wrapping_sub(1);
                    let is_turbofish = self.tokens.kind(before) == Kind::PathDots;
                    return if is_turbofish { before.wrapping_sub(1) } else { before };
                }
                Kind::Less => depth -= 1,
                Kind::Semicolon | Kind::CurlyClose | Kind::CurlyOpen => break,
                _ => {}
            }
        }
        greater
    }

    fn square(&self, at: usize) -> Inside {
        let token = self.tokens.at(at);
        let follows = self.tokens.kind_before(at).ends_value() && !token.starts_line;
        let is_word = self.is_word(at.wrapping_sub(1), |words| words.control);
        if follows && !is_word && !(token.spaced && self.grammar.has(Trait::BareCalls)) {
            Inside::Group
        } else if self.grammar.square_mappings {
            Inside::Entries
        } else {
            Inside::Items
        }
    }

    /// The contents of `{`, and the type that it constructs.
    pub(super) fn curly(&self, at: usize) -> (Inside, Option<Chain>) {
        match self.grammar.curly {
            Curly::Mapping => return (Inside::Entries, None),
            Curly::Statements => return (Inside::Statements, None),
            _ => {}
        }
        let takes_value = match self.tokens.kind_before(at) {
            Kind::Comma
            | Kind::RoundOpen
            | Kind::SquareOpen
            | Kind::Assign
            | Kind::Define
            | Kind::Colon
            | Kind::LeftArrow
            | Kind::Question
            | Kind::OrOr
            | Kind::Coalesce
            | Kind::AndAnd
            | Kind::Spread
            | Kind::StarStar
            | Kind::AssignIfMissing => true,
            Kind::CurlyOpen => self.frames.inside() == Inside::Entries,
            Kind::FatArrow => self.grammar.has(Trait::ArrowMappings),
            Kind::Name => self.is_word(at.wrapping_sub(1), |words| words.before_mapping),
            _ => false,
        };
        if takes_value { (Inside::Entries, None) } else { self.typed_curly(at) }
    }

    /// The contents of a `{` that may follow a type: `Config{…}`, `new Config {…}`.
    fn typed_curly(&self, at: usize) -> (Inside, Option<Chain>) {
        let tokens = &self.tokens;
        let before = at.wrapping_sub(1);
        let before_kind = tokens.kind_before(at);
        let entries = (Inside::Entries, None);
        let named = |name: usize| (Inside::Entries, Some(self.expressions().chain_before(name)));
        let before_name = || self.expressions().chain_before(before).first.wrapping_sub(1);
        match self.grammar.curly {
            Curly::UnspacedName if before_kind == Kind::Name && !tokens.at(at).spaced => {
                // `map[string]string{…}`, `[]string{…}`
                let is_list = tokens.kind(before_name()) == Kind::SquareClose;
                if is_list { entries } else { named(before) }
            }
            Curly::UnspacedName if before_kind == Kind::SquareClose && !tokens.at(at).spaced => {
                entries
            }
            Curly::TypeName
                if before_kind == Kind::Name
                    && tokens.bytes(before).first().is_some_and(u8::is_ascii_uppercase)
                    && tokens.kind(before_name()) != Kind::ThinArrow
                    && !self.is_word(before_name(), |words| words.before_block) =>
            {
                named(before)
            }
            Curly::New => self
                .made_before(at)
                .map_or((Inside::Statements, None), |made| (Inside::Entries, made)),
            _ => (Inside::Statements, None),
        }
    }

    /// `new Name`, `new Name(…)` or `new Name[]` directly before `at`.
    fn made_before(&self, at: usize) -> Option<Option<Chain>> {
        let tokens = &self.tokens;
        let mut last = at.wrapping_sub(1);
        if matches!(tokens.kind(last), Kind::RoundClose | Kind::SquareClose) {
            last = tokens.mate(last)?.wrapping_sub(1);
        }
        if tokens.kind(last) == Kind::Greater {
            last = self.before_generics(last);
        }
        if tokens.is_name(last, &["new"]) {
            return Some(None);
        }
        if tokens.kind(last) != Kind::Name {
            return None;
        }
        let chain = self.expressions().chain_before(last);
        tokens.is_name(chain.first.wrapping_sub(1), &["new"]).then_some(Some(chain))
    }
}
