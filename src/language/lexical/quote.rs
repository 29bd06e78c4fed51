//! Finds the ends of string literals, regular expressions and comments.

use super::{
    grammar::Trait,
    lexer::Lexer,
    literal::{Escapes, Fill, Prefixes, Quote},
    token::{Kind, StringToken, Tokens},
};
use crate::model::Span;

/// The end of a string literal.
pub(super) struct Close {
    /// The offset of its closer.
    pub(super) content_end: usize,
    /// The offset after its closer.
    pub(super) end: usize,
    /// `true` if it has placeholders.
    pub(super) is_filled: bool,
}

impl<'a> Lexer<'a> {
    /// Reads a comment, if one starts here.
    pub(super) fn comment(&mut self, comments: &mut Vec<Span>) -> bool {
        let start = self.at;
        let rest = &self.text[start..];
        let Some(comment) = self.grammar.comments.iter().find(|comment| {
            rest.starts_with(comment.open.as_bytes())
                && (!comment.at_line_start || self.starts_line)
        }) else {
            return false;
        };
        if self.grammar.has(Trait::HashAttributes) && rest.starts_with(b"#[") {
            return false;
        }
        if comment.close.is_empty() {
            self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            if self.grammar.has(Trait::Pages) {
                // A comment ends with the enclosing code block.
                let end = memchr::memmem::find(&self.text[start..self.at], b"?>");
                self.at = end.map_or(self.at, |end| start + end);
            }
            let line = &self.text[start..self.at];
            comments.push(Span::new(start, start + line.trim_ascii_end().len()));
            return true;
        }
        let Some(end) = self.comment_end(comment.open, comment.close, comment.nests) else {
            return false;
        };
        self.at = end;
        self.spaced = true;
        comments.push(Span::new(start, end));
        true
    }

