//! TOML: tables, dotted keys, arrays and inline tables.

#[cfg(test)]
mod tests;

use super::{
    comment_form::CommentForm,
    data::Data,
    files::Files,
    tree::{
        Form, LineEnds, MAX_DEPTH, Name, NodeId, Shape, Text, Tree, is_number, line_end,
        skip_blanks, trim_blanks,
    },
};
use crate::model::{Span, ValueKind, text_start};
use std::collections::HashMap;

/// TOML.
pub struct Toml;

impl Data for Toml {
    fn name(&self) -> &'static str {
        "toml"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            names: &["pipfile", "cargo.lock", "poetry.lock", "uv.lock", "pdm.lock", ".replit"],
            endings: &["toml"],
            inside: &[".toml."],
            ..Files::NONE
        };
        &FILES
    }

    fn tree<'t>(&self, text: &'t [u8]) -> Tree<'t> {
        tree(text)
    }
}

/// The tree of a text.
pub fn tree(source: &[u8]) -> Tree<'_> {
    let mut parser = Parser {
        source,
        tree: Tree::new(source),
        table: 0,
        arrays: HashMap::new(),
        frames: Vec::new(),
        lines: LineEnds::default(),
    };
    parser.tree.set(0, Shape::Map);
    let mut at = text_start(source);
    while at < source.len() && !parser.tree.is_full() {
        at = parser.line(at);
    }
    parser.tree
}

struct Parser<'a> {
    source: &'a [u8],
    tree: Tree<'a>,
    /// The table that the next keys belong to.
    table: NodeId,
    /// Number of tables of each array of tables so far, by its path.
    arrays: HashMap<Vec<u8>, usize>,
    frames: Vec<Frame>,
    lines: LineEnds,
}

/// An unclosed array or inline table.
struct Frame {
    node: NodeId,
    is_map: bool,
    entries: usize,
    /// The entry that the next value belongs to.
    open: Option<NodeId>,
}

