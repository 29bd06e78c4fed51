//! A text in a file: its span and its written form.

use super::{
    escape, fold,
    form::{Decoded, Form},
};
use crate::model::Span;
use bstr::ByteSlice;

/// A text in a file: its span, without quotes, and its written form.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// Its span.
    pub span: Span,
    /// Its written form.
    pub form: Form,
}

impl Text {
    /// The decoded text, with U+FFFD for invalid UTF-8.
    pub fn read(self, source: &[u8]) -> String {
        if self.form == Form::Verbatim {
            return self.span.slice(source).to_str_lossy().into_owned();
        }
        self.decode(source).text.to_str_lossy().into_owned()
    }

    /// The decoded text, with a map to `source`.
    pub fn decode(self, source: &[u8]) -> Decoded {
        let mut out = Decoded::default();
        self.decode_into(&mut out, source);
        out
    }

    /// Appends the decoded text to `out`, whose other texts are from the same `source`.
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

/// `true` if a text has the form of a number in YAML, JSON or TOML.
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
    use super::{super::form::Chomp, *};

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
