//! Quotes, escapes and variables in PowerShell.

use super::{Reading, word::PowerWord};
use crate::model::Span;

impl Reading<'_> {
    /// The word that starts here. A variable, or a name in a hash table, ends before `=`.
    pub fn word(&mut self, is_key: bool) -> PowerWord {
        let mut word = PowerWord::new(self.at);
        let ends_at_equals = is_key || self.peek(0) == Some(b'$');
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\'' => self.single_quoted(&mut word),
                b'"' => self.double_quoted(&mut word),
                b'@' if matches!(self.peek(1), Some(b'"' | b'\'')) => self.here_string(&mut word),
                b'`' => self.escape(&mut word),
                b'$' => self.variable(&mut word),
                _ if byte.is_ascii_whitespace() || b";|&(){},".contains(&byte) => break,
                b'>' | b'<' if word.span.start < self.at => break,
                b'=' if ends_at_equals => break,
                b'+' if ends_at_equals && self.peek(1) == Some(b'=') => break,
                _ => {
                    word.extract.copy(self.text, Span::new(self.at, self.at + 1));
                    self.at += 1;
                }
            }
        }
        word.span.end = self.at;
        word
    }

    /// Adds a text in single quotes, in which `''` is a quote.
    fn single_quoted(&mut self, word: &mut PowerWord) {
        word.is_quoted = true;
        self.at += 1;
        let limit = self.quote_limit(b'\'');
        while self.at < limit {
            let rest = &self.text[self.at..limit];
            let length = memchr::memchr(b'\'', rest).unwrap_or(rest.len());
            word.extract.copy(self.text, Span::new(self.at, self.at + length));
            self.at += length;
            if self.text[self.at..limit].starts_with(b"''") {
                word.extract.replace(b"'", Span::new(self.at, self.at + 2));
                self.at += 2;
            } else {
                self.at = (self.at + 1).min(limit);
                return;
            }
        }
    }

    /// Adds a text in double quotes, in which variables are expanded.
    fn double_quoted(&mut self, word: &mut PowerWord) {
        word.is_quoted = true;
        self.at += 1;
        let limit = self.quote_limit(b'"');
        while self.at < limit {
            match self.text[self.at] {
                b'"' if self.peek(1) == Some(b'"') => {
                    word.extract.replace(b"\"", Span::new(self.at, self.at + 2));
                    self.at += 2;
                }
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'`' => self.escape(word),
                b'$' => self.variable(word),
                _ => {
                    let rest = &self.text[self.at..limit];
                    let length = memchr::memchr3(b'"', b'`', b'$', rest).unwrap_or(rest.len());
                    word.extract.copy(self.text, Span::new(self.at, self.at + length));
                    self.at += length;
                }
            }
        }
    }

    /// The limit for the quote that starts here: the end of its line if it is unclosed.
    fn quote_limit(&mut self, quote: u8) -> usize {
        let slot = usize::from(quote == b'"');
        if self.next_quote[slot].is_none_or(|next| next < self.at) {
            let rest = &self.text[self.at..];
            let found = memchr::memchr(quote, rest).map_or(usize::MAX, |offset| self.at + offset);
            self.next_quote[slot] = Some(found);
        }
        if self.next_quote[slot] == Some(usize::MAX) { self.line_end() } else { self.text.len() }
    }

    /// Adds a here-string: from `@"` to the line that starts with `"@`.
    fn here_string(&mut self, word: &mut PowerWord) {
        word.is_quoted = true;
        let quote = self.text[self.at + 1];
        let close = [b'\n', quote, b'@'];
        let line_end = self.line_end();
        let end = memchr::memmem::find(&self.text[line_end..], &close);
        // An unclosed string extends to the end, as in PowerShell.
        let end = end.map_or(self.text.len(), |offset| line_end + offset);
        self.at = (line_end + 1).min(end);
        while self.at < end {
            let rest = &self.text[self.at..end];
            let special = if quote == b'"' { memchr::memchr2(b'$', b'`', rest) } else { None };
            let length = special.unwrap_or(rest.len());
            word.extract.copy(self.text, Span::new(self.at, self.at + length));
            self.at += length;
            match self.text[self.at..end].first() {
                Some(b'$') => self.variable(word),
                Some(_) => self.escape(word),
                None => {}
            }
        }
        self.at = self.at.max((end + close.len()).min(self.text.len()));
    }

    /// Adds the byte that a backtick escapes, or nothing for a line continuation.
    fn escape(&mut self, word: &mut PowerWord) {
        let length = match (self.peek(1), self.peek(2)) {
            (Some(b'\r'), Some(b'\n')) => 3,
            (Some(_), _) => 2,
            (None, _) => 1,
        };
        let source = Span::new(self.at, self.at + length);
        match self.peek(1) {
            Some(b'\r' | b'\n') | None => {}
            Some(b'n') => word.extract.replace(b"\n", source),
            Some(b't') => word.extract.replace(b"\t", source),
            Some(b'r') => word.extract.replace(b"\r", source),
            Some(b'0') => word.extract.replace(b"\0", source),
            Some(byte) => word.extract.replace(&[byte], source),
        }
        self.at += length;
    }

    /// Adds the `$name`, `${name}`, `$(…)` or template that starts here.
    fn variable(&mut self, word: &mut PowerWord) {
        let start = self.at;
        let rest = &self.text[start..];
        let window = &rest[..rest.len().min(super::MAX_BRACES)];
        let braced = |close: &[u8]| memchr::memmem::find(window, close).map(|at| at + close.len());
        let length = if rest.starts_with(b"${{") {
            braced(b"}}")
        } else if rest.starts_with(b"${") {
            braced(b"}")
        } else if rest.starts_with(b"$(") {
            self.subexpression(start + 2);
            Some(self.at - start)
        } else {
            let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_:".contains(byte);
            let is_member = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_:.[]'".contains(byte);
            let name = &rest[1..];
            let length = if word.is_quoted {
                name.iter().take_while(is_part).count()
            } else {
                name.iter().take_while(is_member).count()
            };
            (length > 0).then_some(length + 1)
        };
        match length {
            Some(length) => {
                self.at = start + length;
                word.push_expansion(self.text, Span::new(start, self.at));
            }
            None => {
                self.at = start + 1;
                word.extract.copy(self.text, Span::new(start, self.at));
            }
        }
    }

    /// Reads the commands of `$(…)`, whose content starts at `start`, and moves past it.
    fn subexpression(&mut self, start: usize) {
        let mut depth = 1usize;
        let mut end = start;
        while let Some(byte) = self.text.get(end) {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            end += 1;
        }
        self.inner(Span::new(start, end));
        self.at = (end + 1).min(self.text.len());
    }
}
