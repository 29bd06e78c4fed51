//! XML: attributes, the text of elements, and property lists.

use super::{
    comment_form::CommentForm,
    data::Data,
    files::Files,
    tree::{Form, MAX_DEPTH, Name, NodeId, Shape, Text, Tree},
};
use crate::model::{Span, ValueKind, text_start};

/// XML.
pub struct Xml;

/// Maximum number of open elements searched for the one that an end tag closes, if tags are
/// missing.
const MAX_UNCLOSED: usize = 16;

impl Data for Xml {
    fn name(&self) -> &'static str {
        "xml"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm { open: "<!--", close: "-->", own_line: false })
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            endings: &[
                "xml",
                "plist",
                "csproj",
                "vbproj",
                "fsproj",
                "vcxproj",
                "props",
                "targets",
                "nuspec",
                "resx",
                "settings",
                "wsdl",
                "xsd",
                "jmx",
                "iml",
                "pom",
                "launch",
                "xib",
                "storyboard",
                "entitlements",
                "mobileconfig",
                "pubxml",
                "user",
                "rels",
                "urdf",
                "xacro",
                "xaml",
                "config",
            ],
            accepts: |file| file.ends_in(&["xml", "plist"]) || file.begins_as_markup(),
            mark: Some(|file| begins_with_declaration(file.head)),
            ..Files::NONE
        };
        &FILES
    }

    fn tree<'t>(&self, text: &'t [u8]) -> Tree<'t> {
        tree(text)
    }
}

fn begins_with_declaration(head: &[u8]) -> bool {
    head[text_start(head)..].starts_with(b"<?xml ")
}

/// The tree of a text: an element is an entry under its name or, in a property list, under the key
/// before it.
pub fn tree(source: &[u8]) -> Tree<'_> {
    let mut parser = Parser { source, tree: Tree::new(source), frames: Vec::new(), beyond: 0 };
    parser.tree.set(0, Shape::Map);
    let mut at = 0;
    while at < source.len() && !parser.tree.is_full() {
        let open = memchr::memchr(b'<', &source[at..]).map_or(source.len(), |offset| at + offset);
        parser.text(Span::new(at, open), Form::Xml);
        if open >= source.len() {
            break;
        }
        at = parser.tag(open).max(open + 1);
    }
    parser.tree
}

/// An open element.
struct Frame {
    node: NodeId,
    name: Span,
    entries: usize,
    /// The key of the next entry of a property list.
    key: Option<Text>,
    /// `true` if it is such a key itself, which has no node.
    is_key: bool,
    /// The attribute that names its text: `<string name="token">`.
    label: Option<Text>,
}

struct Parser<'a> {
    source: &'a [u8],
    tree: Tree<'a>,
    frames: Vec<Frame>,
    /// Number of open elements beyond the depth limit.
    beyond: usize,
}