impl Parser<'_> {
    /// Reads the line at `at`, with the further lines of its value, and returns the start of the
    /// next one.
    fn line(&mut self, at: usize) -> usize {
        let (end, next) = self.lines.of(self.source, at);
        let start = skip_blanks(self.source, at, end);
        match self.source.get(start..end).and_then(<[u8]>::first) {
            None => next,
            Some(b'#') => {
                self.tree.comments.push(Span::new(start, end));
                next
            }
            Some(b'[') => {
                self.header(start, end);
                next
            }
            Some(_) => {
                let Some((keys, equals)) = keys(self.source, start, end) else { return next };
                if self.source.get(equals) != Some(&b'=') {
                    return next;
                }
                let node = self.descend(self.table, &keys);
                let after = self.value(node, equals + 1);
                self.rest_of_line(after)
            }
        }
    }

    /// The start of the line after the one at `at`. A comment on the rest of the line is recorded.
    fn rest_of_line(&mut self, at: usize) -> usize {
        let (end, next) = self.lines.of(self.source, at);
        let rest = skip_blanks(self.source, at.min(end), end);
        if rest < end && self.source[rest] == b'#' {
            self.tree.comments.push(Span::new(rest, end));
        }
        next
    }

    /// `[table]` and `[[array of tables]]`.
    fn header(&mut self, at: usize, end: usize) {
        let is_array = self.source.get(at + 1) == Some(&b'[');
        let start = at + 1 + usize::from(is_array);
        let Some((keys, _)) = keys(self.source, start, end) else { return };
        let mut node = 0;
        let mut path = Vec::new();
        for (index, key) in keys.iter().take(MAX_DEPTH).enumerate() {
            node = self.tree.add(node, Name::Key(*key));
            path.push(b'\0');
            path.extend_from_slice(key.span.slice(self.source));
            let is_last = index + 1 == keys.len();
            if is_last && is_array {
                *self.arrays.entry(path.clone()).or_insert(0) += 1;
            }
            match self.arrays.get(&path) {
                Some(count) => {
                    self.tree.contain(node, Shape::List);
                    node = self.tree.add(node, Name::Entry(count - 1));
                }
                None => self.tree.contain(node, Shape::Map),
            }
        }
        self.tree.contain(node, Shape::Map);
        self.table = node;
    }

    /// The node of a dotted key in a table; missing containers are added.
    fn descend(&mut self, table: NodeId, keys: &[Text]) -> NodeId {
        let mut node = table;
        for (depth, key) in keys.iter().enumerate() {
            // Beyond the limit, the names are siblings.
            let container = if depth < MAX_DEPTH { node } else { table };
            self.tree.contain(container, Shape::Map);
            node = self.tree.add(container, Name::Key(*key));
        }
        node
    }

    /// Reads the value at `at`, and returns the offset after it.
    fn value(&mut self, node: NodeId, at: usize) -> usize {
        let mut at = self.scalar_or_open(node, at);
        let mut beyond = 0usize;
        while !self.frames.is_empty() && at < self.source.len() && !self.tree.is_full() {
            match self.source[at] {
                b' ' | b'\t' | b'\r' => at += 1,
                b'\n' => {
                    if self.leaves(at + 1) {
                        break;
                    }
                    at += 1;
                }
                b'#' => {
                    let (end, _) = self.lines.of(self.source, at);
                    self.tree.comments.push(Span::new(at, end));
                    at = end;
                }
                b',' => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.open = None;
                    }
                    at += 1;
                }
                b']' | b'}' => {
                    at += 1;
                    if beyond > 0 {
                        beyond -= 1;
                    } else if let Some(frame) = self.frames.pop() {
                        self.tree.drop_if_bare(frame.node);
                    }
                }
                b'[' | b'{' if self.frames.len() >= MAX_DEPTH => {
                    beyond += 1;
                    at += 1;
                }
                _ => at = self.entry(at),
            }
        }
        self.frames.clear();
        at
    }

    /// Reads an entry of the innermost open array or inline table.
    fn entry(&mut self, at: usize) -> usize {
        let (end, _) = self.lines.of(self.source, at);
        let Some(frame) = self.frames.last_mut() else { return end };
        if frame.is_map && frame.open.is_none() {
            let container = frame.node;
            let Some((keys, equals)) = keys(self.source, at, end) else { return at + 1 };
            let node = self.descend(container, &keys);
            if let Some(frame) = self.frames.last_mut() {
                frame.open = Some(node);
            }
            return if self.source.get(equals) == Some(&b'=') {
                equals + 1
            } else {
                equals.max(at + 1)
            };
        }
        if let Some(node) = frame.open.take() {
            return self.scalar_or_open(node, at);
        }
        let (container, index) = (frame.node, frame.entries);
        frame.entries += 1;
        let node = self.tree.add(container, Name::Entry(index));
        let after = self.scalar_or_open(node, at);
        // A list of numbers has no facts, and may be very long.
        if self.tree.scalar(node).is_some_and(|scalar| scalar.kind.is_some()) {
            self.tree.drop_if_bare(node);
        }
        after
    }

    /// `true` if the line at `line` cannot belong to the open value: it begins a table, or a key at
    /// the position of an array entry.
    fn leaves(&self, line: usize) -> bool {
        let (end, _) = line_end(self.source, line, self.source.len());
        let start = skip_blanks(self.source, line, end);
        let text = &self.source[start..end];
        match text.first() {
            Some(b'[') => {
                let name = text.trim_ascii_end();
                let inner = name.strip_prefix(b"[").and_then(|name| name.strip_suffix(b"]"));
                inner.is_some_and(|inner| {
                    inner
                        .trim_ascii_start()
                        .first()
                        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'[')
                        && !matches!(inner, b"true" | b"false")
                        && !inner.contains(&b',')
                        && start == line
                })
            }
            Some(first) if first.is_ascii_alphabetic() => {
                self.frames.iter().all(|frame| !frame.is_map)
                    && keys(self.source, start, end)
                        .is_some_and(|(_, equals)| self.source.get(equals) == Some(&b'='))
            }
            _ => false,
        }
    }

    /// Reads the scalar at `at` into `node`, or opens the container that begins there.
    fn scalar_or_open(&mut self, node: NodeId, at: usize) -> usize {
        let (end, _) = self.lines.of(self.source, at);
        let at = skip_blanks(self.source, at, end);
        if at >= end {
            return end;
        }
        match self.source[at] {
            opening @ (b'[' | b'{') => {
                let is_map = opening == b'{';
                self.tree.contain(node, if is_map { Shape::Map } else { Shape::List });
                self.frames.push(Frame { node, is_map, entries: 0, open: None });
                at + 1
            }
            b'"' | b'\'' => {
                let (text, after) = string(self.source, at, end);
                self.tree.set_scalar(node, text, Span::new(at, after), None);
                after
            }
            b'#' => at,
            _ => {
                let stop = self.bare_end(at, end);
                let span = Span::new(at, trim_blanks(self.source, at, stop));
                let kind = match span.slice(self.source) {
                    b"true" | b"false" => Some(ValueKind::Constant),
                    word => is_number(word).then_some(ValueKind::Number),
                };
                self.tree.set_scalar(node, Tree::verbatim(span), span, kind);
                stop.max(at + 1)
            }
        }
    }

    /// The end of an unquoted value.
    fn bare_end(&self, at: usize, end: usize) -> usize {
        let in_frame = !self.frames.is_empty();
        let stops = |byte: &u8| *byte == b'#' || (in_frame && matches!(byte, b',' | b']' | b'}'));
        self.source[at..end].iter().position(stops).map_or(end, |offset| at + offset)
    }
}

