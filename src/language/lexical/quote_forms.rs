//! String literals whose closer depends on the opener, and regular expressions.

use super::{
    grammar::Trait,
    lexer::Lexer,
    literal::{Escapes, Fill},
    token::{Kind, StringToken, Tokens},
    unclosed::MOST_FAILURES,
};
use crate::model::Span;

/// Maximum number of `#` in `r####"…"####`.
const MOST_MARKS: usize = 16;
/// Maximum length in bytes of a heredoc's delimiter.
const LONGEST_WORD: usize = 64;

impl<'a> Lexer<'a> {
    /// `true` if the quote here opens a character, not a lifetime.
    pub(super) fn is_character(&self) -> bool {
        let rest = &self.text[self.at + 1..];
        match rest.first() {
            Some(b'\\') => true,
            Some(_) => {
                let wide = rest.iter().skip(1).take_while(|byte| **byte & 0xc0 == 0x80).count();
                rest.get(1 + wide) == Some(&b'\'')
            }
            None => false,
        }
    }

    /// `?x`: a character, unless the `?` is that of `a ? b : c`.
    pub(super) fn character(&mut self, tokens: &mut Tokens<'a>, before: Kind) -> bool {
        let start = self.at;
        let (character, after) = (self.peek(1), self.peek(2));
        let is_choice = before.ends_value() && !(before == Kind::Name && self.spaced);
        let is_word = after.is_ascii_alphanumeric() || after == b'_';
        if is_choice || is_word || !character.is_ascii_graphic() || character == b'\\' {
            return false;
        }
        self.at += 2;
        self.push_string(tokens, start, plain(Span::new(start + 1, start + 2)));
        true
    }

    /// `r##"…"##`, `##"…"##`: the `#` are at the current position; a prefix may precede them.
    pub(super) fn hash_string(&mut self, tokens: &mut Tokens<'a>, start: usize) -> bool {
        let marks =
            self.text[self.at..].iter().take(MOST_MARKS).take_while(|b| **b == b'#').count();
        let rest = &self.text[self.at + marks..];
        if rest.first() != Some(&b'"') || self.unclosed.failures > MOST_FAILURES {
            return false;
        }
        let quotes = if marks > 0 && rest.starts_with(b"\"\"\"") { 3 } else { 1 };
        let mut close = vec![b'"'; quotes];
        close.extend(std::iter::repeat_n(b'#', marks));
        let content = self.at + marks + quotes;
        self.until(tokens, start, content, &close)
    }

    /// `R"name(…)name"`: the quote is at the current position.
    pub(super) fn delimited_string(&mut self, tokens: &mut Tokens<'a>, start: usize) -> bool {
        let rest = &self.text[self.at + 1..];
        let Some(length) = rest.iter().take(MOST_MARKS + 1).position(|byte| *byte == b'(') else {
            return false;
        };
        let close = [b")", &rest[..length], b"\""].concat();
        self.until(tokens, start, self.at + 1 + length + 1, &close)
    }

    /// `r"---(…)---"`: the quote is at the current position.
    pub(super) fn r_string(&mut self, tokens: &mut Tokens<'a>, start: usize) -> bool {
        let quote = self.peek(0);
        let dashes =
            self.text[self.at + 1..].iter().take(MOST_MARKS).take_while(|b| **b == b'-').count();
        let closer = match self.peek(1 + dashes) {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            _ => return false,
        };
        let mut close = vec![closer];
        close.extend(std::iter::repeat_n(b'-', dashes));
        close.push(quote);
        self.until(tokens, start, self.at + dashes + 2, &close)
    }

    /// `[==[ … ]==]`
    pub(super) fn long_bracket(&mut self, tokens: &mut Tokens<'a>) -> bool {
        let start = self.at;
        let marks =
            self.text[start + 1..].iter().take(MOST_MARKS).take_while(|b| **b == b'=').count();
        if self.peek(1 + marks) != b'[' {
            return false;
        }
        let mut close = vec![b']'];
        close.extend(std::iter::repeat_n(b'=', marks));
        close.push(b']');
        self.until(tokens, start, start + marks + 2, &close)
    }

