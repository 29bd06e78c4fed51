//! From tokens to facts: one pass over each run of them.

use super::{
    dialect::{Curly, CurlyEquals, Dialect, LineEnds, NamedArguments, Trait},
    frame::{Chain, Frame, Frames, Inside},
    target::Target,
    token::{Kind, Tokens},
    value::{Expressions, Extent},
};
use crate::model::{Binding, BindingContext, Facts, Span, Value, ValueKind};

/// Brackets that are never closed are only kept in mind up to this many.
const MOST_UNCLOSED: usize = 32;
/// After this many bindings only literals long enough for a credential are kept, so that
/// memory stays in proportion to the text.
const MOST_BINDINGS: usize = 1 << 19;
/// The shortest literal kept after that.
const SHORTEST_LATE_LITERAL: usize = 8;
/// A binding is moved at most this far back to its place in the text's order.
const MOST_STEPS_BACK: usize = 16;
/// Words before `(` that call nothing.
const CONTROL_WORDS: &[&str] = &[
    "if", "while", "for", "switch", "catch", "return", "with", "elif", "elsif", "in", "and", "or",
    "not", "match", "when", "unless", "until", "foreach", "using", "lock", "await", "yield",
    "else", "case", "throw", "async", "do", "except", "raise", "select", "where", "guard", "is",
    "of", "new", "IF", "WHERE", "AND", "OR", "IN", "NOT", "VALUES", "SELECT", "FROM", "AS", "ON",
    "let", "as",
];
/// Words before `{` after which it holds a value.
const WORDS_BEFORE_VALUE: &[&str] =
    &["return", "yield", "default", "in", "await", "const", "let", "var", "when", "and", "or"];

/// Turns the tokens of a text into facts.
pub struct Walk<'a> {
    pub(super) tokens: Tokens<'a>,
    pub(super) dialect: &'static Dialect,
    pub(super) facts: Facts,
    pub(super) frames: Frames,
}

impl<'a> Walk<'a> {
    /// A walk over `text`.
    pub fn new(text: &'a [u8], dialect: &'static Dialect) -> Self {
        Self {
            tokens: Tokens::new(text),
            dialect,
            facts: Facts::default(),
            frames: Frames::new(true),
        }
    }

    /// The expressions of this run.
    pub(super) fn expressions(&self) -> Expressions<'_, 'a> {
        Expressions { tokens: &self.tokens, dialect: self.dialect }
    }

    /// Reads the run of tokens that is in `tokens`.
    pub fn run(&mut self) {
        self.frames = Frames::new(self.statements_end_with_lines());
        // A comma between types separates nothing.
        let mut types_until = 0;
        for at in 0..self.tokens.len() {
            let token = self.tokens.at(at);
            self.frames.leave_virtual(at);
            if token.starts_line && at > 0 {
                self.line_start(at, token.kind);
            }
            if self.frames.top().element == at {
                self.element(at);
            }
            match token.kind {
                kind if kind.opens() => self.open(at),
                kind if kind.closes() => self.close(at),
                Kind::Comma if at >= types_until => self.comma(at),
                Kind::Semicolon => self.semicolon(at),
                kind if kind.assigns() => self.assignment(at, kind),
                Kind::Equal => self.comparison(at),
                kind if kind.falls_back() => self.fallback(at),
                Kind::Name => self.word(at),
                Kind::Text => self.lone_text(at),
                Kind::Other if token.starts_line && self.dialect.has(Trait::Preprocessor) => {
                    self.directive(at);
                }
                Kind::Less => match self.expressions().generics_end(at) {
                    Some(end) => types_until = end,
                    None if self.dialect.has(Trait::Markup) => self.tag(at),
                    None => {}
                },
                Kind::Greater if self.frames.top().is_tag => self.tag_end(),
                _ => {}
            }
        }
    }

    fn statements_end_with_lines(&self) -> bool {
        self.dialect.line_ends != LineEnds::Nothing
    }