/// Maximum number of parts of a dotted name.
const MAX_KEYS: usize = 1024;

/// The parts of the dotted key at `at`, and the offset after it.
fn keys(source: &[u8], at: usize, end: usize) -> Option<(Vec<Text>, usize)> {
    let mut keys = Vec::new();
    let mut at = at;
    loop {
        at = skip_blanks(source, at, end);
        let (text, after) = match *source.get(..end)?.get(at)? {
            b'"' | b'\'' => string(source, at, end),
            _ => {
                let is_bare = |b: &&u8| !b.is_ascii_whitespace() && !b".=[]{},#\"'".contains(b);
                let length = source[at..end].iter().take_while(is_bare).count();
                (Tree::verbatim(Span::new(at, at + length)), at + length)
            }
        };
        if after == at || after > end {
            return None;
        }
        // Beyond the limit only the last part is kept, because it names the value.
        if keys.len() > MAX_KEYS {
            keys.pop();
        }
        keys.push(text);
        at = skip_blanks(source, after, end);
        if source.get(..end)?.get(at) != Some(&b'.') {
            return Some((keys, at));
        }
        at += 1;
    }
}

/// The string at `at`, on the line that ends at `end`, and the offset after it. An unclosed one
/// ends with its line.
fn string(source: &[u8], at: usize, end: usize) -> (Text, usize) {
    let quote = source[at];
    let form = if quote == b'"' { Form::Toml } else { Form::Verbatim };
    let triple = [quote; 3];
    if source[at..].starts_with(&triple)
        && let Some(close) = close_triple(source, at + 3, quote)
    {
        let mut start = at + 3;
        start += usize::from(source[start..].starts_with(b"\r\n"));
        start += usize::from(source.get(start) == Some(&b'\n'));
        return (Text { span: Span::new(start, close), form }, close + 3);
    }
    let mut from = at + 1;
    while let Some(offset) =
        source.get(from..end).and_then(|rest| memchr::memchr2(quote, b'\\', rest))
    {
        let found = from + offset;
        if source[found] == quote {
            return (Text { span: Span::new(at + 1, found), form }, found + 1);
        }
        from = found + if quote == b'"' { 2 } else { 1 };
    }
    (Text { span: Span::new(at + 1, end), form }, end)
}

fn close_triple(source: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut from = from;
    loop {
        let found = from + memchr::memchr2(quote, b'\\', source.get(from..)?)?;
        if source[found] == b'\\' {
            from = found + if quote == b'"' { 2 } else { 1 };
        } else if source[found..].starts_with(&[quote; 3]) {
            // Up to two quotes may precede the three closing ones.
            let more = source[found + 3..].iter().take(2).take_while(|b| **b == quote).count();
            return Some(found + more);
        } else {
            from = found + 1;
        }
    }
}
