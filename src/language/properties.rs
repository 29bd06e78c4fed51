//! Java's `.properties` files, and the headers of `.http` files.

use super::{
    comment_form::CommentForm,
    data::Data,
    files::Files,
    tree::{Form, Name, NodeId, Shape, Text, Tree, line_end},
};
use crate::model::{Span, text_start};

/// Java's `.properties` files.
pub struct Properties;

/// Maximum number of parts of a dotted key that become containers; the rest is one name.
const MAX_PARTS: usize = 24;

impl Data for Properties {
    fn name(&self) -> &'static str {
        "properties"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::own_line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            endings: &["properties", "http", "rest"],
            inside: &[".properties."],
            ..Files::NONE
        };
        &FILES
    }

    fn tree<'t>(&self, text: &'t [u8]) -> Tree<'t> {
        tree(text)
    }
}

/// The tree of a text: the parts of a dotted key are containers.
pub fn tree(source: &[u8]) -> Tree<'_> {
    let mut tree = Tree::new(source);
    tree.set(0, Shape::Map);
    let mut at = text_start(source);
    while at < source.len() && !tree.is_full() {
        let start = at + blanks(&source[at..]);
        let (end, next) = logical_line(source, start);
        at = next.max(at + 1);
        match source.get(start..end).and_then(<[u8]>::first) {
            None => {}
            Some(b'#' | b'!') => {
                let (end, next) = line_end(source, start, source.len());
                tree.comments.push(Span::new(start, end));
                at = next.max(start + 1);
            }
            Some(_) => entry(&mut tree, start, end),
        }
    }
    tree
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | 0xc)).count()
}

/// The end of the line at `at` with its continuation lines, and the start of the next line.
fn logical_line(source: &[u8], at: usize) -> (usize, usize) {
    let mut from = at;
    loop {
        let (end, next) = line_end(source, from, source.len());
        let backslashes = source[at..end].iter().rev().take_while(|byte| **byte == b'\\').count();
        if backslashes % 2 == 0 || next >= source.len() {
            return (end, next);
        }
        from = next;
    }
}

fn entry(tree: &mut Tree<'_>, start: usize, end: usize) {
    let source = tree.source();
    let mut at = start;
    while at < end && !matches!(source[at], b'=' | b':' | b' ' | b'\t') {
        at += if source[at] == b'\\' { 2 } else { 1 };
    }
    let key_end = at.min(end);
    let mut value = key_end + blanks(&source[key_end..end]);
    if value < end && matches!(source[value], b'=' | b':') {
        value += 1;
        value += blanks(&source[value..end]);
    }
    let node = key(tree, Span::new(start, key_end));
    let value = Span::new(value, end);
    if !value.is_empty() {
        tree.set_scalar(node, text(source, value), value, None);
    }
}

/// The node of a dotted key.
fn key(tree: &mut Tree<'_>, key: Span) -> NodeId {
    let source = tree.source();
    let mut node = 0;
    let mut from = key.start;
    for _ in 0..MAX_PARTS {
        let dot = memchr::memchr(b'.', &source[from..key.end]).map(|offset| from + offset);
        let Some(dot) = dot.filter(|dot| *dot > from && *dot + 1 < key.end) else { break };
        node = tree.add(node, Name::Key(text(source, Span::new(from, dot))));
        tree.set(node, Shape::Map);
        from = dot + 1;
    }
    tree.add(node, Name::Key(text(source, Span::new(from, key.end))))
}

fn text(source: &[u8], span: Span) -> Text {
    let has_escapes = span.slice(source).contains(&b'\\');
    Text { span, form: if has_escapes { Form::Properties } else { Form::Verbatim } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::tree;

    #[test]
    fn keys_separators_escapes_and_continued_lines_are_read() {
        let text = "# c = 1\nspring.ai.api-key=abc\nb : c\\\n   d\n e f\ng\\:h=\\u0041\ni=\n";
        let mut tree = tree(text.as_bytes());
        tree.tie();
        let found: Vec<_> = tree::facts(&tree)
            .facts
            .bindings
            .into_iter()
            .map(|binding| (binding.key, binding.path, binding.value.text))
            .collect();
        let expected = [
            ("api-key", "spring.ai.api-key", "abc"),
            ("b", "b", "cd"),
            ("e", "e", "f"),
            ("g:h", "g:h", "A"),
            ("i", "i", ""),
        ];
        assert_eq!(found, expected.map(|(a, b, c)| (a.to_string(), b.to_string(), c.to_string())));
        assert_eq!(tree.comments.len(), 1);
    }
}
