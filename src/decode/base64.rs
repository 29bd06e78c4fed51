//! Decodes base64 that can hold a keyword.
//!
//! Three bytes of text become four characters, so a keyword has only three forms, one for each
//! position in a group. The prefilter searches for those forms, and only the text around a hit is
//! decoded, so other base64 costs nothing.

use super::decoder::{Decoder, View};
use crate::model::{Span, SpanMap};
use ::base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

/// A form of `hf_` in base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The characters that do not depend on the text around `hf_`.
    pub text: &'static [u8],
    /// The number of characters of the same group before `text`: 0 to 3.
    pub phase: usize,
}

/// All forms of `hf_`. The last character of the third form also holds the first bits of the next
/// byte: a letter gives `9`, a digit `8`.
pub const ANCHORS: [Anchor; 4] = [
    Anchor { text: b"aGZf", phase: 0 },
    Anchor { text: b"hmX", phase: 2 },
    Anchor { text: b"oZl8", phase: 3 },
    Anchor { text: b"oZl9", phase: 3 },
];

/// The number of characters of a group before the first one that depends only on the keyword, by
/// the number of bytes of the group before the keyword.
const PHASES: [usize; 3] = [0, 2, 3];
/// Maximum number of bytes of a keyword that its forms are made of; more would only make them
/// longer.
const MAX_FORM: usize = 12;

/// The forms of `keyword` in base64, one for each position in a group, with the number of
/// characters of the group before it. Only in the standard alphabet, and only forms of three
/// characters or more.
fn forms(keyword: &[u8]) -> Vec<(Vec<u8>, usize)> {
    let keyword = &keyword[..keyword.len().min(MAX_FORM)];
    let form = |(lead, phase): (usize, &usize)| {
        let mut bytes = vec![0; lead];
        bytes.extend_from_slice(keyword);
        let encoded = STANDARD_NO_PAD.encode(&bytes);
        // Characters at the ends that also hold bits of a neighbouring byte vary.
        let form = encoded.as_bytes()[*phase..bytes.len() * 8 / 6].to_vec();
        (form, *phase)
    };
    PHASES.iter().enumerate().map(form).filter(|(form, _)| form.len() >= 3).collect()
}

/// Base64 in either alphabet, on one line or several.
#[derive(Debug)]
pub struct Base64;

impl Decoder for Base64 {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        if keyword.starts_with(b"hf_") {
            return ANCHORS.iter().map(|anchor| anchor.text.to_vec()).collect();
        }
        forms(keyword).into_iter().map(|(text, _)| text).collect()
    }

    fn decode(&self, text: &[u8], at: usize, anchor: &[u8]) -> Vec<View> {
        if let Some(known) = ANCHORS.iter().find(|known| known.text == anchor) {
            return match goes_on(text, at, known.phase) {
                true => decode_token(text, at, known.phase),
                false => Vec::new(),
            };
        }
        // The keyword of the anchor is not known, so its position in a group is not either.
        PHASES.iter().flat_map(|phase| decode_around(text, at, *phase)).collect()
    }
}

