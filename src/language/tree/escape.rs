//! Escapes of the data languages.

use super::form::{Decoded, Form};
use crate::model::Span;

/// Copies `span`, with the escapes of `form` resolved. Unknown escapes are copied unchanged.
pub fn unescape(out: &mut Decoded, source: &[u8], span: Span, form: Form) {
    let mut from = span.start;
    let mut at = span.start;
    let text = &source[..span.end];
    out.text.reserve(span.len());
    while let Some(found) = next_mark(text, at, form) {
        let resolved = match text[found] {
            b'\\' => resolve(text, found, form),
            _ => template_mark(text, found),
        };
        let Some((character, end)) = resolved else {
            at = found + 1;
            continue;
        };
        out.copy(source, Span::new(from, found));
        if let Some(character) = character {
            out.put(character, Span::new(found, end));
        }
        from = end;
        at = end;
    }
    out.copy(source, Span::new(from, span.end));
}

/// Like [`unescape`], for one line of a double-quoted scalar of YAML.
pub fn unescape_yaml(out: &mut Decoded, source: &[u8], span: Span) {
    unescape(out, source, span, Form::YamlDouble);
}

fn next_mark(text: &[u8], at: usize, form: Form) -> Option<usize> {
    let rest = text.get(at..)?;
    let found = if form == Form::Hcl {
        memchr::memchr3(b'\\', b'$', b'%', rest)
    } else {
        memchr::memchr(b'\\', rest)
    };
    found.map(|offset| at + offset)
}

/// In HCL, `$${` stands for `${` and `%%{` for `%{`: the first character is dropped.
fn template_mark(text: &[u8], at: usize) -> Option<(Option<char>, usize)> {
    let sign = text[at];
    (text.get(at + 1) == Some(&sign) && text.get(at + 2) == Some(&b'{'))
        .then(|| (Some(char::from(sign)), at + 2))
}

/// The character of the escape whose backslash is at `at`, if it has one, and the end of the
/// escape.
fn resolve(text: &[u8], at: usize, form: Form) -> Option<(Option<char>, usize)> {
    let letter = *text.get(at + 1)?;
    if letter == b'\n' || letter == b'\r' || (form == Form::Toml && matches!(letter, b' ' | b'\t'))
    {
        return continued(text, at + 1, form).map(|end| (None, end));
    }
    if let Some(character) = simple(letter, form) {
        return Some((Some(character), at + 2));
    }
    let digits = match letter {
        b'x' if form != Form::Properties && form != Form::Shell => 2,
        b'u' if form != Form::Shell => 4,
        b'U' if matches!(form, Form::Toml | Form::YamlDouble | Form::Hcl) => 8,
        _ => return unknown(text, at, form),
    };
    let code = hex(text, at + 2, digits)?;
    let end = at + 2 + digits;
    if (0xD800..0xDC00).contains(&code) {
        // A character beyond 16 bits, written as two escapes.
        let low = (text.get(end..end + 2) == Some(b"\\u")).then(|| hex(text, end + 2, 4))??;
        let code = 0x10000 + ((code - 0xD800) << 10) + low.checked_sub(0xDC00)?;
        return Some((Some(char::from_u32(code)?), end + 6));
    }
    Some((Some(char::from_u32(code)?), end))
}

/// The character after the backslash of an unknown escape, in languages where such an escape stands
/// for the character itself.
fn unknown(text: &[u8], at: usize, form: Form) -> Option<(Option<char>, usize)> {
    let letter = text[at + 1];
    let means_itself = matches!(form, Form::Json | Form::Properties);
    (means_itself && letter.is_ascii()).then(|| (Some(char::from(letter)), at + 2))
}

/// The start of the next line's content, if the backslash at `at` continues the line.
fn continued(text: &[u8], at: usize, form: Form) -> Option<usize> {
    let rest = text.get(at..)?;
    match form {
        Form::Toml => {
            let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            rest[..blanks].contains(&b'\n').then_some(at + blanks)
        }
        _ => {
            let line_end = if rest.starts_with(b"\r\n") { 2 } else { 1 };
            let blanks = match form {
                Form::Properties => {
                    rest[line_end..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
                }
                _ => 0,
            };
            Some(at + line_end + blanks)
        }
    }
}

fn simple(letter: u8, form: Form) -> Option<char> {
    let common = match letter {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'"' => '"',
        b'\\' => '\\',
        _ => return own(letter, form),
    };
    Some(common)
}

/// Escapes that only some languages have.
fn own(letter: u8, form: Form) -> Option<char> {
    match (letter, form) {
        (b'b', Form::Json | Form::Toml | Form::YamlDouble | Form::Shell) => Some('\u{8}'),
        (b'f', Form::Json | Form::Toml | Form::Properties) => Some('\u{c}'),
        (b'f', Form::YamlDouble) => Some('\u{c}'),
        (b'v', Form::Json | Form::YamlDouble) => Some('\u{b}'),
        (b'0', Form::Json | Form::YamlDouble) => Some('\0'),
        (b'e', Form::Toml | Form::YamlDouble) => Some('\u{1b}'),
        (b'a', Form::YamlDouble) => Some('\u{7}'),
        (b'N', Form::YamlDouble) => Some('\u{85}'),
        (b'_', Form::YamlDouble) => Some('\u{a0}'),
        (b'L', Form::YamlDouble) => Some('\u{2028}'),
        (b'P', Form::YamlDouble) => Some('\u{2029}'),
        (b'/' | b' ' | b'\t' | b'\'', Form::YamlDouble) => Some(char::from(letter)),
        (b'$' | b'\'' | b'`', Form::Shell) => Some(char::from(letter)),
        _ => None,
    }
}

fn hex(text: &[u8], at: usize, digits: usize) -> Option<u32> {
    let digits = text.get(at..at + digits)?;
    digits.iter().try_fold(0u32, |code, digit| Some((code << 4) | char::from(*digit).to_digit(16)?))
}

/// Copies `span`, with the character references of XML resolved; unknown ones are copied unchanged.
pub fn resolve_references(out: &mut Decoded, source: &[u8], span: Span) {
    let mut from = span.start;
    for offset in memchr::memchr_iter(b'&', span.slice(source)) {
        let at = span.start + offset;
        if let Some((character, end)) = reference(&source[..span.end], at).filter(|_| at >= from) {
            out.copy(source, Span::new(from, at));
            out.put(character, Span::new(at, end));
            from = end;
        }
    }
    out.copy(source, Span::new(from, span.end));
}

fn reference(text: &[u8], at: usize) -> Option<(char, usize)> {
    // The longest reference is `&#x10FFFF;`.
    let window = &text[at + 1..text.len().min(at + 11)];
    let length = memchr::memchr(b';', window)?;
    let character = match &window[..length] {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        _ => return None,
    };
    Some((character, at + length + 2))
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    char::from_u32(u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?)
}
