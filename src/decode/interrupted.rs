//! Tokens interrupted by characters that are not displayed: an escape before the underscore, as
//! Markdown editors write it, zero-width characters, colour codes, a line continuation.

use super::decoder::{Decoder, View, push};
use crate::model::{Span, SpanMap};

/// Tokens interrupted by characters that are not displayed.
#[derive(Debug)]
pub struct Interrupted;

/// Number of source bytes kept before the token, as context.
const LEFT_CONTEXT: usize = 32;
/// Maximum length in bytes of a token with its interruptions.
const MAX_RUN: usize = 4 << 10;
/// Maximum length in bytes of a colour code.
const MAX_CODE: usize = 24;

/// Ways to write an underscore where a plain one has a special meaning: in Markdown and LaTeX, the
/// same within JSON, in org, and the full-width form in East Asian texts.
const UNDERSCORES: [&str; 4] = ["\\_", "\\\\_", "\\under{}", "\u{ff3f}"];

/// Characters that are not displayed: zero-width space, joiners, soft hyphen, and their names in
/// HTML.
const UNSEEN: [&str; 15] = [
    "\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{ad}", "<wbr>", "<wbr/>",
    "<wbr />", "&shy;", "&#173;", "&#8203;", "&#x200b;", "&#x200B;", "\u{180e}",
];
/// The same characters as escapes in a program or in JSON.
const UNSEEN_ESCAPES: [&str; 5] = ["\\u200b", "\\u200c", "\\u200d", "\\u2060", "\\u00ad"];

/// Ways to write the byte before a colour code: itself and its escapes.
const ESCAPES: [&str; 7] = ["\u{1b}", "\\u001b", "\\u001B", "\\x1b", "\\033", "\\e", "^["];

impl Decoder for Interrupted {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        let prefixes: &[&str] = match keyword {
            b"hf_" => &["hf_", "api_org_"],
            [b'h', b'f', b'_', ..] => &["hf_"],
            _ => return Vec::new(),
        };
        let mut anchors = vec![keyword.to_vec()];
        for prefix in prefixes {
            anchors.extend(UNDERSCORES.map(|form| prefix.replace('_', form).into_bytes()));
        }
        // Pages allow a line to be broken before the underscore as well as after it.
        anchors.extend(["hf\u{200b}_", "hf<wbr>_"].map(|form| form.as_bytes().to_vec()));
        anchors
    }

    fn decode(&self, text: &[u8], at: usize, _: &[u8]) -> Vec<View> {
        decode_at(text, at).into_iter().collect()
    }

    fn barren_until(&self, text: &[u8], at: usize) -> usize {
        // Every anchor of a run is tested against the run's end, in vain if it is more than
        // `MAX_RUN` before it.
        let run = text[at..].iter().take_while(|byte| is_secret_byte(**byte)).count();
        match interruption(&text[at + run..]) {
            Some(_) => (at + run).saturating_sub(MAX_RUN).max(at),
            None => at + run,
        }
    }
}

/// The token at `at` without its interruptions; `None` if it has none.
fn decode_at(text: &[u8], at: usize) -> Option<View> {
    let rest = &text[at..text.len().min(at + MAX_RUN)];
    // Few anchors are interrupted, so nothing is copied before an interruption is found.
    let first = rest.iter().position(|byte| !is_secret_byte(*byte))?;
    interruption(&rest[first..])?;
    let left = at.saturating_sub(LEFT_CONTEXT);
    let mut view = (text[left..at].to_vec(), SpanMap::default());
    view.1.push(at - left, Span::new(left, at));
    let mut place = 0;
    while place < rest.len() {
        let run = rest[place..].iter().take_while(|byte| is_secret_byte(**byte)).count();
        push(&mut view, &rest[place..place + run], at + place..at + place + run);
        place += run;
        let Some((len, stands_for)) = interruption(&rest[place..]) else { break };
        push(&mut view, stands_for, at + place..at + place + len);
        place += len;
    }
    Some(view)
}

