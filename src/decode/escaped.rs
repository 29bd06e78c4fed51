//! Text whose characters are written as escapes: `\u0068`, `\x68`, `%68`, `&#104;`, `=68`.

use super::decoder::{Decoder, View, alike_until, push, run_of};

/// Backslash escapes, as in JSON, Python, C and shells, escaped once or twice.
#[derive(Debug)]
pub struct Backslash;

/// Percent-encoding (RFC 3986), applied once or twice.
#[derive(Debug)]
pub struct Percent;

/// Character references of HTML and XML.
#[derive(Debug)]
pub struct Entity;

/// Quoted-printable (RFC 2045, section 6.7): escapes and soft line breaks.
#[derive(Debug)]
pub struct QuotedPrintable;

/// Number of bytes decoded before an anchor, for the characters before the secret. At least the
/// longest escape, so that the escape at the anchor is complete.
const LEFT: usize = 64;
/// Number of bytes decoded from an anchor on.
const RIGHT: usize = 16 << 10;

/// The length of the escape at the start of a text, and its character; `None` for a line
/// continuation.
type Unit = Option<(usize, Option<char>)>;

/// The text around `at` with every escape decoded; empty if there is none.
fn unescaped(text: &[u8], at: usize, unit: fn(&[u8]) -> Unit) -> Vec<View> {
    let (start, end) = (at.saturating_sub(LEFT), text.len().min(at + RIGHT));
    let mut view = View::default();
    let (mut at, mut any) = (start, false);
    while at < end {
        match unit(&text[at..end]) {
            Some((length, character)) => {
                let mut buffer = [0; 4];
                let decoded = character.map_or("", |c| c.encode_utf8(&mut buffer));
                push(&mut view, decoded.as_bytes(), at..at + length);
                at += length;
                any = true;
            }
            None => {
                push(&mut view, &text[at..=at], at..at + 1);
                at += 1;
            }
        }
    }
    if any { vec![view] } else { Vec::new() }
}

/// The usual ways to write the keyword with escapes; each of `forms` escapes one character. Either
/// the first three characters are escaped, or only one: the first that is neither a letter nor a
/// digit, otherwise the third.
fn escaped_forms(keyword: &[u8], forms: &[fn(u8) -> String]) -> Vec<Vec<u8>> {
    let Some([first, second, third]) = keyword.first_chunk::<3>() else { return Vec::new() };
    let sign = keyword.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(2);
    let plain = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let before = plain(&keyword[..sign]);
    // If the escaped character is the first, the two after it make the anchor specific.
    let after = if sign == 0 { plain(&keyword[1..3]) } else { String::new() };
    let mut anchors = Vec::new();
    for form in forms {
        anchors.push(format!("{}{}{}", form(*first), form(*second), form(*third)).into_bytes());
        anchors.push(format!("{before}{}{after}", form(keyword[sign])).into_bytes());
    }
    anchors
}

impl Decoder for Backslash {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        let forms: [fn(u8) -> String; 8] = [
            |byte| format!("\\u{byte:04x}"),
            |byte| format!("\\u{byte:04X}"),
            |byte| format!("\\x{byte:02x}"),
            |byte| format!("\\x{byte:02X}"),
            |byte| format!("\\{byte:03o}"),
            |byte| format!("\\u{{{byte:x}}}"),
            // In a nested string, every backslash is doubled.
            |byte| format!("\\\\u{byte:04x}"),
            |byte| format!("\\\\x{byte:02x}"),
        ];
        let mut anchors = escaped_forms(keyword, &forms);
        for anchor in &mut anchors {
            // `\u0` precedes every letter of some languages; `68\` is rare.
            let prefixes: [&[u8]; 4] = [b"\\\\u00", b"\\\\x", b"\\u00", b"\\x"];
            let prefix = prefixes.into_iter().find(|prefix| anchor.starts_with(prefix));
            anchor.drain(..prefix.map_or(0, <[u8]>::len));
        }
        anchors
    }

    fn decode(&self, text: &[u8], at: usize, _: &[u8]) -> Vec<View> {
        unescaped(text, at, backslash)
    }
}

