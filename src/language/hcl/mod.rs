//! HCL: Terraform, Nomad, Packer and the like.

mod expression;

#[cfg(test)]
mod tests;

use super::{
    comment_form::CommentForm,
    data::Data,
    files::Files,
    tree::{
        Form, LineEnds, MAX_DEPTH, Name, NodeId, Shape, Text, Tree, line_end, skip_blanks,
        trim_blanks,
    },
};
use crate::model::{Span, text_start};

/// HCL.
pub struct Hcl;

/// Maximum length in bytes of the text kept for a value that is an expression.
const MAX_EXPRESSION: usize = 256;

/// Number of unclosed here-documents after which `<<` no longer opens one, since each costs a
/// search to the end of the text.
const MAX_OPEN_HEREDOCS: usize = 4;

impl Data for Hcl {
    fn name(&self) -> &'static str {
        "hcl"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            names: &[".terraformrc", "terraform.rc"],
            endings: &["tf", "tfvars", "hcl", "nomad", "tofu", "pkrvars"],
            inside: &[".tfvars.", ".tf."],
            except: &["json"],
            ..Files::NONE
        };
        &FILES
    }

    fn tree<'t>(&self, text: &'t [u8]) -> Tree<'t> {
        tree(text)
    }
}

/// The tree of a text: a block is a map under its type and labels.
pub fn tree(source: &[u8]) -> Tree<'_> {
    let mut parser = Parser {
        source,
        tree: Tree::new(source),
        frames: Vec::new(),
        beyond: 0,
        open_heredocs: 0,
        lines: LineEnds::default(),
        unclosed: usize::MAX,
    };
    parser.tree.set(0, Shape::Map);
    parser.frames.push(Frame { node: 0, kind: Kind::Map, entries: 0, open: None });
    let mut at = text_start(source);
    while at < source.len() && !parser.tree.is_full() {
        at = parser.token(at).max(at + 1);
    }
    parser.tree
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A body or an object.
    Map,
    List,
    /// The arguments of a call, of which only containers matter.
    Call,
}

/// An unclosed container or call.
struct Frame {
    node: NodeId,
    kind: Kind,
    entries: usize,
    /// The entry that the next value belongs to.
    open: Option<NodeId>,
}

struct Parser<'a> {
    source: &'a [u8],
    tree: Tree<'a>,
    frames: Vec<Frame>,
    /// Number of open brackets beyond the depth limit.
    beyond: usize,
    open_heredocs: usize,
    lines: LineEnds,
    /// The end of the line with the last unclosed quote.
    unclosed: usize,
}

