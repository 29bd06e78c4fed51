//! One line of YAML: keys, properties, quotes, plain scalars.

use crate::{
    language::tree::{Form, LineEnds, Text, is_number, line_end, skip_blanks, trim_blanks},
    model::{Span, ValueKind},
};

/// A key with the position of its value.
pub struct Key {
    /// The key, without quotes.
    pub text: Text,
    /// The offset after the `:`, where the value may begin.
    pub after: usize,
}

/// The key at `at`, if the text up to `end`, the end of its line, is `key: …`.
pub fn key(source: &[u8], at: usize, end: usize) -> Option<Key> {
    let (at, _) = properties(source, at, end);
    let line = source.get(at..end)?;
    match *line.first()? {
        quote @ (b'"' | b'\'') => {
            let close = close_quote(source, at, end)?;
            let colon = skip_blanks(source, close + 1, end);
            let form = if quote == b'"' { Form::YamlDouble } else { Form::YamlSingle };
            is_colon(source, colon, end).then(|| Key {
                text: Text { span: Span::new(at + 1, close), form },
                after: colon + 1,
            })
        }
        b'[' | b'|' | b'>' | b'#' | b'%' | b'@' | b'`' => None,
        b'{' if line.get(1) != Some(&b'{') => None,
        _ => {
            let colon = plain_colon(source, at, end)?;
            let span = Span::new(at, trim_blanks(source, at, colon));
            Some(Key { text: Text { span, form: Form::Verbatim }, after: colon + 1 })
        }
    }
}

fn is_colon(source: &[u8], at: usize, end: usize) -> bool {
    at < end
        && source[at] == b':'
        && (at + 1 == end || matches!(source[at + 1], b' ' | b'\t' | b'\r'))
}

/// The `:` that ends a plain key: before a comment, and outside `{{ … }}`.
fn plain_colon(source: &[u8], start: usize, end: usize) -> Option<usize> {
    let mut at = start;
    let mut template = Templates::default();
    while let Some(offset) = memchr::memchr3(b':', b'#', b'{', &source[at..end]) {
        let found = at + offset;
        match source[found] {
            b':' if is_colon(source, found, end) => return Some(found),
            b'#' if found > start && matches!(source[found - 1], b' ' | b'\t') => return None,
            b'{' => at = template.skip(source, found, end).unwrap_or(found + 1),
            _ => at = found + 1,
        }
    }
    None
}

/// Maximum length in bytes of another tool's template whose end is searched for.
const MAX_TEMPLATE: usize = 512;

/// Finds the ends of templates of other tools, `{{ … }}`, on the lines of one text.
#[derive(Default)]
pub struct Templates {
    /// The offset up to which no `}}` follows on the same line.
    barren_until: usize,
}

impl Templates {
    /// The end of the template that begins at `at`, if it ends before `end`.
    pub fn skip(&mut self, source: &[u8], at: usize, end: usize) -> Option<usize> {
        if end < at + 2 || at < self.barren_until || source.get(at..at + 2) != Some(b"{{") {
            return None;
        }
        let window = &source[at + 2..end.min(at + MAX_TEMPLATE).max(at + 2)];
        let window = &window[..memchr::memchr(b'\n', window).unwrap_or(window.len())];
        let close = memchr::memmem::find(window, b"}}");
        if close.is_none() {
            self.barren_until = at + 2 + window.len();
        }
        close.map(|offset| at + 2 + offset + 2)
    }
}

/// Skips anchors and tags. Returns the start of the value, and the kind that a tag gives it.
pub fn properties(source: &[u8], mut at: usize, end: usize) -> (usize, Option<ValueKind>) {
    let mut kind = None;
    loop {
        at = skip_blanks(source, at, end);
        let Some(sign @ (b'&' | b'!')) = source.get(..end).and_then(|text| text.get(at)) else {
            return (at, kind);
        };
        let word = source[at..end]
            .iter()
            .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b',' | b'[' | b'{'))
            .count();
        let after = at + word;
        // `&` and `!` require a name, followed by white space or a bracket.
        if *sign == b'&' && word < 2 {
            return (at, kind);
        }
        if *sign == b'!' && is_lookup_tag(&source[at..after]) {
            kind = Some(ValueKind::Lookup);
        }
        at = after;
    }
}

