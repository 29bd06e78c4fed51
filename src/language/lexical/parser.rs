//! Turns tokens into facts, in one pass over each run of them.

use super::{
    super::reader::Places,
    frame::{Chain, Frames, Inside},
    grammar::{Grammar, LineEnds, Trait},
    lexer::Lexer,
    token::{Kind, Tokens},
    value::Expressions,
    words::Words,
};
use crate::model::{Binding, BindingContext, Facts, Span, Value, ValueKind};

/// Number of bindings after which only literals long enough for a credential are kept, so that
/// memory is proportional to the text.
const MOST_BINDINGS: usize = 1 << 19;
/// Minimum length in bytes of such a literal.
const SHORTEST_LATE_LITERAL: usize = 8;
/// Maximum number of positions by which a binding is moved back to restore text order.
const MOST_STEPS_BACK: usize = 16;

/// Turns the tokens of a text into facts.
pub struct Parser<'a> {
    pub(super) tokens: Tokens<'a>,
    pub(super) grammar: &'static Grammar,
    pub(super) facts: Facts,
    pub(super) frames: Frames,
    /// Code in the strings of this run, which is read after it.
    pub(super) code: Vec<Span>,
    /// The places at which facts are wanted.
    places: Places<'a>,
}

impl<'a> Parser<'a> {
    /// A parser of `text` for the facts near `places`.
    pub fn new(text: &'a [u8], grammar: &'static Grammar, places: Places<'a>) -> Self {
        Self {
            tokens: Tokens::new(text),
            grammar,
            places,
            facts: Facts::default(),
            code: Vec::new(),
            frames: Frames::new(true),
        }
    }

    /// The expressions of this run.
    pub(super) fn expressions(&self) -> Expressions<'_, 'a> {
        Expressions { tokens: &self.tokens, grammar: self.grammar }
    }

    /// `true` if the token at `index` is a name in the list of words that `list` selects.
    pub(super) fn is_word(
        &self,
        index: usize,
        list: impl Fn(&Words) -> &'static [&'static str] + Copy,
    ) -> bool {
        self.expressions().is_word(index, list)
    }

    /// Reads the run of tokens that is in `tokens`.
    pub fn run(&mut self) {
        self.frames = Frames::new(self.statements_end_with_lines());
        // The comma between type arguments separates nothing.
        let mut types_until = 0;
        let mut next = 0;
        while next < self.tokens.len() {
            let at = next;
            next += 1;
            let token = self.tokens.at(at);
            self.frames.leave_virtual(at);
            if token.starts_line && at > 0 {
                self.line_start(at, token.kind);
            }
            if self.frames.top().element == at {
                self.element(at);
            }
            match token.kind {
                kind if kind.opens() => match self.unwanted_end(at) {
                    Some(close) => {
                        self.pass_over(at, close);
                        next = close + 1;
                    }
                    None => self.open(at),
                },
                kind if kind.closes() => self.close(at),
                Kind::Comma if at >= types_until => self.comma(at),
                Kind::Semicolon => self.semicolon(at),
                kind if kind.assigns() => self.assignment(at, kind),
                Kind::RightArrow => self.right_assignment(at),
                Kind::Equal => self.comparison(at),
                kind if kind.falls_back() => self.fallback(at),
                Kind::Name => self.word(at),
                Kind::String => self.lone_string(at),
                Kind::Other if token.starts_line && self.grammar.has(Trait::Preprocessor) => {
                    self.directive(at);
                }
                Kind::Less => match self.expressions().generics_end(at) {
                    Some(end) => types_until = end,
                    None if self.grammar.has(Trait::Markup) => self.tag(at),
                    None => {}
                },
                Kind::Greater if self.frames.top().is_tag => self.tag_end(),
                _ => {}
            }
        }
    }

    /// Reads the code in the strings of the last run, whose tokens are already dropped.
    pub fn read_code(&mut self) {
        const DEEPEST: usize = 2;
        let mut comments = Vec::new();
        for _ in 0..DEEPEST {
            for span in std::mem::take(&mut self.code) {
                let text = self.tokens.text.get(..span.end).unwrap_or_default();
                let mut lexer = Lexer::new(text, span.start, self.grammar);
                while lexer.next_run(&mut self.tokens, &mut comments) {
                    self.run();
                }
            }
        }
        self.code.clear();
    }

    /// `true` if a line end ends a statement.
    pub(super) fn statements_end_with_lines(&self) -> bool {
        self.grammar.line_ends != LineEnds::Nothing
    }

    fn line_start(&mut self, at: usize, kind: Kind) {
        let top = *self.frames.top();
        if !top.line_ends || self.expressions().continues(at, kind) {
            return;
        }
        if top.inside != Inside::Statements && top.close == usize::MAX {
            // An unclosed `login(token="…"` ends with its line.
            self.frames.leave_top();
        }
        self.frames.start_statement(at);
    }

    /// The end of the bracket that opens at `at`, if no fact in it is wanted.
    fn unwanted_end(&mut self, at: usize) -> Option<usize> {
        let close = self.tokens.mate(at).filter(|close| *close > at)?;
        let top = *self.frames.top();
        // In SQL, the names of a bracket's values are far from it.
        let is_wanted = top.is_wanted
            || self.grammar.has(Trait::Columns)
            || self.is_place_in(top.element.min(at), close)
            || self.is_place_in(close, self.end_of_calls(close));
        (!is_wanted).then_some(close)
    }

    /// The end of the calls after the bracket that closes at `close`:
    /// `Command::new("hf").arg("…").args(["…"])` is one command.
    fn end_of_calls(&self, close: usize) -> usize {
        const MOST: usize = 16;
        let mut end = close;
        for _ in 0..MOST {
            let next = self.tokens.mate(end + 3).filter(|_| self.tokens.kind(end + 1) == Kind::Dot);
            match next {
                Some(next) if next > end => end = next,
                _ => break,
            }
        }
        end
    }

    /// `true` if a wanted place is in these tokens.
    pub(super) fn is_place_in(&self, first: usize, last: usize) -> bool {
        let span = self.tokens.span_of(first, last);
        self.places.are_in(span.start..span.end)
    }

    /// Skips a bracket as if it had been read.
    fn pass_over(&mut self, open: usize, close: usize) {
        if self.tokens.kind(open) == Kind::CurlyOpen
            && self.frames.top().inside == Inside::Statements
            && self.curly(open).0 == Inside::Statements
        {
            self.frames.start_statement(close + 1);
        }
    }

    fn word(&mut self, at: usize) {
        if self.grammar.has(Trait::Clauses) {
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
            language: None,
            commented: false,
        });
    }

    /// Adds a binding, unless the text has too many.
    pub(super) fn add(&mut self, binding: Binding) {
        let is_short = !matches!(binding.value.kind, ValueKind::Literal | ValueKind::Template)
            || binding.value.span.len() < SHORTEST_LATE_LITERAL;
        if self.facts.bindings.len() >= MOST_BINDINGS && is_short {
            return;
        }
        // Some constructs are recognised at their end, but belong a few positions earlier.
        let bindings = &mut self.facts.bindings;
        let behind = bindings.iter().rev().take(MOST_STEPS_BACK);
        let back = behind.take_while(|known| known.span.start > binding.span.start).count();
        bindings.insert(bindings.len() - back, binding);
    }
}

/// A name to be bound, and the start of its construct.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// Its last part.
    pub key: String,
    /// The span of the last part.
    pub key_span: Span,
    /// The path of names around it, itself included.
    pub path: String,
    /// The construct's first byte.
    pub start: usize,
}
