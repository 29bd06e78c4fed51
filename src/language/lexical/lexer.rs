//! Splits text into tokens, in one pass.

use super::{
    begins::{Begins, begins},
    bracket::Brackets,
    grammar::{Grammar, Trait},
    literal::Prefixes,
    operator::operator,
    token::{Kind, NOWHERE, StringToken, Token, Tokens},
    unclosed::Unclosed,
    words::Words,
};
use crate::model::{Span, text_start};

/// Number of tokens after which a run ends at the next line that starts outside all brackets.
const RUN: usize = 1 << 14;
/// Number of tokens after which a run ends anywhere, so that memory is bounded.
const LONGEST_RUN: usize = 1 << 20;

/// `true` if a Python function starts on the first line of these bytes.
pub fn starts_function(rest: &[u8]) -> bool {
    let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
    let line = &rest[blanks..];
    line.strip_prefix(b"async ").unwrap_or(line).starts_with(b"def ")
}

/// Reads a text from left to right, token by token.
pub struct Lexer<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    pub(super) grammar: &'static Grammar,
    pub(super) unclosed: Unclosed,
    pub(super) starts_line: bool,
    pub(super) spaced: bool,
    /// Strings that start on the next line: the index of each, and its delimiter.
    pub(super) pending: Vec<(u32, &'a [u8])>,
    pub(super) begins: [Begins; 256],
    pub(super) brackets: Brackets,
    /// `true` if lines that start with `!` or `%` belong to a notebook, not to the language.
    takes_shell_lines: bool,
    /// `true` if a run also ends before each function, as in Python.
    pub(super) ends_at_functions: bool,
}

impl<'a> Lexer<'a> {
    /// A lexer at byte `at` of `text`. Bytes beyond 4 GiB are not read.
    pub fn new(text: &'a [u8], at: usize, grammar: &'static Grammar) -> Self {
        let text = &text[..text.len().min(u32::MAX as usize - 1)];
        let mut lexer = Self {
            text,
            at: at.min(text.len()),
            grammar,
            unclosed: Unclosed::default(),
            starts_line: true,
            spaced: true,
            pending: Vec::new(),
            begins: begins(grammar),
            brackets: Brackets::default(),
            takes_shell_lines: grammar.has(Trait::NotebookLines),
            ends_at_functions: grammar.has(Trait::DefinitionsStandAlone),
        };
        lexer.at += text_start(&text[lexer.at..]);
        if lexer.at == 0 && text.starts_with(b"#!") {
            lexer.skip_line();
        }
        if grammar.has(Trait::Pages) {
            lexer.skip_page();
        }
        if lexer.takes_shell_lines {
            lexer.skip_shell_lines();
        }
        lexer
    }

    /// Replaces `tokens` by the next run of them. Returns `false` at the end of the text.
    ///
    /// Comments are appended to `comments`.
    pub fn next_run(&mut self, tokens: &mut Tokens<'a>, comments: &mut Vec<Span>) -> bool {
        tokens.list.clear();
        tokens.strings.clear();
        self.brackets.clear();
        while self.at < self.text.len() {
            let byte = self.text[self.at];
            match self.begins[byte as usize] {
                Begins::Blank => {
                    self.at += 1;
                    self.spaced = true;
                }
                Begins::LineEnd => {
                    self.line_end(tokens);
                    if self.run_is_over(tokens) {
                        return true;
                    }
                }
                Begins::Name => self.name(tokens),
                Begins::Number => self.number(tokens),
                Begins::Special => {
                    if !self.comment(comments) && !self.quoted(tokens) {
                        self.operator(tokens);
                    }
                }
                Begins::Operator => self.operator(tokens),
            }
            if tokens.len() >= LONGEST_RUN {
                return true;
            }
        }
        !tokens.list.is_empty()
    }

    /// The byte `ahead` bytes after the next one; 0 past the end.
    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Appends the token from `start` to the current position.
    pub(super) fn push(&mut self, tokens: &mut Tokens<'a>, kind: Kind, start: usize) {
        self.push_linked(tokens, kind, start, NOWHERE);
    }

