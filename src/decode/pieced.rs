//! Tokens whose prefix and body are separate: `"hf" + "_" + "…"`, `f"hf_{body}"`,
//! `"hf_{}".format("…")`, `["hf", "…"].join("_")`, or reversed; and tokens whose halves are bound
//! to two names that are concatenated.
//!
//! No language is parsed. A body is 34 letters near a prefix that ends at a quotation mark or a
//! placeholder; judgement then tests the body for randomness.

use super::decoder::{Decoder, View, push};
use crate::model::SpanMap;

/// A separated prefix, and the body that belongs to it.
#[derive(Debug)]
pub struct Pieced;

/// The number of characters of a token after its prefix.
const BODY: usize = 34;
/// Maximum distance in bytes from the prefix to the body.
const MAX_GAP: usize = 96;
/// Maximum number of line ends between the prefix and the body.
const MAX_LINES: usize = 2;
/// Maximum distance in bytes to the binding of a name that holds the body or the prefix.
const MAX_DISTANCE: usize = 1 << 10;
/// Maximum number of occurrences of a name that are searched for its binding: a text may repeat one
/// name.
const MAX_USES: usize = 16;
/// Minimum number of body characters after the prefix for a first half.
const LEAST_HALF: usize = 2;
/// Maximum distance in bytes between two concatenated names.
const MAX_JOIN: usize = 12;
/// Maximum number of words before a literal that are candidates for its name.
const MOST_WORDS: usize = 3;
/// The prefix of the joined token.
const PREFIX: &[u8] = b"hf_";
/// The prefix when the token is reversed.
const REVERSED: &[u8] = b"_fh";

impl Decoder for Pieced {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        if keyword != PREFIX {
            return Vec::new();
        }
        [
            "hf_", "hf\"", "hf'", "hf`", "hf_\"", "hf_'", "hf_`", "hf_{", "hf_%", "hf_$", "=hf_",
            "_fh",
        ]
        .map(|anchor| anchor.as_bytes().to_vec())
        .to_vec()
    }

    fn decode(&self, text: &[u8], at: usize, anchor: &[u8]) -> Vec<View> {
        if anchor == REVERSED {
            return reversed(text, at).into_iter().collect();
        }
        if anchor == PREFIX {
            return halves(text, at).into_iter().collect();
        }
        let at = at + usize::from(anchor.starts_with(b"="));
        let end = at + if text[at..].starts_with(PREFIX) { PREFIX.len() } else { 2 };
        if text.get(end).is_some_and(u8::is_ascii_alphanumeric) || continues_word(&text[..at]) {
            return Vec::new();
        }
        let body = body_behind(text, end)
            .or_else(|| body_of_name(text, end))
            .or_else(|| body_behind_name(text, at, end));
        body.map(|body| joined(text, at..end, body)).into_iter().collect()
    }
}

type Range = std::ops::Range<usize>;

/// The prefix and the body as one text, each mapped to its own source.
fn joined(text: &[u8], prefix: Range, body: Range) -> View {
    let mut view = (Vec::new(), SpanMap::default());
    push(&mut view, PREFIX, prefix);
    push(&mut view, &text[body.clone()], body);
    view
}