    /// Reads the raw string from `content` to `close`.
    fn until(
        &mut self,
        tokens: &mut Tokens<'a>,
        start: usize,
        content: usize,
        close: &[u8],
    ) -> bool {
        if self.unclosed.failures > MOST_FAILURES || content > self.text.len() {
            return false;
        }
        let Some(length) = memchr::memmem::find(&self.text[content..], close) else {
            self.unclosed.failures += 1;
            return false;
        };
        self.at = content + length + close.len();
        self.push_string(tokens, start, plain(Span::new(content, content + length)));
        true
    }

    /// `@"…"`, `$"…"`, `$@"…"`, `$"""…"""`
    pub(super) fn csharp_string(&mut self, tokens: &mut Tokens<'a>) -> bool {
        let start = self.at;
        let marks =
            self.text[start..].iter().take(3).take_while(|b| matches!(b, b'@' | b'$')).count();
        let letters = &self.text[start..start + marks];
        let fill = if letters.contains(&b'$') { Fill::Braces } else { Fill::None };
        let (close, escapes, lines): (&[u8], _, _) =
            match (&self.text[start + marks..], letters.contains(&b'@')) {
                ([b'"', b'"', b'"', ..], _) => (b"\"\"\"", Escapes::None, true),
                ([b'"', ..], true) => (b"\"", Escapes::Doubled, true),
                ([b'"', ..], false) => (b"\"", Escapes::Backslash, false),
                _ => return false,
            };
        if self.unclosed.failures > MOST_FAILURES {
            return false;
        }
        let content = start + marks + close.len();
        let Some(found) = self.close_of(content, close, lines, escapes, fill) else {
            self.unclosed.failures += usize::from(lines);
            return false;
        };
        self.at = found.end;
        let text = StringToken {
            escapes,
            fill,
            is_filled: found.is_filled,
            ..plain(Span::new(content, found.content_end))
        };
        self.push_string(tokens, start, text);
        true
    }