/// `true` if letters, digits or `_` follow the `hf_` of the anchor at `at`. Images contain an
/// anchor by chance every few hundred KiB, and decoding around each takes longer than the search.
fn goes_on(text: &[u8], at: usize, phase: usize) -> bool {
    /// The number of characters in the groups that hold `hf_` and the nine bytes after it.
    const FIRST: usize = 16;
    /// Number of following bytes checked: one in 270 random sequences of this length consists of
    /// letters, digits or `_`.
    const SHORT: usize = 4;
    let Some((mut at, _)) = group_start(text, at, phase, 0, true) else { return false };
    let mut sextets = Vec::with_capacity(FIRST);
    let mut line = None;
    while sextets.len() < FIRST {
        if let Some(bits) = text.get(at).copied().and_then(sextet) {
            sextets.push(bits);
            at += 1;
        } else if let Some(after) = wrap_after(text, at) {
            line.get_or_insert(sextets.len());
            at = after;
        } else {
            break;
        }
    }
    let body_of = |sextets: &[u32]| -> Option<Vec<u8>> {
        let groups = sextets.as_chunks::<4>().0.iter();
        let bits = groups.map(|group| group.iter().fold(0, |bits, sextet| bits << 6 | sextet));
        let bytes = bits.flat_map(|bits: u32| [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
        let bytes: Vec<u8> = bytes.collect();
        memchr::memmem::find(&bytes, b"hf_").map(|token| bytes[token + 3..].to_vec())
    };
    let is_body =
        |body: Vec<u8>| body.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    // Base64 that ends with its line may hold a secret shorter than a token.
    let in_line = line.and_then(|len| body_of(&sextets[..len]));
    in_line.is_some_and(|body| body.len() >= SHORT && is_body(body))
        || body_of(&sextets).map_or(sextets.len() < FIRST, is_body)
}

/// Maximum number of characters decoded before the anchor: room for the user name of a Basic
/// header. A multiple of four.
const MAX_LEFT: usize = 96;
/// Maximum number of characters decoded from the anchor on: room for a signed token.
const MAX_RIGHT: usize = 32 << 10;
/// Maximum indentation of a line of wrapped base64.
const MAX_INDENT: usize = 32;

/// Decodes the base64 around `at`, which is character `phase` of its group: first up to the end of
/// the line, then, if base64 continues on the next line, across line ends as well.
pub fn decode_around(text: &[u8], at: usize, phase: usize) -> Vec<View> {
    decode_while(text, at, phase, |_| |_: &[u8]| true)
}

/// The same around the anchor of `hf_` at `at`, up to some bytes after the token. Other tokens have
/// their own anchors; without an end, each of many anchors would decode the whole rest of the text.
fn decode_token(text: &[u8], at: usize, phase: usize) -> Vec<View> {
    decode_while(text, at, phase, |groups| {
        let body = groups * 3 + phase.saturating_sub(1) + 3;
        let mut token = Token { seen: body, others: 0, end: None };
        move |bytes: &[u8]| token.needs_more(bytes)
    })
}

/// Decodes around the anchor while `needs_more` returns `true` for the bytes so far. It is created
/// with the number of groups before the anchor.
fn decode_while<F: FnMut(&[u8]) -> bool>(
    text: &[u8],
    at: usize,
    phase: usize,
    needs_more: impl Fn(usize) -> F,
) -> Vec<View> {
    let mut views = Vec::new();
    let own = group_start(text, at, phase, MAX_LEFT, false);
    let mut wrapped = false;
    if let Some((start, groups)) = own {
        let line = decode_from(text, start, false, needs_more(groups));
        wrapped = line.1;
        views.push(line.0);
    }
    let far = group_start(text, at, phase, MAX_LEFT, true);
    if let Some((start, groups)) = far.filter(|_| wrapped || far != own) {
        views.push(decode_from(text, start, true, needs_more(groups)).0);
    }
    views
}

/// Number of bytes decoded after a token, since the token may be interrupted.
const AFTER_TOKEN: usize = 256;
/// Number of further `hf_` at which decoding stops. A signed token may contain one by chance.
const MAX_OTHERS: usize = 3;

/// A token in incrementally decoded bytes.
struct Token {
    /// Number of processed bytes; initially up to the end of its `hf_`.
    seen: usize,
    /// Number of further `hf_`.
    others: usize,
    /// The end of the token, once known.
    end: Option<usize>,
}

impl Token {
    /// `true` if bytes after `bytes`, which have grown since the last call, may still be relevant.
    fn needs_more(&mut self, bytes: &[u8]) -> bool {
        for at in self.seen..bytes.len() {
            let is_body = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.~+/=%".contains(&byte);
            if self.end.is_none() && !is_body(bytes[at]) {
                self.end = Some(at);
            }
            self.others += usize::from(bytes[..=at].ends_with(b"hf_"));
        }
        self.seen = self.seen.max(bytes.len());
        self.others < MAX_OTHERS && self.end.is_none_or(|end| bytes.len() < end + AFTER_TOKEN)
    }
}

/// The offset at which decoding starts: at most `most` characters, in whole groups, before the
/// group that contains the anchor; and the number of these groups. With `over_lines` they may be on
/// lines before that of the anchor.
fn group_start(
    text: &[u8],
    at: usize,
    phase: usize,
    most: usize,
    over_lines: bool,
) -> Option<(usize, usize)> {
    let mut places = Vec::with_capacity(most + phase);
    let mut before = at;
    while places.len() < most + phase {
        let Some(previous) = before.checked_sub(1) else { break };
        if sextet(text[previous]).is_some() {
            places.push(previous);
            before = previous;
        } else if let Some(skipped) = wrap_before(text, before).filter(|_| over_lines) {
            before = skipped;
        } else {
            break;
        }
    }
    let groups = places.len().checked_sub(phase)? / 4;
    match groups * 4 + phase {
        0 => Some((at, 0)),
        count => Some((places[count - 1], groups)),
    }
}

/// Decodes from `start` while `needs_more` returns `true` for the bytes so far. The second value is
/// `true` if it reached a line end after which base64 continues.
fn decode_from(
    text: &[u8],
    start: usize,
    over_lines: bool,
    mut needs_more: impl FnMut(&[u8]) -> bool,
) -> (View, bool) {
    let (mut bytes, mut map) = (Vec::new(), SpanMap::default());
    let mut group = [(0u32, 0usize); 4];
    let (mut filled, mut at, mut wrapped) = (0, start, false);
    while at < text.len().min(start + MAX_LEFT + MAX_RIGHT) {
        if let Some(bits) = sextet(text[at]) {
            group[filled] = (bits, at);
            filled += 1;
            at += 1;
            if filled == 4 {
                flush(&group, &mut bytes, &mut map);
                filled = 0;
                if !needs_more(&bytes) {
                    break;
                }
            }
            continue;
        }
        match wrap_after(text, at) {
            Some(after) if over_lines => at = after,
            Some(_) => {
                wrapped = true;
                break;
            }
            None => break,
        }
    }
    flush(&group[..filled], &mut bytes, &mut map);
    ((bytes, map), wrapped)
}

/// Decodes a group of one to four characters.
fn flush(group: &[(u32, usize)], bytes: &mut Vec<u8>, map: &mut SpanMap) {
    let bits = group.iter().fold(0, |bits, (sextet, _)| bits << 6 | sextet)
        << (6 * (4 - group.len().min(4)));
    for byte in 0..group.len().saturating_sub(1) {
        bytes.push((bits >> (16 - 8 * byte)) as u8);
        // Byte 0 is in characters 0 and 1, byte 1 in 1 and 2, byte 2 in 2 and 3.
        map.push(1, Span::new(group[byte].1, group[byte + 1].1 + 1));
    }
}

/// The offset after the line end at `at` and the following indentation, if base64 continues there.
fn wrap_after(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    let line_end =
        [&b"\r\n"[..], b"\n", b"\\r\\n", b"\\n"].into_iter().find(|end| rest.starts_with(end))?;
    let indent = rest[line_end.len()..]
        .iter()
        .take(MAX_INDENT)
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    let after = at + line_end.len() + indent;
    text.get(after).copied().and_then(sextet).map(|_| after)
}

/// The start of the line end that, with its indentation, ends at `end`.
fn wrap_before(text: &[u8], end: usize) -> Option<usize> {
    let before = &text[..end];
    let indent =
        before.iter().rev().take(MAX_INDENT).take_while(|b| matches!(b, b' ' | b'\t')).count();
    let before = &before[..end - indent];
    let line_end = [&b"\r\n"[..], b"\n"].into_iter().find(|end| before.ends_with(end))?;
    let start = before.len() - line_end.len();
    (start > 0 && sextet(text[start - 1]).is_some()).then_some(start)
}

/// The six bits of a character in either alphabet (RFC 4648, sections 4 and 5).
#[inline]
fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::engine::general_purpose::STANDARD;

    /// A placeholder for a token: 34 letters that no rule considers random.
    const TOKEN: &str = "hf_abcabcabcabcabcabcabcabcabcabcabca";

    fn decoded(text: &str) -> Vec<String> {
        ANCHORS
            .iter()
            .flat_map(|anchor| {
                memchr::memmem::find_iter(text.as_bytes(), anchor.text)
                    .flat_map(|at| decode_around(text.as_bytes(), at, anchor.phase))
                    .collect::<Vec<_>>()
            })
            .filter_map(|(bytes, map)| {
                let at = memchr::memmem::find(&bytes, TOKEN.as_bytes())?;
                let span = map.to_source(Span::new(at, at + TOKEN.len()));
                Some(String::from_utf8_lossy(span.slice(text.as_bytes())).into_owned())
            })
            .collect()
    }

    #[test]
    fn a_token_is_found_at_each_place_in_a_group() {
        for before in ["", "u", "us", "user:", "hf_user:", "{\"token\": \""] {
            for after in ["", "\n", "\"}"] {
                let text = format!("x: \"{}\"", STANDARD.encode(format!("{before}{TOKEN}{after}")));
                let found = decoded(&text);
                assert!(!found.is_empty(), "{before:?} {after:?}");
                assert!((50..=52).contains(&found[0].len()), "{found:?}");
            }
        }
    }

    #[test]
    fn any_keyword_is_found_at_each_place_in_a_group() {
        for keyword in ["key", "acme_", "sk-ant-", "-----BEGIN PRIVATE KEY-----"] {
            let anchors = Base64.anchors(keyword.as_bytes());
            assert!(anchors.iter().all(|anchor| anchor.len() >= 3), "{keyword}");
            for before in ["", "u", "us", "user:", "{\"token\": \""] {
                let encoded = STANDARD.encode(format!("{before}{keyword}abcabcabc"));
                let text = format!("x: {encoded}\n").into_bytes();
                let has_keyword = |views: Vec<View>| {
                    let has = |bytes: &[u8]| memchr::memmem::find(bytes, keyword.as_bytes());
                    views.iter().any(|(bytes, _)| has(bytes).is_some())
                };
                let found = anchors.iter().any(|anchor| {
                    memchr::memmem::find_iter(&text, anchor)
                        .any(|at| has_keyword(Base64.decode(&text, at, anchor)))
                });
                assert!(found, "{keyword} after {before:?}");
            }
        }
    }

    #[test]
    fn wrapped_base64_is_read_over_its_line_ends() {
        let encoded = STANDARD.encode(format!("a long user name before it:{TOKEN}"));
        for end in ["\n", "\r\n", "\n    ", "\\n"] {
            let mut text = String::new();
            for (place, character) in encoded.chars().enumerate() {
                if place > 0 && place % 64 == 0 {
                    text.push_str(end);
                }
                text.push(character);
            }
            assert!(!decoded(&text).is_empty(), "{end:?}");
        }
    }

    #[test]
    fn each_of_many_anchors_decodes_little_and_none_of_many_tokens_is_lost() {
        let mut text = (0..1000).map(|_| STANDARD.encode(TOKEN) + "\n").collect::<String>();
        assert!(decoded(&text).len() >= 1000);
        text += &"aGZfYWJjYWJjYWJj".repeat(1000);
        let text = text.as_bytes();
        let found = memchr::memmem::find_iter(text, b"aGZf");
        let bytes: usize = found
            .flat_map(|at| Base64.decode(text, at, b"aGZf"))
            .map(|(bytes, _)| bytes.len())
            .sum();
        assert!(bytes < text.len() * 12, "{bytes} of {}", text.len());
    }

    #[test]
    fn unpadded_base64_at_a_line_end_stops_there() {
        let encoded = STANDARD.encode(TOKEN);
        let text = format!("{}\nnext_line_word", encoded.trim_end_matches('='));
        assert!(!decoded(&text).is_empty());
    }

    #[test]
    fn an_anchor_that_stands_in_a_picture_is_not_decoded() {
        let picture = STANDARD.encode(b"hf_\x00\xff\x8a\x12\x99\x00\x01\x02\x03\x04");
        assert!(Base64.decode(picture.as_bytes(), 0, b"aGZf").is_empty());
        // The text before this anchor does not complete `hf_`.
        let other = "AAhmXAAAAAAAAAAAAAAAAAAA";
        assert!(Base64.decode(other.as_bytes(), 2, b"hmX").is_empty());
        for before in ["", "u", "us", "use"] {
            let token = STANDARD.encode(format!("{before}{TOKEN}"));
            let decoded = ANCHORS.iter().filter(|anchor| {
                let at = memchr::memmem::find(token.as_bytes(), anchor.text);
                at.is_some_and(|at| !Base64.decode(token.as_bytes(), at, anchor.text).is_empty())
            });
            assert_eq!(decoded.count(), 1, "{before:?}");
        }
        // The text before the anchor, or after it, may be on another line.
        let token = STANDARD.encode(format!("us{TOKEN}"));
        let wrapped = format!("{}\n{}", &token[..3], &token[3..]);
        assert!(!Base64.decode(wrapped.as_bytes(), 4, b"oZl9").is_empty());
        let wrapped = format!("{}\n{}", &token[..8], &token[8..]);
        assert!(!Base64.decode(wrapped.as_bytes(), 3, b"oZl9").is_empty());
        // A user's own rule may look for a value shorter than a token.
        let short = format!("{}\nlogin: x", STANDARD.encode("hf_abcdef"));
        assert!(!Base64.decode(short.as_bytes(), 0, b"aGZf").is_empty());
        let (one, other) = picture.split_at(8);
        assert!(Base64.decode(format!("{one}\n{other}").as_bytes(), 0, b"aGZf").is_empty());
    }

    #[test]
    fn the_url_safe_alphabet_is_read_as_well() {
        let encoded = STANDARD.encode(format!("~~~?>>{TOKEN}")).replace('+', "-").replace('/', "_");
        assert!(!decoded(&encoded).is_empty(), "{encoded}");
    }

    #[test]
    fn an_anchor_at_the_very_start_or_end_is_no_trouble() {
        for anchor in ANCHORS {
            for text in [anchor.text, b""] {
                decode_around(text, 0, anchor.phase);
            }
        }
    }
}