/// The runs of letters and digits in `range` of `text`.
fn runs(text: &[u8], range: Range) -> impl Iterator<Item = Range> {
    let mut at = range.start;
    std::iter::from_fn(move || {
        let rest = &text[at..range.end];
        let start = at + rest.iter().position(u8::is_ascii_alphanumeric)?;
        let len = text[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        at = (start + len).min(range.end);
        Some(start..start + len)
    })
}

/// `true` for a run of a body's length that is not a part of base64.
fn is_body(text: &[u8], run: &Range) -> bool {
    let (before, after) = (&text[..run.start], &text[run.end..]);
    run.len() == BODY
        && before.last().is_none_or(|byte| !b"+/".contains(byte))
        && after.first().is_none_or(|byte| !b"+/=".contains(byte))
}

/// `true` if the last byte belongs to a name (`gnueabihf`, `Llama-2-7b-hf`) and ends no escape.
fn continues_word(before: &[u8]) -> bool {
    match before {
        [.., b'\\', _] => false,
        [.., last] => is_in_word(*last) || b"-./".contains(last),
        [] => false,
    }
}

/// The body near the prefix: the first run of a body's length.
fn body_behind(text: &[u8], end: usize) -> Option<Range> {
    // A body directly after its own prefix is a complete token, and ends the search.
    let body = runs(text, near(text, end)).find(|run| is_body(text, run))?;
    (body.start == end || !text[..body.start].ends_with(PREFIX)).then_some(body)
}

/// The lines after `end` that may contain the body.
fn near(text: &[u8], end: usize) -> Range {
    let rest = &text[end..text.len().min(end + MAX_GAP)];
    let lines = memchr::memchr_iter(b'\n', rest).nth(MAX_LINES).unwrap_or(rest.len());
    end..end + lines
}

/// The body to which one of the names after the prefix is bound: `f"hf_{body}"`, `"hf_" + body`.
fn body_of_name(text: &[u8], end: usize) -> Option<Range> {
    let line = near(text, end);
    let line =
        line.start..memchr::memchr(b'\n', &text[line.clone()]).map_or(line.end, |at| end + at);
    names(text, line).take(3).find_map(|name| bound_body(text, &text[name.clone()], name.start))
}

/// The names of variables in `range` of `text`.
fn names(text: &[u8], range: Range) -> impl Iterator<Item = Range> {
    let is_in_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut at = range.start;
    std::iter::from_fn(move || {
        let rest = &text[at..range.end];
        let start = at + rest.iter().position(is_in_name)?;
        let len = text[start..range.end].iter().take_while(|byte| is_in_name(byte)).count();
        at = start + len;
        Some(start..start + len)
    })
}

/// The body to which `name` is bound before `at`.
fn bound_body(text: &[u8], name: &[u8], at: usize) -> Option<Range> {
    let start = at.saturating_sub(MAX_DISTANCE);
    uses(&text[start..at], name).find_map(|found| {
        let behind = start + found + name.len();
        let value = behind + binding_len(&text[behind..])?;
        runs(text, value..text.len().min(value + 1)).find(|run| is_body(text, run))
    })
}

fn is_in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The length of the text between a name and its literal: `=`, `:=`, `: str =`, with the quotation
/// mark.
fn binding_len(text: &[u8]) -> Option<usize> {
    let text = &text[..text.len().min(40)];
    let sign = text.iter().position(|byte| matches!(byte, b'=' | b':'))?;
    let is_type = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'&' | b'\'');
    if !text[..sign].iter().all(is_type) {
        return None;
    }
    let rest = text[sign..].iter().position(|byte| {
        !matches!(byte, b'=' | b':' | b' ' | b'"' | b'\'' | b'`') && !byte.is_ascii_whitespace()
    })?;
    Some(sign + rest)
}

/// The body after a later use of the name to which the prefix is bound: `P=hf_`, `"${P}…"`.
fn body_behind_name(text: &[u8], at: usize, end: usize) -> Option<Range> {
    let line = memchr::memrchr(b'\n', &text[at.saturating_sub(MAX_GAP)..at])
        .map_or(at.saturating_sub(MAX_GAP), |found| at.saturating_sub(MAX_GAP) + found + 1);
    let before = text[line..at].iter().rposition(|byte| is_in_word(*byte))?;
    let is_bound = text[line + before + 1..at].iter().any(|byte| matches!(byte, b'=' | b':'));
    let name = names(text, line..line + before + 1).last().filter(|_| is_bound)?;
    let rest = end..text.len().min(end + MAX_DISTANCE);
    let uses = memchr::memmem::find_iter(&text[rest.clone()], &text[name.clone()]);
    uses.take(4).find_map(|found| body_behind(text, rest.start + found + name.len()))
}