    fn comment_end(&mut self, open: &str, close: &'static str, nests: bool) -> Option<usize> {
        if self.unclosed.is_searched(close, true, self.at) {
            return None;
        }
        let mut at = self.at + open.len();
        let mut depth = 1usize;
        loop {
            let found = memchr::memmem::find(&self.text[at..], close.as_bytes());
            let Some(found) = found else {
                self.unclosed.set_searched(close, true, self.text.len());
                return None;
            };
            if nests {
                depth +=
                    memchr::memmem::find_iter(&self.text[at..at + found], open.as_bytes()).count();
            }
            at += found + close.len();
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }

    /// Reads a string literal without a prefix, if one starts here.
    pub(super) fn quoted(&mut self, tokens: &mut Tokens<'a>) -> bool {
        let start = self.at;
        let before = tokens.list.last().map_or(Kind::Edge, |token| token.kind);
        match self.text[start] {
            b'[' if self.grammar.has(Trait::LongBrackets) => return self.long_bracket(tokens),
            b'@' | b'$' if self.grammar.prefixes == Prefixes::CSharp => {
                if self.csharp_string(tokens) {
                    return true;
                }
                if self.text[start] == b'$' {
                    self.at += 1;
                    self.push(tokens, Kind::Other, start);
                    return true;
                }
                return false;
            }
            b'#' if self.grammar.prefixes == Prefixes::Swift => {
                return self.hash_string(tokens, start);
            }
            b':' => return self.grammar.has(Trait::Symbols) && self.symbol(tokens, before),
            b'%' => {
                return self.grammar.has(Trait::PercentStrings)
                    && self.percent_string(tokens, before);
            }
            b'?' => {
                return self.grammar.has(Trait::CharacterMarks) && self.character(tokens, before);
            }
            b'\'' if self.grammar.has(Trait::Lifetimes) && !self.is_character() => {
                self.at += 1;
                self.push(tokens, Kind::Other, start);
                return true;
            }
            // `<p>Don't</p>`: no string starts directly after a name.
            b'\''
                if self.grammar.has(Trait::Markup)
                    && before == Kind::Name
                    && !self.spaced
                    && !self.is_word(tokens, |words| words.before_string) =>
            {
                self.at += 1;
                self.push(tokens, Kind::Other, start);
                return true;
            }
            b'\'' if self.grammar.has(Trait::Transpose) && before.ends_value() && !self.spaced => {
                self.at += 1;
                self.push(tokens, Kind::Other, start);
                return true;
            }
            _ => {}
        }
        let rest = &self.text[start..];
        let openers =
            self.grammar.quotes.iter().filter(|quote| rest.starts_with(quote.open.as_bytes()));
        for quote in openers {
            if self.string_literal(tokens, start, quote, quote.escapes, quote.fill) {
                return true;
            }
        }
        false
    }

    /// Reads a string literal after the letters from `start` to the current position, if they are a
    /// prefix.
    pub(super) fn prefixed(&mut self, tokens: &mut Tokens<'a>, start: usize) -> bool {
        let letters = &self.text[start..self.at];
        if letters.len() > 8 {
            return false;
        }
        let has = |letter: u8| letters.iter().any(|byte| byte.to_ascii_lowercase() == letter);
        let (is_known, is_raw, fill) = match self.grammar.prefixes {
            Prefixes::Python => (
                letters.len() <= 2 && letters.iter().all(|byte| b"rbuftRBUFT".contains(byte)),
                has(b'r'),
                if has(b'f') || has(b't') { Fill::Braces } else { Fill::None },
            ),
            Prefixes::Rust => {
                let is_known = [b"b".as_slice(), b"c", b"r", b"br", b"cr"].contains(&letters);
                if is_known && has(b'r') {
                    return self.hash_string(tokens, start);
                }
                (is_known && self.peek(0) != b'#', false, Fill::None)
            }
            Prefixes::Cpp => {
                if letters.ends_with(b"R") && self.peek(0) == b'"' {
                    return self.delimited_string(tokens, start);
                }
                let is_known = [b"L".as_slice(), b"u", b"U", b"u8"].contains(&letters);
                (is_known, false, Fill::None)
            }
            Prefixes::Scala => (self.peek(0) == b'"', letters == b"raw", Fill::Dollar),
            Prefixes::Raw => (letters == b"r" || letters == b"raw", true, Fill::None),
            Prefixes::R if matches!(letters, b"r" | b"R") => return self.r_string(tokens, start),
            Prefixes::R | Prefixes::CSharp | Prefixes::Swift | Prefixes::None => return false,
        };
        if !is_known {
            return false;
        }
        let rest = &self.text[self.at..];
        let openers =
            self.grammar.quotes.iter().filter(|quote| rest.starts_with(quote.open.as_bytes()));
        for quote in openers {
            let escapes = if is_raw { Escapes::Shielding } else { quote.escapes };
            if self.string_literal(tokens, start, quote, escapes, fill) {
                return true;
            }
        }
        false
    }

    /// Reads the literal whose opener is here and whose prefix starts at `start`.
    fn string_literal(
        &mut self,
        tokens: &mut Tokens<'a>,
        start: usize,
        quote: &'static Quote,
        escapes: Escapes,
        fill: Fill,
    ) -> bool {
        if self.unclosed.is_searched(quote.close, quote.lines, self.at) {
            return false;
        }
        let content = self.at + quote.open.len();
        let found = self.close_of(content, quote.close.as_bytes(), quote.lines, escapes, fill);
        let Some(close) = found else {
            let rest = self.text.get(content..).unwrap_or_default();
            let line = memchr::memchr(b'\n', rest).filter(|_| !quote.lines).unwrap_or(rest.len());
            self.unclosed.set_searched(quote.close, quote.lines, content + line);
            return false;
        };
        self.at = close.end;
        let text = StringToken {
            content: Span::new(content, close.content_end),
            escapes,
            fill,
            is_filled: close.is_filled,
            is_command: quote.is_command,
            quote: quote.close.as_bytes()[0],
        };
        self.push_string(tokens, start, text);
        true
    }

    /// The end of the string literal whose content starts at `from`.
    pub(super) fn close_of(
        &mut self,
        from: usize,
        close: &[u8],
        lines: bool,
        escapes: Escapes,
        fill: Fill,
    ) -> Option<Close> {
        let text = self.text;
        let mut at = from;
        let mut is_filled = false;
        let has_escapes = !matches!(escapes, Escapes::None | Escapes::Doubled);
        loop {
            if fill == Fill::None {
                let rest = text.get(at..)?;
                at += match lines {
                    true => memchr::memchr2(close[0], b'\\', rest)?,
                    false => memchr::memchr3(close[0], b'\\', b'\n', rest)?,
                };
            }
            let byte = *text.get(at)?;
            if byte == close[0] && text[at..].starts_with(close) {
                if escapes == Escapes::Doubled && text.get(at + 1) == Some(&close[0]) {
                    at += 2;
                    continue;
                }
                return Some(Close { content_end: at, end: at + close.len(), is_filled });
            }
            match byte {
                b'\\' if fill == Fill::BackslashRound && text.get(at + 1) == Some(&b'(') => {
                    is_filled = true;
                    at = self.fill_end(at + 2, lines).unwrap_or(at + 2);
                }
                b'\\' if has_escapes => at += 2,
                b'\n' if !lines => break,
                b'{' if fill == Fill::Braces => {
                    let is_doubled = text.get(at + 1) == Some(&b'{');
                    is_filled |= !is_doubled;
                    // A placeholder may contain strings in the same quotes.
                    let end = (!is_doubled).then(|| self.fill_end(at + 1, lines)).flatten();
                    at = end.unwrap_or(at + 1 + usize::from(is_doubled));
                }
                b'$' | b'#' => {
                    let (fills, opens) = fills(byte, text.get(at + 1).copied().unwrap_or(0), fill);
                    is_filled |= fills;
                    at =
                        if opens { self.fill_end(at + 2, lines).unwrap_or(at + 2) } else { at + 1 };
                }
                _ => at += 1,
            }
        }
        None
    }

    /// The offset after the closer of the placeholder that was opened before `from`.
    fn fill_end(&mut self, from: usize, lines: bool) -> Option<usize> {
        const DEEPEST: usize = 32;
        if from < self.unclosed.fill_until {
            return None;
        }
        // Each entry is a piece of code, with its number of open brackets, or 0 for a string in
        // backticks.
        let mut stack = vec![1usize];
        let mut at = from;
        while let Some(byte) = self.text.get(at).copied() {
            at += 1;
            let top = stack.len() - 1;
            match (stack[top], byte) {
                (_, b'\\') => at += 1,
                (_, b'\n') if !lines => break,
                (0, b'`') | (1, b'}' | b')') => {
                    stack.pop();
                    if stack.is_empty() {
                        return Some(at);
                    }
                }
                (0, b'$') if self.text.get(at) == Some(&b'{') => {
                    at += 1;
                    stack.push(1);
                }
                (0, _) => {}
                (_, b'}' | b')') => stack[top] -= 1,
                (_, b'{' | b'(') => stack[top] += 1,
                (_, b'`') => stack.push(0),
                (_, b'"' | b'\'') => match self.short_string_end(at, byte) {
                    Some(end) => at = end,
                    None => break,
                },
                _ => {}
            }
            if stack.len() > DEEPEST {
                break;
            }
        }
        self.unclosed.fill_until = at;
        None
    }

    /// The offset of the closer, on the same line, of the string that `quote` opened before `from`.
    fn short_string_end(&self, from: usize, quote: u8) -> Option<usize> {
        let mut at = from;
        loop {
            match *self.text.get(at)? {
                b'\n' => return None,
                b'\\' => at += 2,
                byte => {
                    at += 1;
                    if byte == quote {
                        return Some(at);
                    }
                }
            }
        }
    }
}

/// `true` if `first` and `second` begin a placeholder, and `true` if they open a bracket.
fn fills(first: u8, second: u8, fill: Fill) -> (bool, bool) {
    match (fill, first, second) {
        (Fill::DollarBraces | Fill::Dollar, b'$', b'{')
        | (Fill::Dollar, b'$', b'(')
        | (Fill::HashBraces, b'#', b'{') => (true, true),
        (Fill::Dollar, b'$', name) => (name.is_ascii_alphabetic() || name == b'_', false),
        _ => (false, false),
    }
}