/// The interruption at the start of `text`: its length, and the text that replaces it.
fn interruption(text: &[u8]) -> Option<(usize, &'static [u8])> {
    let starts = |forms: &[&str]| {
        forms.iter().find(|form| text.starts_with(form.as_bytes())).map(|form| form.len())
    };
    if let Some(len) = starts(&UNDERSCORES) {
        return Some((len, b"_"));
    }
    let unseen = starts(&UNSEEN).or_else(|| starts(&UNSEEN_ESCAPES)).or_else(|| continuation(text));
    Some((unseen.or_else(|| colour_code(text))?, b""))
}

/// The length of a backslash at the end of a line.
fn continuation(text: &[u8]) -> Option<usize> {
    match text {
        [b'\\', b'\r', b'\n', ..] => Some(3),
        [b'\\', b'\n', ..] => Some(2),
        _ => None,
    }
}

/// The length of a control sequence of a terminal (ECMA-48, section 5.4).
fn colour_code(text: &[u8]) -> Option<usize> {
    let escape = ESCAPES.iter().find(|form| text.starts_with(form.as_bytes()))?.len();
    let code = text.get(escape..)?.strip_prefix(b"[")?;
    let end = code.iter().take(MAX_CODE).position(|byte| matches!(byte, b'@'..=b'~'))?;
    let is_code = code[..end].iter().all(|byte| matches!(byte, b'0'..=b'?'));
    is_code.then_some(escape + 1 + end + 1)
}

fn is_secret_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Option<String> {
        let anchors = Interrupted.anchors(b"hf_");
        let find = |anchor: &Vec<u8>| memchr::memmem::find(text.as_bytes(), anchor);
        let at = anchors.iter().filter_map(find).min()?;
        let (bytes, map) = decode_at(text.as_bytes(), at)?;
        let start = at.min(LEFT_CONTEXT);
        assert_eq!(map.to_source(Span::new(start, bytes.len())).start, at);
        Some(String::from_utf8_lossy(&bytes[start..]).into_owned())
    }

    #[test]
    fn a_token_is_read_over_what_is_not_shown() {
        for text in [
            "log in with hf\\_abcdef first",
            "{\"readme\": \"hf\\\\_abcdef\"}",
            "token hf\\under{}abcdef",
            "hf\u{ff3f}abcdef",
            "hf_abc\u{200b}def",
            "hf\u{200b}_abcdef",
            "hf<wbr>_abcdef",
            "hf_abc\u{2060}de\u{ad}f",
            "hf_<wbr>abcdef",
            "hf_abc&#8203;def",
            "HF_TOKEN=\u{1b}[01;31m\u{1b}[Khf_\u{1b}[m\u{1b}[Kabcdef",
            "\\u001b[01;31mhf_\\u001b[mabcdef",
            "export HF_TOKEN=hf_abc\\\ndef\n",
        ] {
            assert_eq!(decoded(text).as_deref(), Some("hf_abcdef"), "{text}");
        }
        assert_eq!(decoded("api\\_org\\_abc").as_deref(), Some("api_org_abc"));
    }

    #[test]
    fn anchors_in_a_run_are_passed_over_up_to_those_that_see_an_interruption() {
        for tail in ["", " end", "\\_end"] {
            let text = "hf_".repeat(3000) + tail;
            let text = text.as_bytes();
            let end = Interrupted.barren_until(text, 0);
            assert!(end > text.len() / 2, "{tail}");
            for at in (0..end).step_by(3) {
                assert!(Interrupted.decode(text, at, b"hf_").is_empty(), "{at} {tail}");
            }
        }
        let text = "hf_".repeat(3000) + "\\_end";
        assert!(!Interrupted.decode(text.as_bytes(), 2999 * 3, b"hf_").is_empty());
    }

    #[test]
    fn a_token_that_nothing_interrupts_is_not_decoded() {
        for text in
            ["hf_abcdef", "hf_abc def", "hf_abc\\def", "hf_abc<b>", "hf_abc\u{1b}]0;x", "hf_"]
        {
            assert_eq!(decoded(text), None, "{text}");
        }
    }
}
