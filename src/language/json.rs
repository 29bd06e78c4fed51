//! JSON and its extensions: comments, trailing commas, single quotes, bare keys, several documents
//! in one file.

use super::{
    data::Data,
    files::Files,
    reader::CodeFrame,
    tree::{Form, MAX_DEPTH, Name, NodeId, Shape, Text, Tree, line_end, skip_blanks},
};
use crate::model::{Span, ValueKind, text_start};

/// JSON and its extensions.
pub struct Json;

impl Data for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            names: &[
                ".babelrc",
                ".eslintrc",
                ".prettierrc",
                ".jshintrc",
                ".dockercfg",
                "flake.lock",
                "composer.lock",
                "pipfile.lock",
            ],
            endings: &[
                "json",
                "jsonc",
                "json5",
                "jsonl",
                "ndjson",
                "webmanifest",
                "tfstate",
                "geojson",
                "har",
                "hjson",
                "hujson",
                "code-workspace",
                "code-snippets",
                "avsc",
                "jsonld",
                "map",
                "babelrc",
            ],
            inside: &[".json.", ".tfstate.", ".jsonc."],
            only: &[
                "bak", "backup", "old", "orig", "example", "sample", "template", "dist", "j2",
                "tpl",
            ],
            mark: Some(|file| file.path.extension().is_none() && begins_as_json(file.head)),
            ..Files::NONE
        };
        &FILES
    }

    fn code_frames(&self) -> &'static [CodeFrame] {
        &[("{", "}"), ("", "")]
    }

    fn tree<'t>(&self, text: &'t [u8]) -> Tree<'t> {
        tree(text)
    }
}

/// `true` if a file without an extension begins with an object with a quoted key.
fn begins_as_json(head: &[u8]) -> bool {
    let text = head.trim_ascii_start();
    text.first() == Some(&b'{') && text[1..].trim_ascii_start().first() == Some(&b'"')
}

/// The tree of a text, which may hold several values.
pub fn tree(source: &[u8]) -> Tree<'_> {
    tree_with_room(source, 1)
}

/// The same, with room for `times` as many nodes.
pub fn tree_with_room(source: &[u8], times: usize) -> Tree<'_> {
    let mut parser = Parser {
        source,
        tree: Tree::new(source).with_room(times),
        frames: Vec::new(),
        beyond: 0,
        used: false,
        barren_until: 0,
    };
    let mut at = text_start(source);
    while at < source.len() && !parser.tree.is_full() {
        at = parser.token(at);
    }
    parser.tree
}

/// An unclosed object or array.
struct Frame {
    node: NodeId,
    is_map: bool,
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
    /// `true` if the current document has its value.
    used: bool,
    /// The offset up to which no template ends.
    barren_until: usize,
}

impl Parser<'_> {
    /// Reads the token at `at`, and returns the offset after it.
    fn token(&mut self, at: usize) -> usize {
        match self.source[at] {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at + self.source[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
            }
            b':' => at + 1,
            b',' => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.open = None;
                }
                at + 1
            }
            b'{' => match self.template(at) {
                // A template statement is not a value.
                Some(end) if self.source[at + 1] == b'%' => end,
                Some(end) => self.value(at, Tree::verbatim(Span::new(at, end)), end, None),
                None => self.open(at, true),
            },
            b'[' => self.open(at, false),
            b'}' | b']' => self.close(at),
            b'"' | b'\'' | b'`' => self.string(at),
            b'/' if matches!(self.source.get(at + 1), Some(b'/' | b'*')) => self.comment(at),
            b'#' => self.comment(at),
            _ => self.word(at),
        }
    }

    /// The end of a template, `{{ … }}` or `{% … %}`, at `at`.
    fn template(&mut self, at: usize) -> Option<usize> {
        if at < self.barren_until {
            return None;
        }
        let close: &[u8] = match self.source.get(at + 1)? {
            b'{' => b"}}",
            b'%' => b"%}",
            _ => return None,
        };
        // The end of a longer template is not searched for.
        let window = self.source.get(at + 2..self.source.len().min(at + 512))?;
        let line = &window[..memchr::memchr(b'\n', window).unwrap_or(window.len())];
        let found = memchr::memmem::find(line, close);
        if found.is_none() {
            self.barren_until = at + 2 + line.len();
        }
        found.map(|offset| at + 2 + offset + 2)
    }

    fn open(&mut self, at: usize, is_map: bool) -> usize {
        if self.frames.len() >= MAX_DEPTH {
            self.beyond += 1;
            return at + 1;
        }
        let node = self.place();
        self.tree.contain(node, if is_map { Shape::Map } else { Shape::List });
        self.frames.push(Frame { node, is_map, entries: 0, open: None });
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(frame) = self.frames.pop() {
            self.tree.drop_if_bare(frame.node);
        }
        at + 1
    }

    /// The node of the next value.
    fn place(&mut self) -> NodeId {
        let Some(frame) = self.frames.last_mut() else {
            let is_first = !std::mem::replace(&mut self.used, true);
            return if is_first { 0 } else { self.tree.add_document() };
        };
        if let Some(node) = frame.open.take() {
            return node;
        }
        let name = Name::Entry(frame.entries);
        frame.entries += 1;
        let container = frame.node;
        self.tree.add(container, name)
    }

    fn string(&mut self, at: usize) -> usize {
        let (close, has_escapes) = close_quote(self.source, at);
        let is_closed = self.source.get(close) == Some(&self.source[at]);
        let end = close + usize::from(is_closed);
        let form = if has_escapes { Form::Json } else { Form::Verbatim };
        let text = Text { span: Span::new(at + 1, close), form };
        self.value_or_key(at, text, end, None)
    }

    /// A bare key, a number or a constant.
    fn word(&mut self, at: usize) -> usize {
        let length = self.source[at..]
            .iter()
            .take_while(|byte| !byte.is_ascii_whitespace() && !b",:{}[]\"'".contains(byte))
            .count()
            .max(1);
        let span = Span::new(at, at + length);
        let word = span.slice(self.source);
        if is_conflict_mark(self.source, at) {
            return line_end(self.source, at, self.source.len()).0;
        }
        let kind = match word {
            b"true" | b"false" | b"null" | b"undefined" | b"NaN" | b"Infinity" => {
                Some(ValueKind::Constant)
            }
            _ if word[0].is_ascii_digit() || matches!(word[0], b'-' | b'+' | b'.') => {
                Some(ValueKind::Number)
            }
            _ => None,
        };
        self.value_or_key(at, Tree::verbatim(span), span.end, kind)
    }

    fn value_or_key(
        &mut self,
        at: usize,
        text: Text,
        end: usize,
        kind: Option<ValueKind>,
    ) -> usize {
        let takes_key = self.frames.last().is_some_and(|frame| frame.open.is_none());
        if takes_key {
            let colon = skip_blanks(self.source, end, self.source.len());
            let is_map = self.frames.last().is_some_and(|frame| frame.is_map);
            if self.source.get(colon) == Some(&b':') || is_map {
                let Some(frame) = self.frames.last_mut() else { return end };
                let container = frame.node;
                let node = self.tree.add(container, Name::Key(text));
                if let Some(frame) = self.frames.last_mut() {
                    frame.open = Some(node);
                }
                return end;
            }
            // A list of numbers has no facts, and may be very long.
            if kind.is_some() {
                if let Some(frame) = self.frames.last_mut() {
                    frame.entries += 1;
                }
                return end;
            }
        }
        self.value(at, text, end, kind)
    }

    fn value(&mut self, at: usize, text: Text, end: usize, kind: Option<ValueKind>) -> usize {
        let node = self.place();
        self.tree.set_scalar(node, text, Span::new(at, end), kind);
        end
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
}