    /// Appends the string literal from `start` to the current position.
    pub(super) fn push_string(&mut self, tokens: &mut Tokens<'a>, start: usize, text: StringToken) {
        let number = tokens.strings.len() as u32;
        tokens.strings.push(text);
        self.push_linked(tokens, Kind::String, start, number);
    }

    fn push_linked(&mut self, tokens: &mut Tokens<'a>, kind: Kind, start: usize, link: u32) {
        tokens.list.push(Token {
            kind,
            starts_line: self.starts_line,
            spaced: self.spaced,
            start: start as u32,
            end: self.at as u32,
            link,
        });
        self.starts_line = false;
        self.spaced = false;
    }

    /// `true` if the rest of the text does not depend on the part already read.
    pub fn stands_alone(&self) -> bool {
        self.starts_line && self.pending.is_empty() && self.unclosed.is_over(self.at)
    }

    /// `true` if a run ended before a function with no open construct.
    pub fn ended_at_function(&self) -> bool {
        self.stands_alone()
            && self.brackets.are_closed()
            && starts_function(self.text.get(self.at..).unwrap_or_default())
    }

    fn run_is_over(&self, tokens: &Tokens<'a>) -> bool {
        let is_long = tokens.len() >= RUN;
        if !is_long && !self.ends_at_functions || !self.brackets.are_closed() {
            return false;
        }
        let is_function =
            self.ends_at_functions && self.starts_line && starts_function(&self.text[self.at..]);
        // A line that starts with a name cannot continue the previous line.
        (is_function || is_long && self.begins[self.peek(0) as usize] == Begins::Name)
            && tokens.list.last().is_some_and(|last| {
                last.kind.ends_value() || last.kind == Kind::Semicolon || last.kind == Kind::Colon
            })
    }

    fn line_end(&mut self, tokens: &mut Tokens<'a>) {
        let line = &self.text[..self.at];
        let is_continued = line.strip_suffix(b"\r").unwrap_or(line).ends_with(b"\\");
        self.at += 1;
        self.spaced = true;
        if is_continued {
            return;
        }
        self.starts_line = true;
        if !self.pending.is_empty() {
            self.heredoc_bodies(tokens);
        }
        if self.takes_shell_lines && self.brackets.are_closed() {
            self.skip_shell_lines();
        }
    }

