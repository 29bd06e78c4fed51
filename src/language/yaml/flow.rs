//! Flow style: `[a, b]` and `{ a: b }`, on one or several lines.

use super::plain::{self, Templates};
use crate::{
    language::tree::{
        Form, LineEnds, MAX_DEPTH, Name, NodeId, Shape, Text, Tree, skip_blanks, trim_blanks,
    },
    model::{Span, ValueKind},
};

/// Reads one flow collection into a tree.
pub struct Flow<'t, 'a> {
    source: &'a [u8],
    tree: &'t mut Tree<'a>,
    /// The column of the entry that has the collection as its value.
    indent: Option<usize>,
    frames: Vec<Frame>,
    /// Number of open brackets beyond the depth limit.
    beyond: usize,
    /// The kind that a tag gives to the next value.
    tagged: Option<ValueKind>,
    templates: Templates,
    lines: LineEnds,
    comments: Vec<Span>,
}

struct Frame {
    node: NodeId,
    is_map: bool,
    entries: usize,
    /// The entry that the next value belongs to.
    open: Option<NodeId>,
}

impl<'t, 'a> Flow<'t, 'a> {
    /// A reader of the value of an entry at the column `indent`.
    pub fn new(source: &'a [u8], tree: &'t mut Tree<'a>, indent: Option<usize>) -> Self {
        Self {
            source,
            tree,
            indent,
            frames: Vec::new(),
            beyond: 0,
            tagged: None,
            templates: Templates::default(),
            lines: LineEnds::default(),
            comments: Vec::new(),
        }
    }

    /// Reads the collection whose bracket is at `at` into `node`. Returns its end and the comments
    /// in it. An unclosed one ends at the first line at the column of its entry.
    pub fn read(mut self, node: NodeId, at: usize) -> (usize, Vec<Span>) {
        self.push(node, self.source[at] == b'{');
        let mut at = at + 1;
        while at < self.source.len() && !self.frames.is_empty() && !self.tree.is_full() {
            match self.source[at] {
                b' ' | b'\t' | b'\r' => at += 1,
                b'\n' => {
                    if self.leaves(at + 1) {
                        return (at, self.comments);
                    }
                    at += 1;
                }
                b'#' if self.source[at - 1].is_ascii_whitespace() => {
                    let (end, _) = self.lines.of(self.source, at);
                    self.comments.push(Span::new(at, end));
                    at = end;
                }
                b',' => {
                    self.end_entry();
                    at += 1;
                }
                b':' => at += 1,
                b'[' => at = self.open(at, false),
                b'{' if self.source.get(at + 1) != Some(&b'{') => at = self.open(at, true),
                b']' | b'}' => {
                    self.close();
                    at += 1;
                }
                b'&' | b'!' => {
                    let (end, _) = self.lines.of(self.source, at);
                    let (after, kind) = plain::properties(self.source, at, end);
                    self.tagged = kind.or(self.tagged);
                    at = after.max(at + 1);
                }
                b'?' if self.source.get(at + 1) == Some(&b' ') => at += 2,
                _ => at = self.scalar(at),
            }
        }
        (at, self.comments)
    }

    fn push(&mut self, node: NodeId, is_map: bool) {
        self.tree.contain(node, if is_map { Shape::Map } else { Shape::List });
        self.frames.push(Frame { node, is_map, entries: 0, open: None });
    }

    fn open(&mut self, at: usize, is_map: bool) -> usize {
        if self.frames.len() >= MAX_DEPTH {
            self.beyond += 1;
        } else {
            let node = self.place();
            self.push(node, is_map);
        }
        at + 1
    }

    fn close(&mut self) {
        self.tagged = None;
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(frame) = self.frames.pop()
            && frame.entries == 0
        {
            self.tree.drop_if_bare(frame.node);
        }
    }

    fn end_entry(&mut self) {
        self.tagged = None;
        if let Some(frame) = self.frames.last_mut() {
            frame.open = None;
        }
    }

    /// The node of the next value.
    fn place(&mut self) -> NodeId {
        let Some(frame) = self.frames.last_mut() else { return 0 };
        if let Some(node) = frame.open.take() {
            return node;
        }
        let name = Name::Entry(frame.entries);
        frame.entries += 1;
        let container = frame.node;
        self.tree.add(container, name)
    }

