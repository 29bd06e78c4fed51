//! Splits a script into words: quotes, escapes, and the bytes between them.

use super::{
    ahead::{MAX_QUOTED_LINES, Mark},
    parser::Parser,
    word::ShellWord,
};
use crate::model::Span;

/// Maximum length in bytes of a pattern in parentheses.
const MAX_GLOB: usize = 256;

/// The context of a word or a part of one, which determines where it ends and how its bytes are
/// read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// Between blanks.
    Line,
    /// Between the double brackets of a condition, where `<` and `(` are not operators.
    Condition,
    /// Between double quotes.
    DoubleQuotes,
    /// Between the braces of `${…}`.
    Braces,
    /// Between the braces of `"${…}"`, where `'` is not a quote.
    QuotedBraces,
    /// In a here-document, up to the end of the part being read.
    Document,
    /// In a value that extends to the end of its line, regardless of its content.
    Rest,
}

impl Within {
    /// `true` if a backslash only escapes the few bytes that are special in this context.
    fn is_quoted(self) -> bool {
        matches!(self, Within::DoubleQuotes | Within::QuotedBraces | Within::Document)
    }

    fn ends_at(self, byte: u8) -> bool {
        match self {
            Within::Line => is_blank(byte) || b"\n;&|<>()".contains(&byte),
            Within::Condition => is_blank(byte) || byte == b'\n',
            Within::DoubleQuotes => byte == b'"',
            Within::Braces | Within::QuotedBraces => byte == b'}',
            Within::Document | Within::Rest => false,
        }
    }
}

/// `true` if `byte` separates words. A carriage return does too, so that scripts with Windows line
/// ends are supported.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
}