fn backslash(text: &[u8]) -> Unit {
    let slashes = text.iter().take(8).take_while(|byte| **byte == b'\\').count();
    let rest = text.get(slashes..).filter(|_| slashes > 0)?;
    let (digits, radix, length) = match rest {
        [b'u', b'{', braced @ ..] => {
            let end = braced.iter().take(7).position(|byte| *byte == b'}')?;
            (&braced[..end], 16, end + 3)
        }
        [b'u', digits @ ..] => (digits.get(..4)?, 16, 5),
        [b'x', digits @ ..] => (digits.get(..2)?, 16, 3),
        [b'0'..=b'3', ..] => (rest.get(..3)?, 8, 3),
        _ => return None,
    };
    Some((slashes + length, Some(number(digits, radix)?)))
}

impl Decoder for Percent {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        let forms: [fn(u8) -> String; 4] = [
            |byte| format!("%{byte:02x}"),
            |byte| format!("%{byte:02X}"),
            |byte| format!("%25{byte:02x}"),
            |byte| format!("%25{byte:02X}"),
        ];
        escaped_forms(keyword, &forms)
    }

    fn decode(&self, text: &[u8], at: usize, _: &[u8]) -> Vec<View> {
        unescaped(text, at, percent)
    }
}

fn percent(text: &[u8]) -> Unit {
    let mut rest = text.strip_prefix(b"%")?;
    let mut length = 3;
    while let Some(inner) = rest.strip_prefix(b"25").filter(|_| length < 9) {
        rest = inner;
        length += 2;
    }
    Some((length, Some(number(rest.get(..2)?, 16)?)))
}

impl Decoder for Entity {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        let forms: [fn(u8) -> String; 5] = [
            |byte| format!("&#{byte};"),
            |byte| format!("&#x{byte:x};"),
            |byte| format!("&#x{byte:X};"),
            |byte| format!("&#X{byte:X};"),
            |byte| if byte == b'_' { "&lowbar;".into() } else { char::from(byte).into() },
        ];
        let mut anchors = escaped_forms(keyword, &forms);
        // Only `_` has a named reference. A keyword without it leaves the last form unescaped,
        // which would be an anchor in every text.
        anchors.retain(|anchor| anchor.contains(&b'&'));
        anchors
    }

    fn decode(&self, text: &[u8], at: usize, _: &[u8]) -> Vec<View> {
        unescaped(text, at, entity)
    }
}

fn entity(text: &[u8]) -> Unit {
    const NAMED: [(&[u8], char); 2] = [(b"&lowbar;", '_'), (b"&UnderBar;", '_')];
    if let Some((name, character)) = NAMED.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((name.len(), Some(*character)));
    }
    let rest = text.strip_prefix(b"&#")?;
    let end = rest.iter().take(10).position(|byte| *byte == b';')?;
    let character = match &rest[..end] {
        [b'x' | b'X', digits @ ..] => number(digits, 16)?,
        digits => number(digits, 10)?,
    };
    Some((end + 3, Some(character)))
}

impl Decoder for QuotedPrintable {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        let forms: [fn(u8) -> String; 1] = [|byte| format!("={byte:02X}")];
        let mut anchors = escaped_forms(keyword, &forms);
        // A token with a soft line break has no other escapes.
        anchors.push(keyword.to_vec());
        anchors
    }

    fn decode(&self, text: &[u8], at: usize, anchor: &[u8]) -> Vec<View> {
        if !anchor.contains(&b'=') && !goes_on(&text[at..]) {
            return Vec::new();
        }
        unescaped(text, at, quoted_printable)
    }

    fn barren_until(&self, text: &[u8], at: usize) -> usize {
        alike_until(text, at, LONGEST_LINE, is_word)
    }
}

/// Maximum length of a line of quoted-printable.
const LONGEST_LINE: usize = 76;

#[inline]
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// `true` if a soft line break (`=` at the end of a line) splits the word.
fn goes_on(text: &[u8]) -> bool {
    let word = run_of(text, LONGEST_LINE, is_word);
    matches!(&text[word..], [b'=', b'\n', next, ..] | [b'=', b'\r', b'\n', next, ..] if is_word(*next))
}

fn quoted_printable(text: &[u8]) -> Unit {
    match text {
        [b'=', b'\n', ..] => Some((2, None)),
        [b'=', b'\r', b'\n', ..] => Some((3, None)),
        [b'=', rest @ ..] => Some((3, Some(number(rest.get(..2)?, 16)?))),
        _ => None,
    }
}

