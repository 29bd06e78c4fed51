//! Block style: mappings and sequences by their indentation.

use super::{flow::Flow, plain};
use crate::{
    language::tree::{
        Form, LineEnds, MAX_DEPTH, Name, NodeId, Shape, Text, Tree, line_end, skip_blanks,
    },
    model::{Span, ValueKind, text_start},
};

/// The tree of a text, which may hold several documents.
pub fn tree(source: &[u8]) -> Tree<'_> {
    let mut block = Block { source, tree: Tree::new(source), levels: Vec::new(), at: 0 };
    block.begin_document(0);
    block.at = text_start(source);
    while block.at < source.len() && !block.tree.is_full() {
        block.line();
    }
    block.tree
}

/// An open mapping or sequence, and its column.
struct Level {
    /// The column of its entries; `None` for a document.
    indent: Option<usize>,
    /// The container.
    node: NodeId,
    is_list: bool,
    /// Number of entries.
    entries: usize,
    /// The last entry, which contains more deeply indented lines.
    open: NodeId,
}

pub(super) struct Block<'a> {
    pub(super) source: &'a [u8],
    pub(super) tree: Tree<'a>,
    levels: Vec<Level>,
    /// The start of the next line.
    pub(super) at: usize,
}

impl Block<'_> {
    fn begin_document(&mut self, node: NodeId) {
        self.levels.clear();
        self.levels.push(Level { indent: None, node, is_list: false, entries: 0, open: node });
    }

    /// Reads the line at `at`, with the further lines of its value.
    fn line(&mut self) {
        let start = self.at;
        let (end, next) = line_end(self.source, start, self.source.len());
        self.at = next;
        let content = skip_blanks(self.source, start, end);
        let line = &self.source[content..end];
        if line.is_empty() || is_foreign(line) {
            return;
        }
        if line[0] == b'#' {
            self.tree.comments.push(Span::new(content, end));
            return;
        }
        if content == start && self.is_marker(start, end) {
            return;
        }
        self.content(start, content, end);
    }

    /// `true` for `---`, `...`, `%YAML` and merge conflict markers.
    fn is_marker(&mut self, start: usize, end: usize) -> bool {
        let line = &self.source[start..end];
        if line.starts_with(b"%") || is_conflict_mark(line) {
            return true;
        }
        let is_mark = matches!(line.get(3), None | Some(b' ' | b'\t'));
        if is_mark && line.starts_with(b"...") {
            return true;
        }
        if !(is_mark && line.starts_with(b"---")) {
            return false;
        }
        let document = if self.tree.len() == 1 { 0 } else { self.tree.add_document() };
        self.begin_document(document);
        let value = skip_blanks(self.source, start + 3, end);
        if value < end {
            self.value(document, value, end, None);
        }
        true
    }

    /// Reads the content at `at` on the line from `start` to `end`: dashes, a key, a value.
    fn content(&mut self, start: usize, mut at: usize, end: usize) {
        loop {
            let indent = at - start;
            let is_mark =
                matches!(self.source.get(at + 1), None | Some(b' ' | b'\t' | b'\r' | b'\n'));
            match self.source[at] {
                b'-' if is_mark => {
                    let node = self.list_entry(indent);
                    at = skip_blanks(self.source, at + 1, end);
                    if at >= end || self.is_comment(at, end) {
                        return;
                    }
                    let after = plain::properties(self.source, at, end).0;
                    // The dash is tested first, because the search for a key reads the whole line.
                    let nests = after < end
                        && (plain::is_dash(self.source, after)
                            || plain::key(self.source, after, end).is_some());
                    if !nests {
                        self.value(node, at, end, Some(indent));
                        return;
                    }
                    at = after;
                    if self.tree.is_full() {
                        return;
                    }
                }
                b'?' if is_mark => {
                    self.complex_key(indent, at, end);
                    return;
                }
                b':' if is_mark => {
                    self.complex_value(indent, at, end);
                    return;
                }
                _ => {
                    self.entry_or_text(indent, at, end);
                    return;
                }
            }
        }
    }

    fn is_comment(&mut self, at: usize, end: usize) -> bool {
        let is_comment = self.source[at] == b'#';
        if is_comment {
            self.tree.comments.push(Span::new(at, end));
        }
        is_comment
    }

    fn entry_or_text(&mut self, indent: usize, at: usize, end: usize) {
        if let Some(key) = plain::key(self.source, at, end) {
            let node = self.map_entry(indent, key.text);
            let value = skip_blanks(self.source, key.after, end);
            self.value(node, value, end, Some(indent));
            return;
        }
        // A value on its own line belongs to the entry above it, if that has no value.
        while self.levels.last().is_some_and(|top| top.indent.is_some_and(|own| own >= indent)) {
            self.levels.pop();
        }
        let Some((node, own)) = self.levels.last().map(|top| (top.open, top.indent)) else {
            return;
        };
        if matches!(self.tree.node(node).shape, Shape::Missing) {
            self.value(node, at, end, own);
        }
    }

    /// Adds an entry of the sequence at column `indent`.
    fn list_entry(&mut self, indent: usize) -> NodeId {
        self.close_deeper(indent);
        let is_open =
            self.levels.last().is_some_and(|top| top.indent == Some(indent) && top.is_list);
        if !is_open {
            self.open(indent, true);
        }
        let Some(top) = self.levels.last_mut() else { return 0 };
        let (node, index) = (top.node, top.entries);
        top.entries += 1;
        let entry = self.tree.add(node, Name::Entry(index));
        if let Some(top) = self.levels.last_mut() {
            top.open = entry;
        }
        entry
    }

    /// Adds an entry of the mapping at column `indent`.
    fn map_entry(&mut self, indent: usize, key: Text) -> NodeId {
        self.close_deeper(indent);
        // A sequence may be at the column of the mapping whose value it is.
        if self.levels.last().is_some_and(|top| top.indent == Some(indent) && top.is_list) {
            self.levels.pop();
        }
        let is_open = self.levels.last().is_some_and(|top| top.indent == Some(indent));
        if !is_open {
            self.open(indent, false);
        }
        let Some(node) = self.levels.last().map(|top| top.node) else { return 0 };
        let entry = self.tree.add(node, Name::Key(key));
        if let Some(top) = self.levels.last_mut() {
            top.open = entry;
        }
        entry
    }

    fn close_deeper(&mut self, indent: usize) {
        while self.levels.last().is_some_and(|top| top.indent.is_some_and(|own| own > indent)) {
            self.levels.pop();
        }
    }

    /// Opens a container as the value of the last entry. Beyond the depth limit, the enclosing
    /// container receives its entries.
    fn open(&mut self, indent: usize, is_list: bool) {
        let Some(top) = self.levels.last() else { return };
        if self.levels.len() > MAX_DEPTH {
            return;
        }
        let node = top.open;
        self.tree.contain(node, if is_list { Shape::List } else { Shape::Map });
        self.levels.push(Level { indent: Some(indent), node, is_list, entries: 0, open: node });
    }

    /// `? key`: the key alone; its value follows a `:` at the same column.
    fn complex_key(&mut self, indent: usize, at: usize, end: usize) {
        let start = skip_blanks(self.source, at + 1, end);
        if start >= end {
            return;
        }
        let text = match self.source[start] {
            b'"' | b'\'' => match plain::close_quote(self.source, start, end) {
                Some(close) => Text { span: Span::new(start + 1, close), form: Form::YamlDouble },
                None => Tree::verbatim(Span::new(start, end)),
            },
            _ => Tree::verbatim(Span::new(start, plain::plain_end(self.source, start, end).0)),
        };
        self.map_entry(indent, text);
    }

    /// `: value` after `? key` at the same column.
    fn complex_value(&mut self, indent: usize, at: usize, end: usize) {
        self.close_deeper(indent);
        let Some(top) = self.levels.last() else { return };
        if top.indent == Some(indent) && !top.is_list {
            let node = top.open;
            let value = skip_blanks(self.source, at + 1, end);
            self.value(node, value, end, Some(indent));
        }
    }

    /// Reads the value of `node` that begins at `at` on the line that ends at `end`;
    /// `indent` is the column of the entry.
    fn value(&mut self, node: NodeId, at: usize, end: usize, indent: Option<usize>) {
        let (at, kind) = plain::properties(self.source, at, end);
        if at >= end || self.is_comment(at, end) {
            return;
        }
        let is_block = matches!(self.source[at], b'|' | b'>');
        if is_block && self.block_scalar(node, at, end, indent, kind) {
            return;
        }
        match self.source[at] {
            b'"' | b'\'' => self.quoted(node, at, end, indent, kind),
            b'[' | b'{' if !self.source[at..].starts_with(b"{{") => {
                let (after, comments) =
                    Flow::new(self.source, &mut self.tree, indent).read(node, at);
                self.tree.comments.extend(comments);
                self.go_on_after(after);
            }
            b'*' => {
                let span = Span::new(at, plain::plain_end(self.source, at, end).0);
                let text = Tree::verbatim(span);
                self.tree.set_scalar(node, text, span, Some(ValueKind::Lookup));
            }
            _ => self.plain(node, at, end, indent, kind),
        }
    }

    /// Continues with the line after the one that contains `place`. The rest of that line is
    /// skipped, except for a comment.
    fn go_on_after(&mut self, place: usize) {
        let (end, next) = line_end(self.source, place.min(self.source.len()), self.source.len());
        let rest = skip_blanks(self.source, place.min(end), end);
        if self.source.get(rest) == Some(&b'#') && rest > place {
            self.tree.comments.push(Span::new(rest, end));
        }
        self.at = next;
    }

    fn quoted(
        &mut self,
        node: NodeId,
        at: usize,
        end: usize,
        indent: Option<usize>,
        kind: Option<ValueKind>,
    ) {
        let form = if self.source[at] == b'"' { Form::YamlDouble } else { Form::YamlSingle };
        let mut lines = LineEnds::default();
        let (close, outer) =
            match plain::close_quote_over_lines(self.source, at, indent, &mut lines) {
                Some(close) => (close, close + 1),
                // Unclosed: the rest of the line is the value, and reading continues on the next
                // line.
                None => (end, end),
            };
        let text = Text { span: Span::new(at + 1, close), form };
        self.tree.set_scalar(node, text, Span::new(at, outer), kind);
        self.go_on_after(outer);
    }

    fn plain(
        &mut self,
        node: NodeId,
        at: usize,
        end: usize,
        indent: Option<usize>,
        kind: Option<ValueKind>,
    ) {
        let (mut stop, comment) = plain::plain_end(self.source, at, end);
        let first = stop;
        if let Some(comment) = comment {
            self.tree.comments.push(Span::new(comment, end));
        } else {
            let mut next_line = self.at;
            while let Some((content, line, next)) = self.next_filled_line(next_line) {
                let column = content - line.start;
                let goes_on = indent.is_none_or(|own| column > own)
                    && self.source[content] != b'#'
                    && !is_foreign(&self.source[content..line.end])
                    && !self.source[line.start..].starts_with(b"---")
                    && !self.source[line.start..].starts_with(b"...")
                    && plain::key(self.source, content, line.end).is_none();
                if !goes_on {
                    break;
                }
                let (line_stop, comment) = plain::plain_end(self.source, content, line.end);
                stop = line_stop;
                self.at = next;
                next_line = next;
                if let Some(comment) = comment {
                    self.tree.comments.push(Span::new(comment, line.end));
                    break;
                }
            }
        }
        let span = Span::new(at, stop);
        let form = if stop == first { Form::Verbatim } else { Form::YamlPlain };
        let kind = kind.or_else(|| plain::kind_of_plain(span.slice(self.source)));
        self.tree.set_scalar(node, Text { span, form }, span, kind);
    }

    /// The next line that is not blank: the start of its content, its span, and the start of the
    /// line after it.
    pub(super) fn next_filled_line(&self, mut at: usize) -> Option<(usize, Span, usize)> {
        while at < self.source.len() {
            let (end, next) = line_end(self.source, at, self.source.len());
            let content = skip_blanks(self.source, at, end);
            if content < end {
                return Some((content, Span::new(at, end), next));
            }
            at = next;
        }
        None
    }
}

/// `true` if a line belongs to a template language: `{{- if … }}`, `{% for … %}`, `{# … #}`.
pub(super) fn is_foreign(line: &[u8]) -> bool {
    if line.starts_with(b"{%") || line.starts_with(b"{#") {
        return true;
    }
    if !line.starts_with(b"{{") {
        return false;
    }
    // `{{ .Values.key }}: value` is an entry with a template as its name.
    memchr::memmem::find(line, b"}}").is_none_or(|at| {
        let rest = line[at + 2..].trim_ascii();
        rest.is_empty() || rest.starts_with(b"#") || rest.starts_with(b"{{")
    })
}

pub(super) fn is_conflict_mark(line: &[u8]) -> bool {
    [b"<<<<<<<".as_slice(), b"=======", b">>>>>>>", b"|||||||"]
        .iter()
        .any(|mark| line.starts_with(mark) && matches!(line.get(7), None | Some(b' ' | b'\r')))
}