    /// `:name`, `:"name"`
    pub(super) fn symbol(&mut self, tokens: &mut Tokens<'a>, before: Kind) -> bool {
        let start = self.at;
        let follows_value = before.ends_value() && !self.spaced;
        let name = self.text[start + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        if name == 0 || follows_value || before == Kind::Colon {
            return false;
        }
        self.at = start + 1 + name;
        self.push_string(tokens, start, plain(Span::new(start + 1, self.at)));
        true
    }

    /// `%q(…)`, `%Q(…)`, `%(…)`, `%x(…)`; lists of words are skipped.
    pub(super) fn percent_string(&mut self, tokens: &mut Tokens<'a>, before: Kind) -> bool {
        let start = self.at;
        if before.ends_value() && !(before == Kind::Name && self.spaced) {
            return false;
        }
        let letter = self.peek(1);
        let (opener_at, is_plain) = match letter {
            b'q' => (2, true),
            b'Q' | b'x' => (2, false),
            b'(' | b'{' | b'[' => (1, false),
            _ => return false,
        };
        let closer = match self.peek(opener_at) {
            b'(' => b')',
            b'{' => b'}',
            b'[' => b']',
            b'|' => b'|',
            b'!' => b'!',
            _ => return false,
        };
        if self.unclosed.failures > MOST_FAILURES {
            return false;
        }
        let content = start + opener_at + 1;
        let fill = if is_plain { Fill::None } else { Fill::HashBraces };
        let escapes = if is_plain { Escapes::QuoteOnly } else { Escapes::Backslash };
        let Some(found) = self.close_of(content, &[closer], true, escapes, fill) else {
            self.unclosed.failures += 1;
            return false;
        };
        self.at = found.end;
        let text = StringToken {
            escapes,
            fill,
            is_filled: found.is_filled,
            is_command: letter == b'x',
            ..plain(Span::new(content, found.content_end))
        };
        self.push_string(tokens, start, text);
        true
    }

    /// Ruby's `<<~EOT`, whose content starts on the next line, and PHP's `<<<EOT`.
    pub(super) fn heredoc(&mut self, tokens: &mut Tokens<'a>) -> bool {
        let is_late = self.grammar.has(Trait::LateHeredocs);
        if !is_late && !self.grammar.has(Trait::Heredocs) || self.unclosed.failures > MOST_FAILURES
        {
            return false;
        }
        let start = self.at;
        let mut at = start + 2;
        let byte = |at: usize| self.text.get(at).copied().unwrap_or(0);
        let is_marked = if is_late { matches!(byte(at), b'~' | b'-') } else { byte(at) == b'<' };
        if !is_late && !is_marked {
            return false;
        }
        at += usize::from(is_marked);
        while !is_late && byte(at) == b' ' {
            at += 1;
        }
        let quote = Some(byte(at)).filter(|quote| matches!(quote, b'"' | b'\''));
        at += usize::from(quote.is_some());
        let length = self.text[at..]
            .iter()
            .take(LONGEST_WORD)
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        // `list <<item` is an operator.
        if length == 0 || !is_marked && quote.is_none() && !byte(at).is_ascii_uppercase() {
            return false;
        }
        let word = &self.text[at..at + length];
        self.at = at + length + usize::from(quote.is_some());
        let is_raw = quote == Some(b'\'');
        let fill = match (is_raw, is_late) {
            (true, _) => Fill::None,
            (_, true) => Fill::HashBraces,
            (_, false) => Fill::Dollar,
        };
        let text = StringToken {
            escapes: if is_raw { Escapes::None } else { Escapes::Backslash },
            fill,
            ..plain(Span::new(self.at, self.at))
        };
        self.pending.push((tokens.strings.len() as u32, word));
        self.push_string(tokens, start, text);
        if !is_late {
            self.at += memchr::memchr(b'\n', &self.text[self.at..]).map_or(0, |end| end + 1);
            self.heredoc_bodies(tokens);
            if let Some(token) = tokens.list.last_mut() {
                token.end = self.at as u32;
            }
        }
        true
    }

    /// Reads the content of the heredocs that began on the previous line.
    pub(super) fn heredoc_bodies(&mut self, tokens: &mut Tokens<'a>) {
        for (number, word) in std::mem::take(&mut self.pending) {
            let start = self.at;
            let Some((end, after)) = self.closing_line(start, word) else {
                self.unclosed.failures += 1;
                continue;
            };
            self.at = after;
            if let Some(text) = tokens.strings.get_mut(number as usize) {
                text.content = Span::new(start, end);
                let content = &self.text[start..end];
                text.is_filled = match text.fill {
                    Fill::HashBraces => memchr::memmem::find(content, b"#{").is_some(),
                    Fill::Dollar => memchr::memchr(b'$', content).is_some(),
                    _ => false,
                };
            }
        }
    }

    /// The line that consists of `word`: the end of the content before it, and the end of `word`.
    fn closing_line(&self, start: usize, word: &[u8]) -> Option<(usize, usize)> {
        let found = memchr::memmem::find_iter(&self.text[start..], word).map(|at| start + at);
        for at in found {
            let before = self.text[start..at].trim_ascii_end().len() + start;
            let line = memchr::memrchr(b'\n', &self.text[before..at]).map(|end| before + end);
            let is_alone = line.is_some() || before == start;
            let after = self.text.get(at + word.len()).copied().unwrap_or(b'\n');
            if is_alone && !after.is_ascii_alphanumeric() && after != b'_' {
                return Some((line.unwrap_or(start), at + word.len()));
            }
        }
        None
    }

    /// `/…/`, with its flags, on one line.
    pub(super) fn pattern(&mut self, tokens: &mut Tokens<'a>) -> bool {
        let start = self.at;
        if start < self.unclosed.pattern_until {
            return false;
        }
        let mut is_class = false;
        let mut at = start + 1;
        while let Some(byte) = self.text.get(at).copied() {
            match byte {
                b'\n' => break,
                b'\\' => at += 1,
                b'[' => is_class = true,
                b']' => is_class = false,
                b'/' if !is_class => {
                    let flags =
                        self.text[at + 1..].iter().take_while(|b| b.is_ascii_lowercase()).count();
                    self.at = at + 1 + flags;
                    self.push(tokens, Kind::Other, start);
                    return true;
                }
                _ => {}
            }
            at += 1;
        }
        self.unclosed.pattern_until = at;
        false
    }
}

fn plain(content: Span) -> StringToken {
    StringToken {
        content,
        escapes: Escapes::None,
        fill: Fill::None,
        is_filled: false,
        is_command: false,
        quote: b'"',
    }
}