    fn line_start(&mut self, at: usize, kind: Kind) {
        let top = *self.frames.top();
        if !top.line_ends || self.expressions().continues(at, kind) {
            return;
        }
        if top.inside != Inside::Statements && top.close == usize::MAX {
            // `login(token="…"` without its closer ends with its line.
            self.frames.leave_top();
        }
        self.frames.start_statement(at);
    }

    fn word(&mut self, at: usize) {
        if self.dialect.has(Trait::Sql) {
            self.sql_word(at);
        } else if self.tokens.is_name(at, &["or"]) {
            self.fallback(at);
        }
    }

    fn comma(&mut self, at: usize) {
        let top = self.frames.top();
        if top.inside == Inside::Statements {
            top.commas += 1;
        } else {
            top.position += 1;
        }
        self.frames.start_element(at + 1);
    }

    fn semicolon(&mut self, at: usize) {
        let top = *self.frames.top();
        if top.inside != Inside::Statements && top.close == usize::MAX {
            self.frames.leave_top();
        }
        self.frames.start_statement(at + 1);
    }

    fn close(&mut self, at: usize) {
        if self.tokens.mate(at).is_none() {
            return;
        }
        let left = self.frames.leave(at);
        let is_block = self.tokens.kind(at) == Kind::CurlyClose && left == Some(Inside::Statements);
        if is_block && self.frames.top().inside == Inside::Statements {
            self.frames.start_statement(at + 1);
        }
    }