impl Parser<'_> {
    /// Skips blanks and line continuations.
    pub fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                _ if is_blank(byte) => self.at += 1,
                b'\\' if self.continuation().is_some() => {
                    self.skip(self.continuation().unwrap_or(1));
                }
                _ => break,
            }
        }
    }

    /// The length of the line continuation that starts here: `\` and a line end.
    fn continuation(&self) -> Option<usize> {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (Some(b'\\'), Some(b'\n'), _) => Some(2),
            (Some(b'\\'), Some(b'\r'), Some(b'\n')) => Some(3),
            _ => None,
        }
    }

    /// The word that starts here and ends before the first byte that cannot be part of it.
    pub fn word(&mut self, within: Within) -> ShellWord {
        let mut word = ShellWord::new(self.at);
        self.lex(&mut word, within);
        word.span.end = self.at;
        word
    }

    /// Appends bytes to `word` up to the byte that ends it, which is not consumed.
    pub fn lex(&mut self, word: &mut ShellWord, within: Within) {
        let mut lines = 0;
        while let Some(byte) = self.peek(0) {
            if within.ends_at(byte) && !self.is_glob(word, within, byte) {
                break;
            }
            match byte {
                b'\'' if !within.is_quoted() => self.single_quoted(word),
                b'"' if within == Within::QuotedBraces => self.at += 1,
                b'"' if within != Within::Document => self.double_quoted(word),
                b'\\' => self.escape(word, within),
                b'$' | b'`' => self.expansion(word, within),
                b'{' if self.peek(1) == Some(b'{') && self.template(word, b"") => {}
                b'(' if within == Within::Line => self.glob(word),
                b'\n' if within == Within::DoubleQuotes && lines >= MAX_QUOTED_LINES => break,
                _ => {
                    lines += usize::from(byte == b'\n');
                    self.plain(word, within);
                }
            }
        }
    }

    /// Appends the bytes up to the next special byte.
    fn plain(&mut self, word: &mut ShellWord, within: Within) {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            if within.ends_at(byte) || b"'\"\\$`{(\n".contains(&byte) {
                break;
            }
            self.at += 1;
        }
        word.extract.copy(self.text, Span::new(start, self.at));
    }

    /// `true` if `(` opens a pattern such as `!(*.md)` or, in zsh, `*(.)`.
    fn is_glob(&self, word: &ShellWord, within: Within, byte: u8) -> bool {
        within == Within::Line
            && byte == b'('
            && self.peek(1) != Some(b')')
            && matches!(word.text().last(), Some(b'@' | b'?' | b'*' | b'+' | b'!'))
    }

    /// Appends a pattern in parentheses that ends on its line.
    fn glob(&mut self, word: &mut ShellWord) {
        let window = &self.text[self.at..self.end.min(self.at + MAX_GLOB)];
        let length = memchr::memchr2(b')', b'\n', window)
            .filter(|close| window[*close] == b')')
            .map_or(1, |close| close + 1);
        word.extract.copy(self.text, Span::new(self.at, self.at + length));
        self.skip(length);
    }

    /// Appends a text in single quotes. Only templates that are filled in before the shell reads
    /// the script are special in it.
    fn single_quoted(&mut self, word: &mut ShellWord) {
        word.ends_plain();
        self.at += 1;
        loop {
            let close = self.closing(Mark::Quote, self.at);
            let end = close.unwrap_or_else(|| self.line_end(self.at));
            let part = &self.text[self.at..end];
            let dollar = if self.is_recipe { memchr::memchr(b'$', part) } else { None };
            match memchr::memmem::find(&part[..dollar.unwrap_or(part.len())], b"{{") {
                None if let Some(offset) = dollar => {
                    word.extract.copy(self.text, Span::new(self.at, self.at + offset));
                    self.at += offset;
                    self.quoted_reference(word);
                }
                Some(offset) => {
                    let with_dollar = offset > 0 && part[offset - 1] == b'$';
                    let start = self.at + offset - usize::from(with_dollar);
                    word.extract.copy(self.text, Span::new(self.at, start));
                    self.at = start;
                    if !self.template(word, if with_dollar { b"$" } else { b"" }) {
                        let length = 2 + usize::from(with_dollar);
                        word.extract.copy(self.text, Span::new(start, start + length));
                        self.skip(length);
                    }
                }
                None => {
                    word.extract.copy(self.text, Span::new(self.at, end));
                    self.at = end;
                    self.skip(usize::from(close.is_some()));
                    return;
                }
            }
        }
    }

    /// Appends the reference of `make` whose `$` is here, between single quotes.
    fn quoted_reference(&mut self, word: &mut ShellWord) {
        if self.peek(1) == Some(b'$') {
            word.extract.replace(b"$", Span::new(self.at, self.at + 2));
            self.at += 2;
        } else {
            self.make_reference(word);
        }
    }

    /// Appends a text in double quotes; an unclosed one ends with its line.
    pub fn double_quoted(&mut self, word: &mut ShellWord) {
        word.ends_plain();
        self.at += 1;
        let whole_end = self.end;
        if self.closing(Mark::DoubleQuote, self.at).is_none() {
            self.end = self.line_end(self.at);
        }
        if self.deeper(|parser| parser.lex(word, Within::DoubleQuotes)).is_none() {
            let start = self.at;
            let rest = &self.text[start..self.end];
            let length = memchr::memchr2(b'"', b'\n', rest).unwrap_or(rest.len());
            self.at += length;
            word.extract.copy(self.text, Span::new(start, self.at));
        }
        self.end = whole_end;
        if self.peek(0) == Some(b'"') {
            self.at += 1;
        }
    }

    /// Appends the byte that a backslash escapes.
    fn escape(&mut self, word: &mut ShellWord, within: Within) {
        word.ends_plain();
        if let Some(length) = self.continuation() {
            return self.skip(length);
        }
        let protected = match self.peek(1) {
            Some(next) if !within.is_quoted() => Some(next),
            Some(next) if b"$`\\".contains(&next) => Some(next),
            Some(b'"') if within != Within::Document => Some(b'"'),
            Some(b'}') if within == Within::QuotedBraces => Some(b'}'),
            _ => None,
        };
        match protected {
            Some(byte) => {
                word.extract.replace(&[byte], Span::new(self.at, self.at + 2));
                self.skip(2);
            }
            None => {
                word.extract.copy(self.text, Span::new(self.at, self.at + 1));
                self.at += 1;
            }
        }
    }

    /// Appends a text in `$'…'`, in which a backslash starts an escape as in C.
    pub fn ansi_quoted(&mut self, word: &mut ShellWord) {
        word.ends_plain();
        self.at += 2;
        let end = match self.closing(Mark::Quote, self.at) {
            Some(_) => self.end,
            None => self.line_end(self.at),
        };
        while self.at < end {
            match self.text[self.at] {
                b'\'' => {
                    self.at += 1;
                    return;
                }
                b'\\' => {
                    let rest = &self.text[self.at..end];
                    let (bytes, length) = super::ansi::escape(rest);
                    word.extract.replace(&bytes, Span::new(self.at, self.at + length));
                    self.skip(length);
                }
                _ => {
                    let rest = &self.text[self.at..end];
                    let length = memchr::memchr2(b'\'', b'\\', rest).unwrap_or(rest.len());
                    word.extract.copy(self.text, Span::new(self.at, self.at + length));
                    self.at += length;
                }
            }
        }
    }
}
