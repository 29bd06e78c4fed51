//! The written forms of texts in a document, and decoded texts.

use crate::model::{Span, SpanMap};

/// The written form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Without escapes.
    Verbatim,
    /// With the escapes of JSON and JavaScript.
    Json,
    /// A plain scalar of YAML over several lines.
    YamlPlain,
    /// `'…'` of YAML: doubled quotes, folded lines.
    YamlSingle,
    /// `"…"` of YAML: escapes, folded lines.
    YamlDouble,
    /// `|` and `>` of YAML.
    YamlBlock {
        /// `>`: line ends become spaces.
        folded: bool,
        /// The number of spaces before each line.
        indent: u32,
        /// The treatment of the line ends at its end.
        chomp: Chomp,
    },
    /// `"…"` and `"""…"""` of TOML.
    Toml,
    /// Escapes and continued lines of `.properties`.
    Properties,
    /// `"…"` of a dotenv file or a git configuration: only `\n`, `\t`, `\"`, `\\` and the like are
    /// escapes, any other backslash is kept.
    Shell,
    /// `"…"` of HCL: escapes, `$${` for `${`.
    Hcl,
    /// Lines whose indentation is dropped, as in INI files and `<<-` of HCL.
    Dedented,
    /// Character references of XML.
    Xml,
}

/// The treatment of the line ends at the end of a block scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chomp {
    /// One is kept.
    Clip,
    /// None is kept: `|-`.
    Strip,
    /// All are kept: `|+`.
    Keep,
}

/// A decoded text, with a map to the file.
#[derive(Debug, Clone, Default)]
pub struct Decoded {
    /// The text.
    pub text: Vec<u8>,
    /// Maps each of its bytes to the file.
    pub map: SpanMap,
}

impl Decoded {
    /// Adds the bytes of `source` at `span`.
    pub fn copy(&mut self, source: &[u8], span: Span) {
        let piece = span.slice(source);
        self.text.extend_from_slice(piece);
        self.map.push(piece.len(), Span::new(span.start, span.start + piece.len()));
    }

    /// Adds a character in place of the source's bytes at `span`.
    pub fn put(&mut self, character: char, span: Span) {
        let mut bytes = [0; 4];
        let bytes = character.encode_utf8(&mut bytes).as_bytes();
        self.text.extend_from_slice(bytes);
        self.map.push(bytes.len(), span);
    }

    /// Adds `count` line ends in place of the source's bytes at `span`.
    pub fn put_breaks(&mut self, count: usize, span: Span) {
        self.text.extend(std::iter::repeat_n(b'\n', count));
        self.map.push(count, span);
    }
}