impl Parser<'_> {
    /// Reads the token at `at`, and returns the offset after it.
    fn token(&mut self, at: usize) -> usize {
        match self.source[at] {
            b' ' | b'\t' | b'\r' => at + 1,
            b'\n' | b',' => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.open = None;
                }
                at + 1
            }
            b'#' => self.comment(at),
            b'/' if matches!(self.source.get(at + 1), Some(b'/' | b'*')) => self.comment(at),
            b'}' | b']' | b')' => self.close(at),
            _ if self.takes_key() => self.key(at),
            _ => self.value(at),
        }
    }

    fn takes_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.kind == Kind::Map && frame.open.is_none())
    }

    fn comment(&mut self, at: usize) -> usize {
        let rest = &self.source[at..];
        let end = if rest.starts_with(b"/*") {
            memchr::memmem::find(rest, b"*/").map_or(self.source.len(), |close| at + close + 2)
        } else {
            line_end(self.source, at, self.source.len()).0
        };
        self.tree.comments.push(Span::new(at, end));
        end
    }

    fn close(&mut self, at: usize) -> usize {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if self.frames.len() > 1 {
            self.frames.pop();
        }
        at + 1
    }

    fn push(&mut self, node: NodeId, kind: Kind) {
        if self.frames.len() >= MAX_DEPTH {
            self.beyond += 1;
            return;
        }
        match kind {
            Kind::Map => self.tree.contain(node, Shape::Map),
            Kind::List => self.tree.contain(node, Shape::List),
            Kind::Call => {}
        }
        self.frames.push(Frame { node, kind, entries: 0, open: None });
    }

    /// Reads `name = …`, `"name": …` or `type "label" { …`.
    fn key(&mut self, at: usize) -> usize {
        let (end, _) = self.lines.of(self.source, at);
        let Some(frame) = self.frames.last() else { return end };
        let mut node = frame.node;
        let mut from = at;
        for part in 0.. {
            let Some((text, after)) = self.word(from, end).filter(|_| part < 8) else {
                return self.skip(from, end);
            };
            node = self.tree.add(node, Name::Key(text));
            from = skip_blanks(self.source, after, end);
            match self.source.get(..end).and_then(|line| line.get(from)) {
                Some(b'=' | b':') if self.source.get(from + 1) != Some(&b'=') && part == 0 => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.open = Some(node);
                    }
                    let arrow = usize::from(self.source.get(from + 1) == Some(&b'>'));
                    return from + 1 + arrow;
                }
                Some(b'{') => {
                    self.push(node, Kind::Map);
                    return from + 1;
                }
                None | Some(b',' | b'}') => return from,
                _ => self.tree.contain(node, Shape::Map),
            }
        }
        end
    }

    /// Skips invalid text, up to a byte that may begin a token.
    fn skip(&self, at: usize, end: usize) -> usize {
        let rest = &self.source[at.min(end)..end];
        rest.iter()
            .position(|byte| b"{}[](),".contains(byte))
            .map_or(end, |offset| at + offset.max(1))
    }

    /// The name or quoted text at `at`, and the offset after it.
    fn word(&mut self, at: usize, end: usize) -> Option<(Text, usize)> {
        if self.source.get(..end)?.get(at)? == &b'"' {
            return self.string(at);
        }
        let is_part =
            |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-./*".contains(byte) || **byte > 127;
        let length = self.source[at..end].iter().take_while(is_part).count();
        let span = Span::new(at, at + length);
        (length > 0).then(|| (Tree::verbatim(span), span.end))
    }

    /// The quoted text at `at`, which ends on its line, and the offset after it.
    fn string(&mut self, at: usize) -> Option<(Text, usize)> {
        let (line, _) = self.lines.of(self.source, at);
        // After one unclosed text on a line, further ones on it are rarely closed.
        let end = if line == self.unclosed { line.min(at + MAX_EXPRESSION) } else { line };
        // `${ … }` may contain nested texts.
        let mut braces: Vec<usize> = Vec::new();
        let mut depth = 0usize;
        let mut in_text = true;
        let mut from = at + 1;
        while from < end {
            let byte = self.source[from];
            let next = self.source.get(from + 1);
            from += 1;
            match byte {
                b'\\' if in_text => from += 1,
                b'"' if in_text && braces.is_empty() => {
                    let text = Text { span: Span::new(at + 1, from - 1), form: Form::Hcl };
                    return Some((text, from));
                }
                b'"' => in_text = !in_text,
                b'$' | b'%' if in_text && next == Some(&b'{') && self.source[from - 2] != byte => {
                    braces.push(depth);
                    depth = 0;
                    in_text = false;
                    from += 1;
                }
                b'{' if !in_text => depth += 1,
                b'}' if !in_text => {
                    if depth > 0 {
                        depth -= 1;
                    } else if let Some(outer) = braces.pop() {
                        depth = outer;
                        in_text = true;
                    }
                }
                _ => {}
            }
        }
        self.unclosed = line;
        None
    }

    /// The node of the next value; `None` among the arguments of a call.
    fn place(&mut self) -> Option<NodeId> {
        let frame = self.frames.last_mut()?;
        if let Some(node) = frame.open.take() {
            return Some(node);
        }
        if frame.kind != Kind::List {
            return None;
        }
        let (container, index) = (frame.node, frame.entries);
        frame.entries += 1;
        Some(self.tree.add(container, Name::Entry(index)))
    }

    fn value(&mut self, at: usize) -> usize {
        let (end, _) = self.lines.of(self.source, at);
        match self.source[at] {
            b'{' | b'[' => {
                let is_call = self.frames.last().is_some_and(|frame| frame.kind == Kind::Call);
                let own = self.frames.last().map_or(0, |frame| frame.node);
                let node = if is_call { own } else { self.place().unwrap_or(own) };
                self.push(node, if self.source[at] == b'{' { Kind::Map } else { Kind::List });
                at + 1
            }
            b'(' => {
                let own = self.frames.last().map_or(0, |frame| frame.open.unwrap_or(frame.node));
                self.push(own, Kind::Call);
                at + 1
            }
            b'<' if self.source.get(at + 1) == Some(&b'<') => {
                self.heredoc(at, end).unwrap_or_else(|| self.expression(at, end))
            }
            b'"' => {
                let Some((text, after)) = self.string(at) else {
                    // Unclosed: the rest of the line is the value.
                    if let Some(node) = self.place() {
                        let span = Span::new(at + 1, trim_blanks(self.source, at + 1, end));
                        self.tree.set_scalar(
                            node,
                            Tree::verbatim(span),
                            Span::new(at, span.end),
                            None,
                        );
                    }
                    return end;
                };
                if !self.ends_value(after, end) {
                    return self.expression(at, end);
                }
                if let Some(node) = self.place() {
                    self.tree.set_scalar(node, text, Span::new(at, after), None);
                }
                after
            }
            _ => self.expression(at, end),
        }
    }
}