/// A token whose halves are bound to names and concatenated later: `a = "hf_…"`, `b = "…"`, `a +
/// b`; or whose second half is appended to the first: `a += "…"`.
fn halves(text: &[u8], at: usize) -> Option<View> {
    let len =
        text[at + PREFIX.len()..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let first = at..at + PREFIX.len() + len;
    let ends = text.get(first.end).is_none_or(|byte| b"\"'` \t\r\n;".contains(byte));
    if !(LEAST_HALF..BODY).contains(&len) || !ends {
        return None;
    }
    let second = runs(text, near(text, first.end)).find(|run| run.len() == BODY - len)?;
    let ours = words_before(text, 0, at);
    let theirs = words_before(text, first.end, second.start);
    let word = |range: &Range| &text[range.clone()];
    let is_added = || {
        let sign = text[first.end..second.start].trim_ascii_end();
        let sign = sign.strip_suffix(b"\"").or(sign.strip_suffix(b"'")).unwrap_or(sign);
        let sign = sign.trim_ascii_end();
        theirs.last().is_some_and(|last| ours.iter().any(|one| word(one) == word(last)))
            && [b"+=", b".=", b"<<"].iter().any(|add| sign.ends_with(*add))
    };
    let behind = &text[second.end..text.len().min(second.end + MAX_DISTANCE)];
    let are_joined =
        || ours.iter().any(|one| are_joined(behind, word(one), theirs.iter().map(word)));
    if !is_added() && !are_joined() {
        return None;
    }
    let mut view = (Vec::new(), SpanMap::default());
    push(&mut view, &text[first.clone()], first);
    push(&mut view, &text[second.clone()], second);
    Some(view)
}

/// The last words of the line before `at`, but after `from`, one of which is the bound name. Empty
/// if there is no binding operator.
fn words_before(text: &[u8], from: usize, at: usize) -> Vec<Range> {
    let from = from.max(at.saturating_sub(MAX_GAP));
    let start = memchr::memrchr(b'\n', &text[from..at]).map_or(from, |found| from + found + 1);
    let line = &text[start..at];
    if !line.iter().any(|byte| matches!(byte, b'=' | b':')) && !line.starts_with(b"#define") {
        return Vec::new();
    }
    let mut words: Vec<Range> = names(text, start..at).collect();
    words.drain(..words.len().saturating_sub(MOST_WORDS));
    words
}

/// `true` if `one` is followed by one of the `others` on a line of `text`, at most [`MAX_JOIN`]
/// bytes later.
fn are_joined<'t>(text: &[u8], one: &[u8], others: impl Iterator<Item = &'t [u8]> + Clone) -> bool {
    uses(text, one).any(|start| {
        let line = &text[start + one.len()..];
        let mut others = others.clone().filter(|other| *other != one);
        others.any(|other| {
            // With the byte after the name, which may continue it.
            let line = &line[..line.len().min(MAX_JOIN + other.len() + 1)];
            let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
            uses(line, other).any(|at| at <= MAX_JOIN)
        })
    })
}

/// The first occurrences of a name in `text` as a whole word, at most [`MAX_USES`].
fn uses(text: &[u8], name: &[u8]) -> impl Iterator<Item = usize> {
    let is_whole = |found: &usize| {
        let ends = text.get(found + name.len()).is_none_or(|byte| !is_in_word(*byte));
        ends && found.checked_sub(1).is_none_or(|before| !is_in_word(text[before]))
    };
    memchr::memmem::find_iter(text, name).filter(is_whole).take(MAX_USES)
}

