//! Expansions: `$A`, `${A:-b}`, `$(…)`, backticks, and templates that other tools fill in before a
//! shell reads the script.

use super::{
    ahead::Mark,
    lexer::Within,
    parser::Parser,
    word::{ShellWord, is_name, lossy},
};
use crate::model::{Binding, BindingContext, Span, ValueKind};

impl Parser<'_> {
    /// Adds the expansion that starts here with `$` or a backtick.
    pub fn expansion(&mut self, word: &mut ShellWord, within: Within) {
        let start = self.at;
        if self.is_recipe && self.peek(0) == Some(b'$') {
            if self.peek(1) != Some(b'$') {
                return self.make_reference(word);
            }
            self.at += 1;
        }
        let dollar = self.at;
        let is_quoted = within == Within::DoubleQuotes
            || within == Within::QuotedBraces
            || within == Within::Document;
        let next = self.peek(1);
        let is_filled_in = match (self.peek(0), next) {
            (Some(b'`'), _) => self.backticks(),
            (_, Some(b'{')) if self.peek(2) == Some(b'{') && self.template(word, b"$") => return,
            (_, Some(b'{')) => self.braces(is_quoted),
            (_, Some(b'[')) if self.sees(b"$[[") => self.skip_past(Mark::Brackets),
            (_, Some(b'(')) if self.sees(b"$((") && self.is_arithmetic(self.at + 1) => {
                self.at += 1;
                self.arithmetic();
                true
            }
            (_, Some(b'(')) => self.substitution(2),
            (_, Some(b'\'')) if !is_quoted => return self.ansi_quoted(word),
            (_, Some(b'"')) if !is_quoted => {
                self.at += 1;
                return self.double_quoted(word);
            }
            (_, Some(byte)) if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.at += 2;
                while self.peek(0).is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_') {
                    self.at += 1;
                }
                true
            }
            (_, Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'$' | b'!' | b'-')) => {
                self.at += 2;
                true
            }
            _ => false,
        };
        if is_filled_in {
            word.push_expansion(self.text, Span::new(start, self.at));
        } else {
            self.at = dollar + 1;
            word.extract.replace(&self.text[dollar..self.at], Span::new(start, self.at));
        }
    }

    /// Adds the template that starts here: `{{ name }}`, or `${{ secrets.X }}` after `$`. Returns
    /// `false` if there is none.
    pub fn template(&mut self, word: &mut ShellWord, dollar: &[u8]) -> bool {
        let start = self.at;
        let inside = start + dollar.len() + 2;
        let Some(close) = self.closing(Mark::Template, inside) else {
            return false;
        };
        self.at = close + 2;
        word.push_expansion(self.text, Span::new(start, self.at));
        true
    }

    /// Adds the reference of `make` that starts here: `$(A)`, `${A}`, `$@`. The commands of
    /// `$(shell …)` are read.
    pub fn make_reference(&mut self, word: &mut ShellWord) {
        let start = self.at;
        let close = match self.peek(1) {
            Some(b'(') => b')',
            Some(b'{') => b'}',
            Some(byte) if !byte.is_ascii_whitespace() => {
                self.skip(2);
                return word.push_expansion(self.text, Span::new(start, self.at));
            }
            _ => {
                self.at += 1;
                return word.extract.copy(self.text, Span::new(start, self.at));
            }
        };
        if self.sees(b"$(shell ") && self.substitution(8) {
            return word.push_expansion(self.text, Span::new(start, self.at));
        }
        self.skip(2);
        while let Some(byte) = self.peek(0) {
            if byte == b'$' {
                let mut inside = ShellWord::new(self.at);
                if self.deeper(|parser| parser.make_reference(&mut inside)).is_some() {
                    continue;
                }
            }
            if byte == b'\n' {
                break;
            }
            self.at += 1;
            if byte == close {
                break;
            }
        }
        word.push_expansion(self.text, Span::new(start, self.at));
    }

    fn skip_past(&mut self, mark: Mark) -> bool {
        let Some(close) = self.closing(mark, self.at + 3) else { return false };
        self.at = close + 2;
        true
    }

    /// Reads the commands of `$(…)`, `<(…)` or fish's `(…)`, which starts with `mark` bytes.
    /// Returns `false` if it was not read.
    pub fn substitution(&mut self, mark: usize) -> bool {
        let first = self.facts.commands.len();
        let is_read = self.deeper(|parser| {
            parser.skip(mark);
            parser.commands(true);
        });
        self.capture_from(first);
        is_read.is_some()
    }

    /// Reads the commands between backticks. Returns `false` if they are unclosed.
    fn backticks(&mut self) -> bool {
        let start = self.at + 1;
        let mut from = start;
        let close = loop {
            match self.closing(Mark::Backtick, from) {
                Some(at) if is_escaped(&self.text[start..at]) => from = at + 1,
                Some(at) => break at,
                None => return false,
            }
        };
        let whole_end = self.end;
        let first = self.facts.commands.len();
        let is_read = self.deeper(|parser| {
            parser.at = start;
            parser.end = close;
            parser.commands(false);
        });
        self.end = whole_end;
        if is_read.is_some() {
            self.at = close + 1;
        }
        self.capture_from(first);
        is_read.is_some()
    }

    /// `true` if the `((` at `at` closes like an arithmetic expression. Otherwise it opens two
    /// subshells.
    pub fn is_arithmetic(&mut self, at: usize) -> bool {
        self.closing(Mark::Arithmetic, at + 2).is_some()
    }

    /// Moves past the arithmetic expression that starts here with `((`, and reads the commands in
    /// it.
    pub fn arithmetic(&mut self) {
        let mut depth = 0usize;
        let mut inside = ShellWord::new(self.at);
        while let Some(byte) = self.peek(0) {
            match byte {
                b'$' | b'`' => {
                    self.expansion(&mut inside, Within::DoubleQuotes);
                    inside = ShellWord::new(self.at);
                    continue;
                }
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// Reads `${…}` and the default in it. Returns `false` if it is unclosed.
    fn braces(&mut self, is_quoted: bool) -> bool {
        let start = self.at;
        if self.closing(Mark::Brace, start + 2).is_none() {
            return false;
        }
        let within = if is_quoted { Within::QuotedBraces } else { Within::Braces };
        let inside = self.deeper(|parser| {
            parser.at = start + 2;
            parser.word(within)
        });
        let Some(inside) = inside else { return false };
        if self.peek(0) == Some(b'}') {
            self.at += 1;
        }
        self.facts.bindings.extend(default(&inside));
        true
    }
}

/// `true` if `before` ends with an odd number of backslashes, which escape the next byte.
fn is_escaped(before: &[u8]) -> bool {
    before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// The default of `A:-b`, the content of `${A:-b}`.
fn default(inside: &ShellWord) -> Option<Binding> {
    let text = inside.text();
    let length =
        text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let key = text.get(..length).filter(|key| is_name(key))?;
    let operator = match text.get(length..)? {
        [b':', b'-' | b'=', ..] => 2,
        [b'-' | b'=', ..] => 1,
        _ => return None,
    };
    let value = inside.value_from(length + operator);
    if value.text.is_empty() || value.kind == ValueKind::Missing {
        return None;
    }
    let key_span = inside.source_of(Span::new(0, length));
    Some(Binding {
        key: lossy(key),
        path: lossy(key),
        callee: None,
        position: None,
        context: BindingContext::Default,
        span: Span::new(key_span.start, inside.span.end),
        key_span,
        value,
        language: None,
        commented: false,
    })
}