impl Parser<'_> {
    /// Reads the tag, comment or other markup at `at`, and returns the offset after it.
    fn tag(&mut self, at: usize) -> usize {
        let rest = &self.source[at..];
        let up_to = |mark: &[u8]| {
            memchr::memmem::find(rest, mark)
                .map_or(self.source.len(), |offset| at + offset + mark.len())
        };
        if rest.starts_with(b"<!--") {
            let end = up_to(b"-->");
            self.tree.comments.push(Span::new(at, end));
            return end;
        }
        if rest.starts_with(b"<![CDATA[") {
            let end = up_to(b"]]>");
            let stop = if self.source[..end].ends_with(b"]]>") { end - 3 } else { end };
            self.text(Span::new(at + 9, stop.max(at + 9)), Form::Verbatim);
            return end;
        }
        if rest.starts_with(b"<?") {
            return up_to(b"?>");
        }
        if rest.starts_with(b"<!") {
            return up_to(b">");
        }
        if rest.starts_with(b"</") {
            return self.close(at);
        }
        self.open(at)
    }

    /// Reads `</name>`: closes the element, and the unclosed elements inside it.
    fn close(&mut self, at: usize) -> usize {
        let name = self.name(at + 2);
        let end = memchr::memchr2(b'>', b'<', &self.source[name.end..]);
        let end = end.map_or(self.source.len(), |offset| name.end + offset);
        let after = end + usize::from(self.source.get(end) == Some(&b'>'));
        if self.beyond > 0 {
            self.beyond -= 1;
            return after;
        }
        let wanted = name.slice(self.source);
        let found = self
            .frames
            .iter()
            .rev()
            .take(MAX_UNCLOSED)
            .position(|frame| frame.name.slice(self.source) == wanted);
        if let Some(inner) = found {
            self.frames.truncate(self.frames.len() - inner - 1);
        }
        after
    }

    fn name(&self, at: usize) -> Span {
        let is_part = |byte: &&u8| {
            byte.is_ascii_alphanumeric()
                || matches!(**byte, b'_' | b'-' | b'.' | b':')
                || **byte > 127
        };
        let rest = self.source.get(at..).unwrap_or_default();
        Span::new(
            at.min(self.source.len()),
            at.min(self.source.len()) + rest.iter().take_while(is_part).count(),
        )
    }

    /// Reads `<name attribute="value" …>`.
    fn open(&mut self, at: usize) -> usize {
        let name = self.name(at + 1);
        if name.is_empty() {
            return at + 1;
        }
        let around =
            self.frames.last().map_or(b"".as_slice(), |frame| frame.name.slice(self.source));
        let is_key = name.slice(self.source) == b"key" && around == b"dict";
        let is_in_array = around == b"array";
        let (node, constant) = match self.frames.last_mut() {
            Some(frame) if is_key => (frame.node, false),
            Some(frame) => {
                let key = frame.key.take();
                let entry = match key {
                    Some(key) => Name::Key(key),
                    None if is_in_array => {
                        frame.entries += 1;
                        Name::Entry(frame.entries - 1)
                    }
                    None => Name::Key(Tree::verbatim(name)),
                };
                let container = frame.node;
                self.tree.contain(container, if is_in_array { Shape::List } else { Shape::Map });
                (self.tree.add(container, entry), key.is_some())
            }
            None => (self.tree.add(0, Name::Key(Tree::verbatim(name))), false),
        };
        let (end, closes, label) = self.attributes(node, name.end);
        if closes {
            // `<true/>` in a property list.
            if constant && matches!(name.slice(self.source), b"true" | b"false") {
                self.tree.set_scalar(node, Tree::verbatim(name), name, Some(ValueKind::Constant));
            }
        } else if self.frames.len() >= MAX_DEPTH {
            self.beyond += 1;
        } else {
            self.frames.push(Frame { node, name, entries: 0, key: None, is_key, label });
        }
        end
    }

    /// Reads the attributes from `at` on. Returns the end of the tag, `true` if it has no content,
    /// and the attribute that names its text.
    fn attributes(&mut self, node: NodeId, mut at: usize) -> (usize, bool, Option<Text>) {
        let mut label = None;
        while at < self.source.len() && !self.tree.is_full() {
            match self.source[at] {
                b'>' => return (at + 1, false, label),
                b'/' if self.source.get(at + 1) == Some(&b'>') => return (at + 2, true, label),
                b'<' => return (at, false, label),
                _ => {}
            }
            let name = self.name(at);
            if name.is_empty() {
                at += 1;
                continue;
            }
            at = self.skip_space(name.end);
            if self.source.get(at) != Some(&b'=') {
                continue;
            }
            at = self.skip_space(at + 1);
            let Some((value, after)) = self.attribute_value(at) else { break };
            let child = self.tree.add(node, Name::Key(Tree::verbatim(name)));
            let outer = Span::new(at, after);
            let text = Text { span: value, form: form(self.source, value) };
            if matches!(name.slice(self.source), b"name" | b"key") && !value.is_empty() {
                label = Some(text);
            }
            self.tree.set_scalar(child, text, outer, None);
            at = after;
        }
        (at, false, label)
    }

    fn attribute_value(&self, at: usize) -> Option<(Span, usize)> {
        match *self.source.get(at)? {
            quote @ (b'"' | b'\'') => {
                let rest = &self.source[at + 1..];
                // An attribute cannot contain `<`, so its quote is missing.
                let close = memchr::memchr2(quote, b'<', rest).map_or(rest.len(), |offset| offset);
                let close = at + 1 + close;
                let after = close + usize::from(self.source.get(close) == Some(&quote));
                Some((Span::new(at + 1, close), after))
            }
            _ => {
                let rest = &self.source[at..];
                let ends =
                    |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'<' | b'/');
                let length = rest.iter().position(ends).unwrap_or(rest.len());
                Some((Span::new(at, at + length), at + length))
            }
        }
    }

    fn skip_space(&self, at: usize) -> usize {
        let rest = self.source.get(at..).unwrap_or_default();
        at + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
    }

    /// Adds the text between two tags, unless it is blank.
    fn text(&mut self, span: Span, kind: Form) {
        let text = span.slice(self.source);
        let start = span.start + (text.len() - text.trim_ascii_start().len());
        let span = Span::new(start, start + text.trim_ascii().len());
        if span.is_empty() || self.beyond > 0 {
            return;
        }
        let form = if kind == Form::Xml { form(self.source, span) } else { kind };
        let count = self.frames.len();
        let Some(frame) = self.frames.last() else { return };
        let text = Text { span, form };
        if frame.is_key {
            if let Some(around) = count.checked_sub(2).and_then(|index| self.frames.get_mut(index))
            {
                around.key = Some(text);
            }
        } else if matches!(self.tree.node(frame.node).shape, Shape::Missing) {
            let node = match frame.label {
                Some(label) => {
                    self.tree.contain(frame.node, Shape::Map);
                    self.tree.add(frame.node, Name::Key(label))
                }
                None => frame.node,
            };
            self.tree.set_scalar(node, text, span, None);
        }
    }
}

