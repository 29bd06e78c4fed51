//! Expressions and here-documents.

use super::{Kind, MAX_EXPRESSION, MAX_OPEN_HEREDOCS, Parser};
use crate::{
    language::tree::{
        Form, Name, Node, NodeId, Text, Tree, is_number, line_end, skip_blanks, trim_blanks,
    },
    model::{Span, ValueKind},
};

impl Parser<'_> {
    /// `true` if the value ends at `at`.
    pub(super) fn ends_value(&self, at: usize, end: usize) -> bool {
        let at = skip_blanks(self.source, at, end);
        match self.source.get(..end).and_then(|line| line.get(at)) {
            None => true,
            Some(b'/') => matches!(self.source.get(at + 1), Some(b'/' | b'*')),
            Some(byte) => b",}])#:".contains(byte) || self.source[at..end].starts_with(b"=>"),
        }
    }

    /// Reads an expression: a number, a constant or a look-up. Enters the calls in it.
    pub(super) fn expression(&mut self, at: usize, end: usize) -> usize {
        let stop = self.expression_end(at, end.min(at + MAX_EXPRESSION));
        let span = Span::new(at, trim_blanks(self.source, at, stop));
        let frame_is_call = self.frames.last().is_some_and(|frame| frame.kind == Kind::Call);
        let place = if frame_is_call { None } else { self.place() };
        if let Some(node) = place.filter(|_| !span.is_empty()) {
            let kind = match span.slice(self.source) {
                b"true" | b"false" | b"null" => ValueKind::Constant,
                word if is_number(word) => ValueKind::Number,
                _ => ValueKind::Lookup,
            };
            self.tree.set_scalar(node, Tree::verbatim(span), span, Some(kind));
            self.default_in(node, span);
            // The text up to the end of the line or entry belongs to it.
            if let Some(frame) = self.frames.last_mut() {
                frame.open = Some(node);
            }
        }
        let first = self.first_opening(at, stop);
        if first < stop {
            return first;
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.open = None;
        }
        stop.max(at + 1)
    }

    /// Adds the literal at the end of an expression as another value of `node`:
    /// `coalesce(var.token, "…")`, `var.token != "" ? var.token : "…"`.
    fn default_in(&mut self, node: NodeId, span: Span) {
        let text = span.slice(self.source);
        let is_call = text.starts_with(b"coalesce(") || text.starts_with(b"try(");
        let mark = match (is_call, memchr::memchr(b'?', text)) {
            (true, _) => b',',
            (false, Some(_)) => b':',
            _ => return,
        };
        let mut from = span.start;
        let mut last = None;
        while let Some(offset) = memchr::memchr(b'"', &self.source[from..span.end]) {
            let start = from + offset;
            let Some((text, after)) = self.string(start) else { return };
            last = Some((text, start, after));
            from = after.max(start + 1).min(span.end);
        }
        let Some((text, start, after)) = last else { return };
        let before = self.source[span.start..start].trim_ascii_end();
        let rest = self.source[after.min(span.end)..span.end].trim_ascii();
        let ends = if is_call { rest == b")" } else { rest.is_empty() };
        if !ends || before.last() != Some(&mark) {
            return;
        }
        let Node { parent, name, .. } = self.tree.node(node);
        if matches!(name, Name::Key(_)) {
            let other = self.tree.add(parent, name);
            self.tree.set_scalar(other, text, Span::new(start, after), None);
        }
    }

    /// The end of the part of an expression on its line: before a comma, a closing bracket or a
    /// comment.
    pub(super) fn expression_end(&mut self, at: usize, end: usize) -> usize {
        let mut depth = 0usize;
        let mut from = at;
        while from < end {
            match self.source[from] {
                b'"' => {
                    from = self.string(from).map_or(from + 1, |(_, after)| after);
                    continue;
                }
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => {
                    if depth == 0 {
                        return from;
                    }
                    depth -= 1;
                }
                b',' | b'#' if depth == 0 => return from,
                b'/' if self.source[from..end].starts_with(b"//") => return from,
                _ => {}
            }
            from += 1;
        }
        from.min(end)
    }

    /// The first call or container in an expression. An index is neither.
    pub(super) fn first_opening(&mut self, at: usize, end: usize) -> usize {
        let mut from = at;
        while from < end {
            match self.source[from] {
                b'"' => {
                    from = self.string(from).map_or(from + 1, |(_, after)| after);
                    continue;
                }
                b'(' | b'{' if from > at => return from,
                b'[' if from > at && !self.is_index(from) => return from,
                _ => {}
            }
            from += 1;
        }
        end
    }

    pub(super) fn is_index(&self, at: usize) -> bool {
        let before = self.source[at - 1];
        before.is_ascii_alphanumeric() || matches!(before, b'_' | b']' | b')' | b'"')
    }

    /// Reads `<<EOT` or `<<-EOT` at `at`, on the line that ends at `end`.
    pub(super) fn heredoc(&mut self, at: usize, end: usize) -> Option<usize> {
        if self.open_heredocs >= MAX_OPEN_HEREDOCS {
            return None;
        }
        let is_dedented = self.source.get(at + 2) == Some(&b'-');
        let start = at + 2 + usize::from(is_dedented);
        let mark = self.source.get(start..end)?.trim_ascii();
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        if mark.is_empty() || !mark.iter().all(is_name) {
            return None;
        }
        let body = line_end(self.source, at, self.source.len()).1;
        let mut line = body;
        while line < self.source.len() {
            let (line_stop, next) = line_end(self.source, line, self.source.len());
            if self.source[line..line_stop].trim_ascii() == mark {
                let form = if is_dedented { Form::Dedented } else { Form::Verbatim };
                let first = if is_dedented { skip_blanks(self.source, body, line) } else { body };
                let text =
                    Text { span: Span::new(first.min(line), line.max(first.min(line))), form };
                if let Some(node) = self.place() {
                    self.tree.set_scalar(node, text, Span::new(at, line_stop), None);
                }
                return Some(line_stop);
            }
            line = next;
        }
        self.open_heredocs += 1;
        None
    }
}
