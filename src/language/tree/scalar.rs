//! How a text is written in a file, and what it says.

use super::{escape, fold};
use crate::model::{Span, SpanMap};
use bstr::ByteSlice;

/// A text of a file: where it stands, without quotes, and how it is written.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// Where it stands.
    pub span: Span,
    /// How it is written.
    pub form: Form,
}

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
        /// What becomes of the line ends at the end.
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

/// What becomes of the line ends at the end of a block scalar.
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

impl Text {
    /// The text as a program would see it, with U+FFFD for bytes that are not UTF-8.
    pub fn read(self, source: &[u8]) -> String {
        if self.form == Form::Verbatim {
            return self.span.slice(source).to_str_lossy().into_owned();
        }
        self.decode(source).text.to_str_lossy().into_owned()
    }

    /// The text as a program would see it, with the way back to `source`.
    pub fn decode(self, source: &[u8]) -> Decoded {
        let mut out = Decoded::default();
        self.decode_into(&mut out, source);
        out
    }

    /// Adds the text to others of the same `source`.
    pub fn decode_into(self, out: &mut Decoded, source: &[u8]) {
        let span = Span::new(self.span.start.min(source.len()), self.span.end.min(source.len()));
        match self.form {
            Form::Verbatim => out.copy(source, span),
            Form::YamlPlain => fold::plain(out, source, span),
            Form::YamlSingle => fold::single_quoted(out, source, span),
            Form::YamlDouble => fold::double_quoted(out, source, span),
            Form::YamlBlock { folded, indent, chomp } => {
                fold::block(out, source, span, folded, indent as usize, chomp);
            }
            Form::Dedented => fold::dedented(out, source, span),
            Form::Json | Form::Toml | Form::Properties | Form::Shell | Form::Hcl => {
                escape::unescape(out, source, span, self.form);
            }
            Form::Xml => escape::resolve_references(out, source, span),
        }
    }
}

/// Whether a text is written as a number of YAML, JSON or TOML.
pub fn is_number(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    if matches!(digits, b".inf" | b".Inf" | b".nan" | b".NaN" | b"inf" | b"nan") {
        return true;
    }
    if let Some(hex) = digits.strip_prefix(b"0x") {
        return !hex.is_empty() && hex.iter().all(|b| b.is_ascii_hexdigit() || *b == b'_');
    }
    if let Some(octal) = digits.strip_prefix(b"0o") {
        return !octal.is_empty() && octal.iter().all(u8::is_ascii_digit);
    }
    let mut seen_digit = false;
    let mut seen_exponent = false;
    let mut before = 0;
    for (index, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => seen_digit = true,
            b'.' | b'_' if !seen_exponent => {}
            b'e' | b'E' if seen_digit && !seen_exponent && index + 1 < digits.len() => {
                seen_exponent = true;
            }
            b'+' | b'-' if matches!(before, b'e' | b'E') => {}
            _ => return false,
        }
        before = *byte;
    }
    seen_digit && digits.iter().filter(|byte| **byte == b'.').count() < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: Form, source: &str) -> String {
        Text { span: Span::new(0, source.len()), form }.read(source.as_bytes())
    }

    #[test]
    fn escapes_are_resolved_as_their_language_has_them() {
        assert_eq!(read(Form::Json, r#"a\"b\u0041\ud83d\ude00\/\n"#), "a\"bA😀/\n");
        assert_eq!(read(Form::Toml, "a\\U00000041\\\n   b"), "aAb");
        assert_eq!(read(Form::YamlDouble, r#"\x41\e\_\ "#), "A\u{1b}\u{a0} ");
        assert_eq!(read(Form::Properties, "a\\u0041\\\n   b\\:c"), "aAb:c");
        assert_eq!(read(Form::Shell, r#"a\nb\"c\d"#), "a\nb\"c\\d");
        assert_eq!(read(Form::Hcl, r#"a\n$${b} %%{c} ${d}"#), "a\n${b} %{c} ${d}");
        assert_eq!(read(Form::Xml, "a&amp;&#65;&#x42;&lt;&unknown; &"), "a&AB<&unknown; &");
    }

    #[test]
    fn a_cut_or_wrong_escape_is_kept_as_it_stands() {
        for form in [Form::Json, Form::Toml, Form::Properties, Form::YamlDouble] {
            assert!(read(form, r"a\u00").starts_with('a'), "{form:?}");
            assert!(read(form, r"a\").starts_with('a'), "{form:?}");
            assert!(read(form, r"\ud83d x").ends_with(" x"), "{form:?}");
        }
    }

    #[test]
    fn lines_are_folded_as_yaml_folds_them() {
        assert_eq!(read(Form::YamlPlain, "a\n  b\n\n  c"), "a b\nc");
        assert_eq!(read(Form::YamlSingle, "it''s \n  b"), "it's b");
        assert_eq!(read(Form::YamlDouble, "a \n\n b\\\n  c"), "a\nbc");
        let block =
            |folded, chomp, text: &str| read(Form::YamlBlock { folded, indent: 2, chomp }, text);
        assert_eq!(block(false, Chomp::Clip, "  a\n   b\n\n  c\n\n"), "a\n b\n\nc\n");
        assert_eq!(block(false, Chomp::Strip, "  a\n\n"), "a");
        assert_eq!(block(false, Chomp::Keep, "  a\n\n"), "a\n\n");
        assert_eq!(block(true, Chomp::Clip, "  a\n  b\n\n  c\n   d\n  e\n"), "a b\nc\n d\ne\n");
        assert_eq!(block(false, Chomp::Clip, "  a\r\n  b\r\n"), "a\nb\n");
    }

    #[test]
    fn a_place_in_the_text_leads_back_to_the_file() {
        let source = b"  echo a\n  hf auth login\n";
        let form = Form::YamlBlock { folded: false, indent: 2, chomp: Chomp::Clip };
        let decoded = Text { span: Span::new(0, source.len()), form }.decode(source);
        let at = decoded.text.find(b"hf").expect("it stands there");
        assert_eq!(decoded.map.to_source(Span::new(at, at + 2)).slice(source), b"hf");
    }
}