fn form(source: &[u8], span: Span) -> Form {
    if span.slice(source).contains(&b'&') { Form::Xml } else { Form::Verbatim }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::{self, FileHead, Wanted},
        model::{BindingContext, Facts, SourcePath},
    };

    fn facts(text: &str) -> Facts {
        let path = SourcePath::from_bytes("a.xml");
        let head = FileHead { path: &path, head: text.as_bytes() };
        language::Reader::read(&Xml, text.as_bytes(), head, Wanted::ALL)
    }

    #[test]
    fn a_text_is_named_by_the_attribute_of_its_element() {
        let text = "<resources><string name=\"hf_token\">abc</string><a key='k'>d</a></resources>";
        assert_bindings(text, &[("resources.string.hf_token", "abc"), ("resources.a.k", "d")]);
    }

    #[track_caller]
    fn assert_bindings(text: &str, expected: &[(&str, &str)]) {
        let facts = facts(text);
        for (path, value) in expected {
            let found = facts
                .bindings
                .iter()
                .any(|binding| binding.path == *path && binding.value.text == *value);
            assert!(found, "no {path} = {value} in {:#?}", facts.bindings);
        }
    }

    #[test]
    fn attributes_and_texts_are_bound_to_their_names() {
        assert_bindings(
            "<?xml version=\"1.0\"?><!-- c --><a b='1'><c>x &amp; y</c><d><![CDATA[<z>]]></d></a>",
            &[("a.b", "1"), ("a.c", "x & y"), ("a.d", "<z>")],
        );
    }

    #[test]
    fn pairs_of_a_name_and_a_value_are_bound_to_each_other() {
        assert_bindings(
            "<r><add key=\"HF_TOKEN\" value=\"abc\"/><string name=\"hf_token\">def</string><p><name>N</name><value>ghi</value></p></r>",
            &[("r.add.HF_TOKEN", "abc"), ("r.string.hf_token", "def"), ("r.p.N", "ghi")],
        );
    }

    #[test]
    fn a_property_list_binds_keys_to_the_values_after_them() {
        let text = "<plist><dict><key>Label</key><string>x</string><key>EnvironmentVariables</key><dict><key>HF_TOKEN</key><string>abc</string></dict><key>K</key><true/><key>L</key><array><string>m</string></array></dict></plist>";
        assert_bindings(
            text,
            &[
                ("plist.dict.Label", "x"),
                ("plist.dict.EnvironmentVariables.HF_TOKEN", "abc"),
                ("plist.dict.K", "true"),
                ("plist.dict.L[0]", "m"),
            ],
        );
        let facts = facts(text);
        let token =
            facts.bindings.iter().find(|binding| binding.key == "HF_TOKEN").expect("is there");
        assert_eq!(token.context, BindingContext::Environment);
        assert_eq!(token.span.slice(text.as_bytes()), b"HF_TOKEN</key><string>abc");
    }

    #[test]
    fn broken_tags_cost_only_themselves() {
        assert_bindings("<a><b x=\"1><c>y</c></b><d>z</d>", &[("a.b.c", "y"), ("a.d", "z")]);
        assert_bindings("<a><b>x<c>y</b><d>z</d></a>", &[("a.b", "x"), ("a.d", "z")]);
    }
}