    fn open(&mut self, at: usize) {
        let mate = self.tokens.mate(at);
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
            _ => self.dialect.line_ends == LineEnds::Everywhere,
        };
        let mut frame = Frame::new(inside, mate.unwrap_or(usize::MAX), at + 1, line_ends);
        let is_mapping_call = callee.is_some_and(|callee: Chain| {
            callee.first == callee.last
                && self.tokens.is_name(callee.first, self.dialect.mapping_calls)
        });
        let around = *self.frames.top();
        match inside {
            Inside::Arguments if !is_mapping_call => {
                frame.callee = callee;
                self.frames.enter(frame);
                if let Some(callee) = callee {
                    self.called(callee, at + 1, mate.unwrap_or(self.tokens.len()));
                }
            }
            Inside::Statements | Inside::Parameters => self.frames.enter(frame),
            _ => {
                frame.callee = callee.filter(|_| !is_mapping_call).or(around.callee);
                if is_mapping_call {
                    frame.inside = Inside::Entries;
                }
                self.frames.enter_deeper(frame);
            }
        }
    }

    /// What `(` opens, and what it calls.
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
            let is_lambda = self.dialect.parameters_before_body && self.body_follows(at);
            let inside = match is_lambda {
                true => Inside::Parameters,
                false if self.is_tuple(at) => Inside::Items,
                false => Inside::Group,
            };
            return (inside, None);
        }
        if tokens.is_name(name, &["const", "var", "import", "type"])
            && self.dialect.has(Trait::TypeAfterName)
        {
            return (Inside::Statements, None);
        }
        let chain = self.expressions().chain_before(name);
        let before = chain.first.wrapping_sub(1);
        let is_definition = tokens.is_name(before, self.dialect.definition_words)
            || chain.first == chain.last
                && !tokens.kind(before).is_member_mark()
                && tokens.is_name(name, self.dialect.definition_words)
            || tokens.kind(before) == Kind::RoundClose
                && tokens.is_name(before.wrapping_sub(3), &["func"])
            || chain.first == chain.last
                && self.dialect.parameters_before_body
                && self.body_follows(at);
        if chain.first == chain.last && tokens.is_name(name, CONTROL_WORDS) {
            return (Inside::Group, None);
        }
        let last = if tokens.kind(at.wrapping_sub(1)) == Kind::Bang { name + 1 } else { name };
        let inside = if is_definition { Inside::Parameters } else { Inside::Arguments };
        (inside, Some(Chain { first: chain.first, last }))
    }

    /// Whether the bracket at `at` holds several values, as in `auth=("user", "…")`.
    fn is_tuple(&self, at: usize) -> bool {
        self.dialect.has(Trait::Python) && {
            let end = self.expressions().extent(at + 1, false).end;
            self.tokens.kind(end) == Kind::Comma
        }
    }

    /// Whether `) {` or `) =>` ends the bracket that `at` opens.
    fn body_follows(&self, at: usize) -> bool {
        let Some(close) = self.tokens.mate(at) else { return false };
        matches!(self.tokens.kind(close + 1), Kind::CurlyOpen | Kind::FatArrow)
            && !self.tokens.is_name(at.wrapping_sub(2), &["new"])
            && !self.tokens.is_name(at.wrapping_sub(1), CONTROL_WORDS)
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
        let is_word = self.tokens.is_name(at.wrapping_sub(1), CONTROL_WORDS);
        if follows && !is_word && !(token.spaced && self.dialect.has(Trait::Ruby)) {
            Inside::Group
        } else if self.dialect.square_mappings {
            Inside::Entries
        } else {
            Inside::Items
        }
    }

    /// What `{` opens, and the type it makes a value of.
    fn curly(&self, at: usize) -> (Inside, Option<Chain>) {
        let tokens = &self.tokens;
        let before = at.wrapping_sub(1);
        let entries = (Inside::Entries, None);
        match self.dialect.curly {
            Curly::Mapping => return entries,
            Curly::Statements => return (Inside::Statements, None),
            _ => {}
        }
        let before_kind = tokens.kind_before(at);
        let around = self.frames.inside();
        let takes_value = match before_kind {
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
            Kind::CurlyOpen => around == Inside::Entries,
            Kind::FatArrow => self.dialect.has(Trait::Ruby),
            Kind::Name => tokens.is_name(before, WORDS_BEFORE_VALUE),
            _ => false,
        };
        if takes_value {
            return entries;
        }
        let named = |name: usize| (Inside::Entries, Some(self.expressions().chain_before(name)));
        let before_name = || self.expressions().chain_before(before).first.wrapping_sub(1);
        match self.dialect.curly {
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
                    && !tokens.is_name(
                        before_name(),
                        &[
                            "struct", "enum", "impl", "trait", "for", "union", "match", "if",
                            "while", "in", "mod",
                        ],
                    ) =>
            {
                named(before)
            }
            Curly::New => self
                .made_before(at)
                .map_or((Inside::Statements, None), |made| (Inside::Entries, made)),
            _ => (Inside::Statements, None),
        }
    }

    /// `new Name`, `new Name(…)`, `new Name[]` right before `at`.
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

    /// `name = value` and its like, wherever it stands.
    fn assignment(&mut self, at: usize, kind: Kind) {
        let top = *self.frames.top();
        if top.is_tag {
            self.attribute(at);
            return;
        }
        if top.handled == at || self.dialect.has(Trait::Sql) && !top.is_setting {
            return;
        }
        if top.inside == Inside::Statements && top.commas > 0 && self.tuple(at, top.commas) {
            self.frames.top().commas = 0;
            return;
        }
        self.frames.top().commas = 0;
        let Some(target) = self.assigned(at, top.element) else { return };
        let extent = self.expressions().extent(at + 1, top.line_ends);
        let context = match (top.inside, self.dialect.curly_equals) {
            _ if kind == Kind::AssignIfMissing => BindingContext::Default,
            (Inside::Parameters, _) => BindingContext::Default,
            (Inside::Entries, CurlyEquals::Entry) => BindingContext::Mapping,
            (Inside::Entries, CurlyEquals::Default) => BindingContext::Default,
            (Inside::Arguments, _) if self.dialect.named_arguments == NamedArguments::Equals => {
                BindingContext::Argument
            }
            _ => BindingContext::Assignment,
        };
        self.bind_to(target, context, extent);
    }

    /// Binds a name to the expression of `extent`, and to the literals it may choose.
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
        const HEADS: &[&str] = &[
            "if", "elif", "else", "for", "while", "with", "try", "except", "finally", "case",
            "default", "lambda", "match", "switch",
        ];
        const MOST_STEPS: usize = 32;
        let expressions = self.expressions();
        let tokens = &self.tokens;
        let mut start = element.min(at);
        if tokens.is_name(start, &["var", "const"]) && self.dialect.has(Trait::TypeAfterName) {
            start += 1;
        }
        if self.dialect.has(Trait::TypeAfterName) && tokens.kind(start) == Kind::Name {
            // `var token string = "…"`
            let after = tokens.at(start + 1);
            let is_type = matches!(after.kind, Kind::Name | Kind::Star | Kind::SquareOpen)
                && after.spaced
                && !after.starts_line;
            if is_type && start + 1 < at {
                return expressions.target(start);
            }
        }
        let mut step = start;
        for _ in 0..MOST_STEPS {
            if step >= at || tokens.is_name(start, HEADS) {
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
            if tokens.kind(step) == Kind::PathDots && self.dialect.has(Trait::TypeAfterDots) {
                return expressions.target(step.checked_sub(1)?);
            }
            if tokens.kind(step) == Kind::Question && tokens.kind(step + 1) != Kind::Colon {
                break;
            }
            step = tokens.after(step);
        }
        expressions.target(at.checked_sub(1)?)
    }

    /// `a, b = "x", "y"`: false unless there are as many values as names.
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

    /// `name == "…"` and `"…" == name`.
    fn comparison(&mut self, at: usize) {
        let expressions = self.expressions();
        let before = at.wrapping_sub(1);
        let (target, literal, last) = match (self.tokens.kind(before), self.tokens.kind(at + 1)) {
            (Kind::Text, Kind::Name) => {
                let chain = expressions.chain_from(at + 1, self.tokens.len());
                (expressions.target(chain.last), before, chain.last)
            }
            (_, Kind::Text) if at > 0 => (expressions.target(before), at + 1, at + 1),
            _ => return,
        };
        let Some(target) = target else { return };
        let value = expressions.literal(literal);
        let start = self.tokens.at(target.first.min(literal)).start as usize;
        let named = Named { key: target.key, key_span: target.key_span, path: target.path, start };
        self.bind(named, None, value, BindingContext::Comparison, last + 1);
    }

    /// Adds a binding that ends before the token at `end`.
    pub(super) fn bind(
        &mut self,
        named: Named,
        callee: Option<Chain>,
        value: Value,
        context: BindingContext,
        end: usize,
    ) {
        let stop = self.tokens.at(end.saturating_sub(1)).end as usize;
        self.add(Binding {
            key: named.key,
            path: named.path,
            callee: callee.map(|callee| callee.text(&self.tokens)),
            position: None,
            value,
            context,
            key_span: named.key_span,
            span: Span::new(named.start, stop),
        });
    }

    /// Adds a binding, unless the text has had too many.
    pub(super) fn add(&mut self, binding: Binding) {
        let is_short = !matches!(binding.value.kind, ValueKind::Literal | ValueKind::Template)
            || binding.value.span.len() < SHORTEST_LATE_LITERAL;
        if self.facts.bindings.len() >= MOST_BINDINGS && is_short {
            return;
        }
        // Some constructs are recognised at their end: they belong a few places back.
        let bindings = &mut self.facts.bindings;
        let behind = bindings.iter().rev().take(MOST_STEPS_BACK);
        let back = behind.take_while(|known| known.span.start > binding.span.start).count();
        bindings.insert(bindings.len() - back, binding);
    }
}

/// A name that is being bound, and where its construct starts.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// Its last part.
    pub key: String,
    /// Where that stands.
    pub key_span: Span,
    /// The names around it, with it.
    pub path: String,
    /// The construct's first byte.
    pub start: usize,
}
