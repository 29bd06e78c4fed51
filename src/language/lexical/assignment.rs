//! Assignments and comparisons.

use super::{
    frame::Inside,
    grammar::{CurlyEquals, NamedArguments, Trait},
    parser::{Named, Parser},
    target::Target,
    token::Kind,
    value::Extent,
};
use crate::model::BindingContext;

impl Parser<'_> {
    /// `name = value` and similar forms, in any position.
    pub(super) fn assignment(&mut self, at: usize, kind: Kind) {
        let top = *self.frames.top();
        if top.is_tag {
            self.attribute(at);
            return;
        }
        if top.handled == at || self.grammar.has(Trait::EqualsCompares) && !top.is_setting {
            return;
        }
        if top.inside == Inside::Statements && top.commas > 0 && self.tuple(at, top.commas) {
            self.frames.top().commas = 0;
            return;
        }
        self.frames.top().commas = 0;
        let Some(target) = self.assigned(at, top.element) else { return };
        let extent = self.expressions().extent(at + 1, top.line_ends);
        let context = match (top.inside, self.grammar.curly_equals) {
            _ if kind == Kind::AssignIfMissing => BindingContext::Default,
            _ if self.is_lambda_parameter(at, top.statement) => BindingContext::Default,
            (Inside::Parameters, _) => BindingContext::Default,
            (Inside::Entries, CurlyEquals::Entry) => BindingContext::Mapping,
            (Inside::Entries, CurlyEquals::Default) => BindingContext::Default,
            (Inside::Arguments, _) if self.grammar.named_arguments == NamedArguments::Equals => {
                BindingContext::Argument
            }
            _ => BindingContext::Assignment,
        };
        self.bind_to(target, context, extent);
    }

    /// `true` if the `=` at `at` sets the default of a `lambda` parameter.
    fn is_lambda_parameter(&self, at: usize, start: usize) -> bool {
        const MOST_STEPS: usize = 32;
        self.grammar.has(Trait::ColonEndsValues)
            && (start.max(at.saturating_sub(MOST_STEPS))..at)
                .rev()
                .take_while(|step| self.tokens.kind(*step) != Kind::Colon)
                .any(|step| self.tokens.is_name(step, &["lambda"]))
    }

    /// Binds a name to the expression in `extent`, and to the literals that it may choose.
    fn bind_to(&mut self, target: Target, context: BindingContext, extent: Extent) {
        let callee = match context {
            BindingContext::Mapping | BindingContext::Argument => self.frames.top().callee,
            _ => None,
        };
        let path = match context {
            BindingContext::Mapping | BindingContext::Argument => self.frames.path_of(&target.path),
            _ => target.path.clone(),
        };
        self.frames.name_element(&target.path);
        let start = self.tokens.at(target.first).start as usize;
        let Some(value) = self.expressions().value(extent.value, extent.end) else { return };
        let named = Named { key: target.key, key_span: target.key_span, path, start };
        let choosing = extent.chooses.then(|| named.clone());
        self.bind(named, callee, value, context, extent.end);
        if let Some(named) = choosing {
            self.choices(&named, extent);
        }
    }

    /// The name that `=` at `at` binds.
    fn assigned(&self, at: usize, element: usize) -> Option<Target> {
        const MOST_STEPS: usize = 32;
        let expressions = self.expressions();
        let tokens = &self.tokens;
        let mut start = element.min(at);
        if tokens.is_name(start, &["var", "const"]) && self.grammar.has(Trait::TypeAfterName) {
            start += 1;
        }
        if self.grammar.has(Trait::TypeAfterName) && tokens.kind(start) == Kind::Name {
            // `var token string = "…"`
            let after = tokens.at(start + 1);
            let is_type = matches!(after.kind, Kind::Name | Kind::Star | Kind::SquareOpen)
                && after.spaced
                && !after.starts_line;
            if is_type && start + 1 < at {
                return expressions.target(start);
            }
        }
        let is_head = expressions.is_word(start, |words| words.heads);
        let mut step = start;
        for _ in 0..MOST_STEPS {
            if step >= at || is_head {
                break;
            }
            // `token: str = "…"`, `token?: string = "…"`
            let before =
                step.checked_sub(1).filter(|_| tokens.kind(step) == Kind::Colon && step > start);
            if let Some(before) = before {
                let is_optional = matches!(tokens.kind(before), Kind::Question | Kind::Bang);
                let name = before - usize::from(is_optional && before > start);
                return match tokens.kind(name) {
                    Kind::Name => expressions.target(name),
                    _ => expressions.target(at.checked_sub(1)?),
                };
            }
            if tokens.kind(step) == Kind::PathDots && self.grammar.has(Trait::TypeAfterDots) {
                return expressions.target(step.checked_sub(1)?);
            }
            if tokens.kind(step) == Kind::Question && tokens.kind(step + 1) != Kind::Colon {
                break;
            }
            step = tokens.after(step);
        }
        expressions.target(at.checked_sub(1)?)
    }

    /// `a, b = "x", "y"`. Returns `false` unless there are as many values as names.
    fn tuple(&mut self, at: usize, commas: usize) -> bool {
        const MOST: usize = 8;
        if commas >= MOST {
            return false;
        }
        let line_ends = self.frames.top().line_ends;
        let expressions = self.expressions();
        let mut targets = Vec::new();
        let mut last = at;
        for _ in 0..=commas {
            let target = last.checked_sub(1).and_then(|last| expressions.target(last));
            let Some(target) = target else { return false };
            last = target.first.saturating_sub(1);
            targets.push(target);
        }
        let mut extents = Vec::new();
        let mut from = at + 1;
        for _ in 0..=commas {
            let extent = expressions.extent(from, line_ends);
            extents.push(extent);
            from = extent.end + 1;
            if self.tokens.kind(extent.end) != Kind::Comma {
                break;
            }
        }
        if extents.len() != targets.len() {
            return false;
        }
        for (target, extent) in targets.into_iter().rev().zip(extents) {
            self.bind_to(target, BindingContext::Assignment, extent);
        }
        true
    }

    /// R's `"…" -> name`, whose `->` is at `at`.
    pub(super) fn right_assignment(&mut self, at: usize) {
        let from = self.frames.top().element;
        let chain = self.expressions().chain_from(at + 1, self.tokens.len());
        let Some(target) = self.expressions().target(chain.last) else { return };
        let Some(value) = self.expressions().value(from, at) else { return };
        let start = self.tokens.at(from).start as usize;
        let named = Named { key: target.key, key_span: target.key_span, path: target.path, start };
        self.bind(named, None, value, BindingContext::Assignment, chain.last + 1);
    }

    /// `name == "…"` and `"…" == name`.
    pub(super) fn comparison(&mut self, at: usize) {
        let expressions = self.expressions();
        let before = at.wrapping_sub(1);
        let (target, literal, last) = match (self.tokens.kind(before), self.tokens.kind(at + 1)) {
            (Kind::String, Kind::Name) => {
                let chain = expressions.chain_from(at + 1, self.tokens.len());
                (expressions.target(chain.last), before, chain.last)
            }
            (_, Kind::String) if at > 0 => (expressions.target(before), at + 1, at + 1),
            _ => return,
        };
        let Some(target) = target else { return };
        let value = expressions.literal(literal);
        let start = self.tokens.at(target.first.min(literal)).start as usize;
        let named = Named { key: target.key, key_span: target.key_span, path: target.path, start };
        self.bind(named, None, value, BindingContext::Comparison, last + 1);
    }
}
