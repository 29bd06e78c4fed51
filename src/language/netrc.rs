//! `.netrc`: machines with logins and passwords.

use super::{
    comment_form::CommentForm,
    files::Files,
    reader::{FileHead, Reader, Wanted},
    tree::{self, Form, LineEnds, Name, NodeId, Shape, Text, Tree, line_end},
};
use crate::model::{Facts, Span};

/// `.netrc`.
pub struct Netrc;

impl Reader for Netrc {
    fn name(&self) -> &'static str {
        "netrc"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::own_line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            names: &[".netrc", "_netrc", "netrc", ".authinfo"],
            endings: &["netrc"],
            ..Files::NONE
        };
        &FILES
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>, _wanted: Wanted<'_>) -> Facts {
        let mut tree = tree(text);
        tree.tie();
        tree::facts(&tree).facts
    }
}

/// The tree of a text: a map for each machine, named `default` if it has no name.
pub fn tree(source: &[u8]) -> Tree<'_> {
    let mut tree = Tree::new(source);
    tree.set(0, Shape::Map);
    let mut lines = LineEnds::default();
    let mut machine: NodeId = 0;
    let mut waits: Option<NodeId> = None;
    let mut at = 0;
    while let Some((text, outer)) = next_word(source, at, &mut lines).filter(|_| !tree.is_full()) {
        at = outer.end;
        let word = text.span.slice(source);
        if word.starts_with(b"#") && waits.is_none() {
            let (end, next) = line_end(source, outer.start, source.len());
            tree.comments.push(Span::new(outer.start, end));
            at = next.max(at);
            continue;
        }
        if let Some(node) = waits.take() {
            tree.set_scalar(node, text, outer, None);
            continue;
        }
        match word {
            b"machine" => {
                let Some((name, outer)) = next_word(source, at, &mut lines) else { break };
                machine = tree.add(0, Name::Key(name));
                tree.set(machine, Shape::Map);
                at = outer.end;
            }
            b"default" => {
                machine = tree.add(0, Name::Key(text));
                tree.set(machine, Shape::Map);
            }
            b"login" | b"user" | b"password" | b"passwd" | b"account" | b"port" => {
                waits = Some(tree.add(machine, Name::Key(text)));
            }
            b"macdef" => at = macro_end(source, at),
            _ => {}
        }
    }
    tree
}

/// The next word after `at`, without quotes, and its span with them.
fn next_word(source: &[u8], at: usize, lines: &mut LineEnds) -> Option<(Text, Span)> {
    let start = at + source.get(at..)?.iter().position(|byte| !byte.is_ascii_whitespace())?;
    if source[start] == b'"' {
        let (end, _) = lines.of(source, start);
        if let Some(close) = memchr::memchr(b'"', &source[start + 1..end]) {
            let close = start + 1 + close;
            let text = Text { span: Span::new(start + 1, close), form: Form::Shell };
            return Some((text, Span::new(start, close + 1)));
        }
    }
    let length = source[start..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
    let span = Span::new(start, start + length);
    Some((Tree::verbatim(span), span))
}

/// The end of a macro, which ends at an empty line.
fn macro_end(source: &[u8], at: usize) -> usize {
    memchr::memmem::find(&source[at..], b"\n\n").map_or(source.len(), |offset| at + offset + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_its_machine_as_a_path() {
        let text = "# c\nmachine huggingface.co login u password abc\nmacdef m\nmachine no\n\nmachine b\n  login \"x y\"\n  password def\ndefault password ghi";
        let mut tree = tree(text.as_bytes());
        tree.tie();
        let facts = tree::facts(&tree).facts;
        let found: Vec<_> = facts
            .bindings
            .iter()
            .map(|binding| (binding.path.as_str(), binding.value.text.as_str()))
            .collect();
        let expected = [
            ("huggingface.co.login", "u"),
            ("huggingface.co.password", "abc"),
            ("b.login", "x y"),
            ("b.password", "def"),
            ("default.password", "ghi"),
        ];
        assert_eq!(found, expected);
        assert_eq!(facts.bindings[1].value.span.slice(text.as_bytes()), b"abc");
        assert_eq!(facts.bindings[1].span.slice(text.as_bytes()), b"password abc");
    }
}