    /// Moves to the end of this line and of the lines that continue it.
    pub(super) fn skip_line(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let Some(length) = memchr::memchr(b'\n', rest) else {
                self.at = self.text.len();
                return;
            };
            self.at += length;
            if !rest[..length].trim_ascii_end().ends_with(b"\\") {
                return;
            }
            self.at += 1;
        }
    }

    fn name(&mut self, tokens: &mut Tokens<'a>) {
        let start = self.at;
        let begins = &self.begins;
        let length = self.text[start..]
            .iter()
            .position(|byte| {
                !matches!(begins[*byte as usize], Begins::Name | Begins::Number) || *byte == b'@'
            })
            .unwrap_or(self.text.len() - start);
        // `@name` and `@@name` of Ruby and SQL.
        let sigils = self.text[start..].iter().take(2).take_while(|byte| **byte == b'@').count();
        if length == 0 && sigils > 0 {
            self.at += sigils;
            let rest = self.text[self.at..]
                .iter()
                .position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
                .unwrap_or(self.text.len() - self.at);
            self.at += rest;
            self.push(tokens, if rest == 0 { Kind::At } else { Kind::Name }, start);
            return;
        }
        self.at += length.max(1);
        let follows_quote = matches!(self.peek(0), b'"' | b'\'' | b'#');
        if follows_quote && self.grammar.prefixes != Prefixes::None && self.prefixed(tokens, start)
        {
            return;
        }
        self.push(tokens, Kind::Name, start);
    }

    fn number(&mut self, tokens: &mut Tokens<'a>) {
        let start = self.at;
        let is_plain = !matches!(self.peek(1), b'x' | b'X' | b'b' | b'o');
        while self.at < self.text.len() {
            let byte = self.text[self.at];
            let goes_on = byte.is_ascii_alphanumeric()
                || byte == b'_'
                || byte == b'.' && self.is_decimal_point()
                || byte == b'\''
                    && self.grammar.prefixes == Prefixes::Cpp
                    && self.peek(1).is_ascii_alphanumeric()
                || is_plain
                    && matches!(byte, b'+' | b'-')
                    && matches!(self.text[self.at - 1], b'e' | b'E')
                    && self.peek(1).is_ascii_digit();
            if !goes_on {
                break;
            }
            self.at += 1;
        }
        self.at = self.at.max(start + 1);
        self.push(tokens, Kind::Number, start);
    }

    /// `true` in `1.5` and `1.`, `false` in `1..2` and `1.max(2)`.
    fn is_decimal_point(&self) -> bool {
        let next = self.peek(1);
        next.is_ascii_digit() || !next.is_ascii_alphabetic() && !matches!(next, b'.' | b'_')
    }

    pub(super) fn operator(&mut self, tokens: &mut Tokens<'a>) {
        let start = self.at;
        let byte = self.text[start];
        let before = tokens.list.last().map_or(Kind::Edge, |token| token.kind);
        match byte {
            b'?' if self.grammar.has(Trait::Pages) && self.peek(1) == b'>' => {
                self.at += 2;
                self.push(tokens, Kind::Semicolon, start);
                self.skip_page();
                return;
            }
            // A line continuation.
            b'\\' if matches!(self.peek(1), b'\n' | b'\r') => {
                self.at += 1;
                self.spaced = true;
                return;
            }
            b'<' if self.peek(1) == b'<' && self.heredoc(tokens) => return,
            b'/' if self.grammar.has(Trait::Patterns)
                && self.pattern_may_follow(tokens, before)
                && self.pattern(tokens) =>
            {
                return;
            }
            _ => {}
        }
        let (kind, length) = operator(self.text, start, self.grammar);
        self.at += length;
        self.push(tokens, kind, start);
        if kind.opens() || kind.closes() {
            self.brackets.take(tokens);
        }
    }

    /// `true` if the last token is a name in the list of words that `list` selects.
    pub(super) fn is_word(
        &self,
        tokens: &Tokens<'a>,
        list: impl Fn(&Words) -> &'static [&'static str] + Copy,
    ) -> bool {
        let last = tokens.len().wrapping_sub(1);
        tokens.kind(last) == Kind::Name && self.grammar.words.has(list, tokens.bytes(last))
    }

    /// `true` if the last token closes the head of a statement: `if (…)`.
    fn ends_head(&self, tokens: &Tokens<'a>) -> bool {
        let open = tokens.mate(tokens.len().wrapping_sub(1));
        open.and_then(|open| open.checked_sub(1)).is_some_and(|word| {
            tokens.kind(word) == Kind::Name
                && !tokens.kind_before(word).is_member_mark()
                && self.grammar.words.has(|words| words.before_head, tokens.bytes(word))
        })
    }

    fn pattern_may_follow(&self, tokens: &Tokens<'a>, before: Kind) -> bool {
        match before {
            Kind::Name if self.is_word(tokens, |words| words.before_pattern) => true,
            // Ruby: a regular expression in `scan /x/`, a division in `a / b`.
            Kind::Name => self.grammar.has(Trait::BareCalls) && self.spaced && self.peek(1) != b' ',
            Kind::RoundClose if self.ends_head(tokens) => true,
            kind => !kind.ends_value(),
        }
    }

    fn skip_page(&mut self) {
        let rest = &self.text[self.at..];
        let open = memchr::memmem::find_iter(rest, b"<?").find(|open| {
            rest[open + 2..].starts_with(b"php") || rest[open + 2..].starts_with(b"=")
        });
        self.at = open.map_or(self.text.len(), |open| {
            let after = if rest[open + 2] == b'=' { 3 } else { 5 };
            self.at + open + after
        });
        self.starts_line = true;
        self.spaced = true;
    }
}