/// The end of the string at `at`, before its quote, and `true` if it has escapes. A string ends on
/// its line, except after a `\` at the end of the line and in backquotes.
fn close_quote(source: &[u8], at: usize) -> (usize, bool) {
    let quote = source[at];
    let mut from = at + 1;
    let mut has_escapes = false;
    while let Some(offset) =
        source.get(from..).and_then(|rest| memchr::memchr3(quote, b'\\', b'\n', rest))
    {
        let found = from + offset;
        match source[found] {
            b'\\' => {
                has_escapes = true;
                from = found + 2;
            }
            b'\n' if quote == b'`' => from = found + 1,
            _ => return (found, has_escapes),
        }
    }
    (source.len(), has_escapes)
}

fn is_conflict_mark(source: &[u8], at: usize) -> bool {
    (at == 0 || source[at - 1] == b'\n')
        && [b"<<<<<<<".as_slice(), b"=======", b">>>>>>>", b"|||||||"]
            .iter()
            .any(|mark| source[at..].starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::tree::facts;
    use ValueKind::{Constant, Literal, Lookup, Missing, Number};

    #[track_caller]
    fn assert_bindings(text: &str, expected: &[(&str, ValueKind, &str, &str)]) {
        let mut tree = tree(text.as_bytes());
        tree.tie();
        let bindings = facts(&tree).facts.bindings;
        let found: Vec<_> = bindings
            .iter()
            .map(|binding| {
                let stands = binding.value.span.slice(text.as_bytes());
                let stands = std::str::from_utf8(stands).expect("spans end between characters");
                (binding.path.as_str(), binding.value.kind, binding.value.text.as_str(), stands)
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn objects_and_arrays_make_paths() {
        assert_bindings(
            r#"{"a": "b\u0041", "c": {"d": 1, "e": [true, "f", {"g": null}]}, "h": {}}"#,
            &[
                ("a", Literal, "bA", "b\\u0041"),
                ("c.d", Number, "1", "1"),
                ("c.e[1]", Literal, "f", "f"),
                ("c.e[2].g", Constant, "null", "null"),
                ("h", Missing, "", ""),
            ],
        );
    }

    #[test]
    fn the_liberties_of_its_relatives_are_taken() {
        assert_bindings(
            "// c\n{a: 'b', /* c */ \"d\": \"${E}\",\n}\n{\"f\": \"g\"}\n\"h\"\n",
            &[
                ("a", Literal, "b", "b"),
                ("d", Lookup, "${E}", "${E}"),
                ("f", Literal, "g", "g"),
                ("", Literal, "h", "h"),
            ],
        );
    }

    #[test]
    fn what_is_broken_costs_only_its_own_lines() {
        assert_bindings(
            "{\n<<<<<<< HEAD\n\"a\": \"b\n=======\n\"c\": {{ d }},\n>>>>>>> x\n{% if e %}\n\"f\": \"g\"",
            &[
                ("a", Literal, "b", "b"),
                ("c", Lookup, "{{ d }}", "{{ d }}"),
                ("f", Literal, "g", "g"),
            ],
        );
    }

    #[test]
    fn a_binding_reaches_from_its_key_to_the_end_of_its_value() {
        let text = r#"{"a": "b"}"#;
        let mut tree = tree(text.as_bytes());
        tree.tie();
        let binding = &facts(&tree).facts.bindings[0];
        assert_eq!(binding.key_span.slice(text.as_bytes()), b"a");
        assert_eq!(binding.span.slice(text.as_bytes()), br#"a": "b""#);
    }
}