/// The token written in reverse before `_fh`, if nearby text indicates a reversal.
fn reversed(text: &[u8], at: usize) -> Option<View> {
    let end = at + REVERSED.len();
    let start = at.checked_sub(BODY)?;
    let is_alone = text.get(end).is_none_or(|byte| !is_in_word(*byte))
        && text[start..at].iter().all(u8::is_ascii_alphanumeric)
        && start.checked_sub(1).is_none_or(|before| !is_in_word(text[before]));
    let marks: [&[u8]; 5] = [b"[::-1]", b"rev", b"Rev", b".reduce", b"turn"];
    let around = &text[start.saturating_sub(MAX_GAP)..text.len().min(end + MAX_GAP)];
    let is_turned = marks.iter().any(|mark| memchr::memmem::find(around, mark).is_some());
    if !is_alone || !is_turned {
        return None;
    }
    let token: Vec<u8> = text[start..end].iter().rev().copied().collect();
    let mut view = (Vec::new(), SpanMap::default());
    for (place, byte) in token.iter().enumerate() {
        let source = end - 1 - place;
        push(&mut view, &[*byte], source..source + 1);
    }
    Some(view)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The body of a token, computed here so that no file contains one.
    fn letters() -> String {
        (0..34u8).map(|at| char::from(b'A' + (at * 7 + at / 5) % 26)).collect()
    }

    fn found(text: &str) -> Vec<String> {
        let text = text.replace('@', &letters());
        let anchors = Pieced.anchors(b"hf_");
        let views = anchors.iter().flat_map(|anchor| {
            let places: Vec<_> = memchr::memmem::find_iter(text.as_bytes(), anchor).collect();
            places.into_iter().flat_map(|at| Pieced.decode(text.as_bytes(), at, anchor))
        });
        views.map(|(bytes, _)| String::from_utf8_lossy(&bytes).into_owned()).collect()
    }

    #[test]
    fn a_prefix_and_a_body_are_put_together_in_every_language() {
        let token = format!("hf_{}", letters());
        for text in [
            "t = 'hf' + '_' + '@'",
            "t = 'hf' '_' '@'",
            "t = 'hf' + chr(95) + '@'",
            "t = f\"{'hf'}_@\"",
            "t = f\"hf_{'@'}\"",
            "t = 'hf_%s' % '@'",
            "t = 'hf_{}'.format('@')",
            "t = '_'.join(['hf', '@'])",
            "s = '@'\nlogin('hf_' + s)",
            "s = '@'\nlogin(f'hf_{s}')",
            "PREFIX = 'hf_'\nt = PREFIX + '@'",
            "const t = ['hf', '@'].join('_');",
            "const s = \"@\";\nconst c = new HfInference(`hf_${s}`);",
            "$t = 'hf','@' -join '_'",
            "P=hf_\nexport HF_TOKEN=\"${P}@\"",
            "HF_TOKEN=$(printf 'hf_%s' @)",
            "locals { t = join(\"_\", [\"hf\", \"@\"]) }",
            "var t = \"hf\" + \"_\" + \"@\"",
            "text = 'Bearer\\nhf' + '_' + '@'",
            "'Authorization: Bearer hf' + '_' + '@'",
        ] {
            assert!(found(text).contains(&token), "{text}");
        }
    }

    #[test]
    fn halves_that_are_bound_to_two_names_are_put_together_if_they_are_joined() {
        let letters = letters();
        let (one, two) = letters.split_at(17);
        let token = format!("hf_{letters}");
        let made = |text: &str| found(&text.replace('<', one).replace('>', two));
        for text in [
            "a = 'hf_<'\nb = '>'\nlogin(a + b)",
            "a = 'hf_<'\nb = '>'\nlogin(f'{a}{b}')",
            "t = 'hf_<'\nt += '>'\nlogin(t)",
            "const a = 'hf_<', b = '>';\nnew InferenceClient(`${a}${b}`);",
            "A=hf_<\nB=>\nexport HF_TOKEN=$A$B",
            "const A: &str = \"hf_<\";\nconst B: &str = \">\";\nformat!(\"{}{}\", A, B)",
            "#define A \"hf_<\"\n#define B \">\"\nconst char *t = A B;",
            "a = \"hf_<\"\n  b = \">\"\n  t = \"${local.a}${local.b}\"",
            "$a = 'hf_<';\n$b = '>';\n$t = $a . $b;",
        ] {
            assert!(made(text).contains(&token), "{text}");
        }
        for text in [
            "a = 'hf_<'\nb = '>'\nprint(a)\nprint(b)",
            "{'hf_<': '>'}",
            "a = 'hf_<'\nb = '>x'\nlogin(a + b)",
            "a = 'hf_<'\nb = '>'\nlogin(a ---------- bc)",
            "hf_<('>')",
        ] {
            assert!(made(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_token_that_is_turned_round_is_read_from_its_end() {
        let turned: String = letters().chars().rev().collect();
        let token = format!("hf_{}", letters());
        assert_eq!(found(&format!("login('{turned}_fh'[::-1])")), [token]);
        assert!(found(&format!("login('{turned}_fh')")).is_empty());
    }

    #[test]
    fn a_prefix_without_a_body_near_it_gives_nothing() {
        for text in [
            "t = 'hf_' + name",
            "x.startswith('hf_')",
            "f'hf_{name}'",
            "'hf'",
            "hf_",
            "_fh",
            // A word that ends like the prefix, in a lock file; runs of base64.
            "\"linux-arm-gnueabihf\": {\n  \"integrity\": \"@\"",
            "\"acme/Llama-2-7b-hf\": \"@\"",
            "'hf': 'sha512-Av+D/@/yaXQ=='",
            "'hf': 'sha512-@+yaXQ=='",
            "'hf': 'sha1-@='",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn every_part_stands_where_it_was_written() {
        let text = format!("t = 'hf' + '_' + '{}'", letters());
        let (bytes, map) = Pieced.decode(text.as_bytes(), 5, b"hf'").remove(0);
        let span = map.to_source(crate::model::Span::new(0, bytes.len()));
        assert_eq!((span.start, span.end), (5, text.len() - 1));
    }
}