/// The character with this number.
fn number(digits: &[u8], radix: u32) -> Option<char> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    char::from_u32(u32::from_str_radix(digits, radix).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sign_of_any_keyword_may_be_escaped() {
        for (keyword, text) in [
            ("acme_", "t = 'acme%5Fabc'"),
            ("sk-ant-", "t = 'sk%2Dant-abc'"),
            (".eyJ", "t = 'abc%2eeyJabc'"),
            ("AKIA", "t = 'AK%49Aabc'"),
        ] {
            let anchors = Percent.anchors(keyword.as_bytes());
            let found = anchors.iter().any(|anchor| {
                memchr::memmem::find(text.as_bytes(), anchor).is_some_and(|at| {
                    let views = Percent.decode(text.as_bytes(), at, anchor);
                    let has = |bytes: &[u8]| memchr::memmem::find(bytes, keyword.as_bytes());
                    views.iter().any(|(bytes, _)| has(bytes).is_some())
                })
            });
            assert!(found, "{keyword} in {text}");
        }
    }
    use crate::model::Span;

    #[test]
    fn an_anchor_holds_an_escape_or_is_the_keyword() {
        let decoders: [(&dyn Decoder, &[u8]); 4] = [
            (&Backslash, b"0123456789abcdefABCDEF\\"),
            (&Percent, b"%"),
            (&Entity, b"&"),
            (&QuotedPrintable, b"="),
        ];
        for keyword in ["hf_", "https://", "token", "AKIA", "sk-ant-", ".eyJ"] {
            for (decoder, signs) in decoders {
                for anchor in decoder.anchors(keyword.as_bytes()) {
                    let is_keyword = anchor == keyword.as_bytes();
                    let is_escaped = anchor.iter().any(|byte| signs.contains(byte));
                    let is_plain =
                        keyword.as_bytes().windows(anchor.len()).any(|part| part == anchor);
                    assert!(is_keyword || (is_escaped && !is_plain), "{}", anchor.escape_ascii());
                }
            }
        }
    }

    /// The source of every view around an anchor of `hf_` that contains `hf_abc`.
    fn sources(decoder: &dyn Decoder, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for anchor in decoder.anchors(b"hf_") {
            assert!(anchor.len() >= 3, "{anchor:?}");
            for at in memchr::memmem::find_iter(text.as_bytes(), &anchor) {
                for (bytes, map) in decoder.decode(text.as_bytes(), at, &anchor) {
                    let start = memchr::memmem::find(&bytes, b"hf_abc");
                    found.extend(start.map(|start| {
                        let span = map.to_source(Span::new(start, start + 6));
                        String::from_utf8_lossy(span.slice(text.as_bytes())).into_owned()
                    }));
                }
            }
        }
        found
    }

    #[test]
    fn escapes_are_decoded_and_lead_back_to_where_they_stand() {
        let cases: [(&dyn Decoder, &[&str]); 4] = [
            (
                &Backslash,
                &[
                    r"\u0068\u0066\u005f\u0061\u0062\u0063",
                    r"\u0068\u0066\u005Fabc",
                    r"hf\u005fabc",
                    r"hf\x5fabc",
                    r"\x68\x66\x5f\x61\x62\x63",
                    r"\\x68\\x66\\x5fabc",
                    r"\150\146\137\141\142\143",
                    r"\u{68}\u{66}\u{5f}abc",
                ],
            ),
            (&Percent, &["%68%66%5F%61%62%63", "hf%5fabc", "hf%255Fabc", "%2568%2566%255fabc"]),
            (&Entity, &["&#104;&#102;&#95;&#97;&#98;&#99;", "hf&#x5f;abc", "hf&lowbar;abc"]),
            (&QuotedPrintable, &["hf=5Fabc", "hf_a=\nbc", "hf_a=\r\nbc"]),
        ];
        for (decoder, texts) in cases {
            for text in texts {
                let whole = format!("é token = '{text}' and more");
                let found = sources(decoder, &whole);
                assert!(found.iter().any(|source| source == text), "{text}: {found:?}");
            }
        }
    }

    #[test]
    fn plain_text_is_not_decoded() {
        assert_eq!(sources(&QuotedPrintable, "x = hf_abcdef\ny"), Vec::<String>::new());
        assert_eq!(sources(&Percent, "50% hf_abc"), Vec::<String>::new());
    }

    #[test]
    fn an_escape_at_the_end_is_no_trouble() {
        for text in ["\\", "\\u", "\\u00", "%", "%2", "%25", "&#", "&#x", "=", "=\r", "\\u{"] {
            for unit in [backslash, percent, entity, quoted_printable] {
                unescaped(text.as_bytes(), 0, unit);
            }
        }
    }
}