    /// A scalar at `at`: a key if a `:` follows it, a value otherwise.
    fn scalar(&mut self, at: usize) -> usize {
        let quote = self.source[at];
        let (text, end) =
            if matches!(quote, b'"' | b'\'') { self.quoted(at) } else { self.plain(at) };
        let is_quoted = text.form != Form::Verbatim && text.form != Form::YamlPlain;
        let colon = skip_blanks(self.source, end, self.source.len());
        let is_key = self.source.get(colon) == Some(&b':')
            && (is_quoted || ends_key(self.source.get(colon + 1)));
        if is_key {
            self.key(text);
            return colon + 1;
        }
        let is_bare_key =
            self.frames.last().is_some_and(|frame| frame.is_map && frame.open.is_none());
        if is_bare_key && self.beyond == 0 {
            self.key(text);
            self.end_entry();
            return end;
        }
        let kind = if is_quoted { None } else { self.kind_of(text.span) };
        let kind = self.tagged.take().or(kind);
        let node = self.place();
        self.tree.set_scalar(node, text, Span::new(at, end), kind);
        end
    }

    fn kind_of(&self, span: Span) -> Option<ValueKind> {
        let text = span.slice(self.source);
        if text.starts_with(b"*") { Some(ValueKind::Lookup) } else { plain::kind_of_plain(text) }
    }

    fn key(&mut self, text: Text) {
        let Some(frame) = self.frames.last_mut() else { return };
        let mut container = frame.node;
        frame.entries += 1;
        if !frame.is_map && self.beyond == 0 {
            // `[a: b]` is a list of one-entry mappings.
            container = self.tree.add(container, Name::Entry(frame.entries - 1));
            self.tree.set(container, Shape::Map);
        }
        frame.open = Some(self.tree.add(container, Name::Key(text)));
    }

    fn quoted(&mut self, at: usize) -> (Text, usize) {
        let form = if self.source[at] == b'"' { Form::YamlDouble } else { Form::YamlSingle };
        match plain::close_quote_over_lines(self.source, at, self.indent, &mut self.lines) {
            Some(close) => (Text { span: Span::new(at + 1, close), form }, close + 1),
            None => {
                let (end, _) = self.lines.of(self.source, at);
                (Text { span: Span::new(at + 1, end), form }, end)
            }
        }
    }

    /// `true` if the line at `line` is not part of the collection: it begins an entry at the column
    /// of the collection's own. Quoted keys are excluded, because JSON is often not indented.
    fn leaves(&self, line: usize) -> bool {
        let content = skip_blanks(self.source, line, self.source.len());
        !matches!(self.source.get(content), Some(b'"' | b'\''))
            && plain::leaves(self.source, line, self.indent)
    }

    /// A plain scalar, with the lines that continue it, and the offset after it.
    fn plain(&mut self, at: usize) -> (Text, usize) {
        let first = self.plain_line(at);
        let mut end = first;
        loop {
            let newline = skip_blanks(self.source, end, self.source.len());
            let newline = newline + usize::from(self.source.get(newline) == Some(&b'\r'));
            if self.source.get(newline) != Some(&b'\n') || self.leaves(newline + 1) {
                break;
            }
            let next = skip_blanks(self.source, newline + 1, self.source.len());
            let ends = matches!(
                self.source.get(next),
                None | Some(
                    b',' | b']' | b'}' | b'[' | b'{' | b'#' | b':' | b'"' | b'\'' | b'\n' | b'\r'
                )
            );
            if ends {
                break;
            }
            end = self.plain_line(next);
        }
        let form = if end == first { Form::Verbatim } else { Form::YamlPlain };
        (Text { span: Span::new(at, end), form }, end)
    }

    /// The end of the part of a plain scalar on the line of `at`.
    fn plain_line(&mut self, at: usize) -> usize {
        let (line, _) = self.lines.of(self.source, at);
        let mut end = at;
        while end < line {
            match self.source[end] {
                b',' | b'[' | b']' | b'}' if end > at => break,
                b':' if end > at && ends_key(self.source.get(end + 1)) => break,
                b'#' if end > at && matches!(self.source[end - 1], b' ' | b'\t') => break,
                b'{' => match self.templates.skip(self.source, end, line) {
                    Some(after) => end = after,
                    // The `}` of `${NAME}` does not end the enclosing mapping.
                    None if end > at && self.source[end - 1] == b'$' => {
                        end = memchr::memchr(b'}', &self.source[end..line])
                            .map_or(line, |close| end + close + 1);
                    }
                    None => end += 1,
                },
                _ => end += 1,
            }
        }
        trim_blanks(self.source, at, end).max(at + 1).min(line.max(at + 1))
    }
}

/// `true` if a `:` before `next` ends a plain key.
fn ends_key(next: Option<&u8>) -> bool {
    next.is_none_or(|byte| {
        byte.is_ascii_whitespace() || matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
    })
}
