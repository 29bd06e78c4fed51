//! How a text of a document is written, and the text as a program sees it.

use crate::model::{Span, SpanMap};

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is.
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
        /// How many spaces stand before each line.
        indent: u32,
        /// How line ends at the end are treated.
        chomp: Chomp,
    },
    /// `"…"` and `"""…"""` of TOML.
    Toml,
    /// Escapes and continued lines of `.properties`.
    Properties,
    /// `"…"` of a dotenv file or a git configuration: only `\n`, `\t`, `\"`, `\\` and
    /// the like are escapes, any other backslash stays.
    Shell,
    /// `"…"` of HCL: escapes, `$${` for `${`.
    Hcl,
    /// Lines whose indentation does not count, as in INI files and `<<-` of HCL.
    Dedented,
    /// Character references of XML.
    Xml,
}

/// How the line ends at the end of a block scalar are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chomp {
    /// One stays.
    Clip,
    /// None stays: `|-`.
    Strip,
    /// All stay: `|+`.
    Keep,
}

/// A text as a program would see it, with the way back to the file.
#[derive(Debug, Clone, Default)]
pub struct Decoded {
    /// The text.
    pub text: Vec<u8>,
    /// Where each of its bytes stands in the file.
    pub map: SpanMap,
}

impl Decoded {
    /// Adds the bytes of `source` at `span`.
    pub fn copy(&mut self, source: &[u8], span: Span) {
        let piece = span.slice(source);
        self.text.extend_from_slice(piece);
        self.map.push(piece.len(), Span::new(span.start, span.start + piece.len()));
    }

    /// Adds a character that stands for what the source has at `span`.
    pub fn put(&mut self, character: char, span: Span) {
        let mut bytes = [0; 4];
        let bytes = character.encode_utf8(&mut bytes).as_bytes();
        self.text.extend_from_slice(bytes);
        self.map.push(bytes.len(), span);
    }

    /// Adds `count` line ends that stand for what the source has at `span`.
    pub fn put_breaks(&mut self, count: usize, span: Span) {
        self.text.extend(std::iter::repeat_n(b'\n', count));
        self.map.push(count, span);
    }
}