/// `true` for a tag whose value is computed or read from elsewhere: all tags except the standard
/// ones (`!!str`, `!`) and those that only name a type.
fn is_lookup_tag(tag: &[u8]) -> bool {
    !tag.starts_with(b"!!") && !tag.starts_with(b"!<tag:yaml.org") && !matches!(tag, b"!" | b"!str")
}

/// The quote that closes the one at `at`, before `end`. Quotes inside `{{ … }}` do not count,
/// because templates are filled in before YAML is parsed.
pub fn close_quote(source: &[u8], at: usize, end: usize) -> Option<usize> {
    close_quote_from(source, source[at], at + 1, end)
}

fn close_quote_from(source: &[u8], quote: u8, mut from: usize, end: usize) -> Option<usize> {
    let mut templates = Templates::default();
    loop {
        let rest = source.get(from..end)?;
        let found = from + memchr::memchr3(quote, b'\\', b'{', rest)?;
        from = match source[found] {
            b'\\' if quote == b'"' => found + 2,
            b'{' => templates.skip(source, found, end).unwrap_or(found + 1),
            byte if byte == quote => {
                if quote == b'\'' && source.get(..end)?.get(found + 1) == Some(&quote) {
                    found + 2
                } else {
                    return Some(found);
                }
            }
            _ => found + 1,
        };
    }
}

/// [`close_quote`] across lines, up to one that [`leaves`] the column `indent`.
pub fn close_quote_over_lines(
    source: &[u8],
    at: usize,
    indent: Option<usize>,
    lines: &mut LineEnds,
) -> Option<usize> {
    let mut from = at + 1;
    loop {
        let (_, next) = lines.of(source, from);
        if let Some(close) = close_quote_from(source, source[at], from, next) {
            return Some(close);
        }
        if next >= source.len() || leaves(source, next, indent) {
            return None;
        }
        from = next;
    }
}

/// `true` if the line at `line` begins another entry at column `indent` or further left, so that it
/// cannot belong to a value of the entry there.
pub fn leaves(source: &[u8], line: usize, indent: Option<usize>) -> bool {
    let Some(indent) = indent else { return false };
    let content = skip_blanks(source, line, source.len());
    if content - line > indent {
        return false;
    }
    let (end, _) = line_end(source, content, source.len());
    content < end
        && (key(source, content, end).is_some()
            || is_dash(source, content)
            || source[content..end].starts_with(b"---"))
}

/// `true` if the dash of a sequence entry is at `at`.
pub fn is_dash(source: &[u8], at: usize) -> bool {
    source.get(at) == Some(&b'-')
        && matches!(source.get(at + 1), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
}

/// The end of a plain scalar that begins at `at`, on a line that ends at `end`: before the white
/// space at the end, or before a comment, whose offset is returned as well.
pub fn plain_end(source: &[u8], at: usize, end: usize) -> (usize, Option<usize>) {
    let mut from = at;
    while let Some(offset) = source.get(from..end).and_then(|rest| memchr::memchr(b'#', rest)) {
        let found = from + offset;
        if found > at && matches!(source[found - 1], b' ' | b'\t') {
            return (trim_blanks(source, at, found), Some(found));
        }
        from = found + 1;
    }
    (trim_blanks(source, at, end), None)
}

/// The kind of a plain scalar that is not a text; `None` for a text.
pub fn kind_of_plain(text: &[u8]) -> Option<ValueKind> {
    const CONSTANTS: [&[u8]; 8] = [b"true", b"false", b"null", b"~", b"yes", b"no", b"on", b"off"];
    if text.len() <= 5 && CONSTANTS.iter().any(|known| text.eq_ignore_ascii_case(known)) {
        return Some(ValueKind::Constant);
    }
    is_number(text).then_some(ValueKind::Number)
}
