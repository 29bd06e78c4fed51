//! The bodies of here-documents: the lines after `<<EOF` up to the line `EOF`.

use super::{
    environment,
    heredoc::{Heredoc, Purpose},
    lexer::Within,
    parser::Parser,
};
use crate::{language::extract::Extract, model::Span};

impl Parser<'_> {
    /// Reads the bodies of the here-documents that began on the previous line.
    pub fn bodies(&mut self) {
        for heredoc in std::mem::take(&mut self.heredocs) {
            let start = self.at;
            let mut end = start;
            while end < self.end {
                let line_end = self.line_end(end);
                self.at = (line_end + 1).min(self.end);
                if heredoc.ends_with(&self.text[end..line_end]) {
                    break;
                }
                end = self.at;
            }
            self.body(&heredoc, Span::new(start, end));
        }
    }

    fn body(&mut self, heredoc: &Heredoc, body: Span) {
        if !heredoc.is_quoted {
            self.substitutions(body);
        }
        match &heredoc.purpose {
            Purpose::Data => {}
            Purpose::Script => self.read_script(&self.unescaped(body, heredoc.is_quoted)),
            Purpose::Environment => {
                let lines = self.unescaped(body, heredoc.is_quoted);
                lines.hand_over(environment::read_lines(&lines.text), &mut self.facts);
            }
            Purpose::Code(file) => {
                let code = self.unescaped(body, heredoc.is_quoted);
                self.add_code(&code, file, !heredoc.is_quoted);
            }
        }
    }

    /// Reads the command substitutions in a here-document.
    fn substitutions(&mut self, body: Span) {
        let after = (self.at, self.end);
        (self.at, self.end) = (body.start, body.end);
        self.deeper(|parser| parser.word(Within::Document));
        (self.at, self.end) = after;
    }

    /// The body as the command sees it, with expansions unchanged.
    fn unescaped(&self, body: Span, is_quoted: bool) -> Extract {
        let mut extract = Extract::default();
        let mut at = body.start;
        while !is_quoted && let Some(offset) = memchr::memchr(b'\\', &self.text[at..body.end]) {
            let slash = at + offset;
            extract.copy(self.text, Span::new(at, slash));
            at = (slash + 2).min(body.end);
            match self.text[slash + 1..at].first() {
                Some(b'$' | b'`' | b'\\') => {
                    extract.replace(&self.text[slash + 1..at], Span::new(slash, at));
                }
                Some(b'\n') => {}
                _ => extract.copy(self.text, Span::new(slash, at)),
            }
        }
        extract.copy(self.text, Span::new(at, body.end));
        extract
    }
}
