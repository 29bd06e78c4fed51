//! The syntax of ignore comments, our own and those of other scanners.

use crate::model::Span;
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

/// An ignore comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The span from its first word to the end of its list of rules.
    pub span: Span,
    /// Its line in the text, from 1.
    pub line: usize,
    /// Its keyword: `hfscan: ignore`, `gitleaks:allow`.
    pub mark: String,
    /// The requested effect.
    pub request: Request,
    /// The listed rules, ids or globs; empty means all.
    pub rules: Vec<String>,
    /// The text after it on the line; empty if there is none.
    pub reason: String,
    /// `true` if it is another scanner's comment.
    pub is_peers: bool,
    /// `true` if it is outside quotation marks. A program may write ignore comments as text, so
    /// only a plain comment without effect causes a warning.
    pub is_plain: bool,
}

/// The requested effect of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Ignore findings on its own line.
    Line,
    /// Ignore findings on the next line.
    NextLine,
    /// Ignore all findings in the file.
    File,
    /// Ignore findings up to the matching `End`.
    Start,
    /// End the block of the matching `Start`.
    End,
    /// No effect: the request is unknown, or its list of rules is not closed.
    Nothing,
}

/// The first word of our own comments.
pub const OWN: &str = "hfscan";

/// Comments of other scanners.
///
/// Sources: the READMEs of gitleaks, betterleaks, trufflehog and kingfisher, ggshield's "In-code
/// ignoring", detect-secrets' "Inline allowlisting" (`pragma: ?(allow|white)list[ -]secret` and
/// `…[ -]nextline[ -]secret` in its code), secretlint's "secretlint-rule-filter-comments". Comments
/// of general linters (`noqa`, `nosec`) are not obeyed, since they have other purposes.
const PEERS: &[(&str, Request)] = &[
    ("gitleaks:allow", Request::Line),
    ("betterleaks:allow", Request::Line),
    ("trufflehog:ignore", Request::Line),
    ("kingfisher:ignore", Request::Line),
    ("ggignore", Request::Line),
    ("pragma: allowlist secret", Request::Line),
    ("pragma: allowlist-secret", Request::Line),
    ("pragma: whitelist secret", Request::Line),
    ("pragma: whitelist-secret", Request::Line),
    ("pragma: allowlist nextline secret", Request::NextLine),
    ("pragma: allowlist nextline-secret", Request::NextLine),
    ("pragma: allowlist-nextline secret", Request::NextLine),
    ("pragma: allowlist-nextline-secret", Request::NextLine),
    ("pragma: whitelist nextline secret", Request::NextLine),
    ("pragma: whitelist nextline-secret", Request::NextLine),
    ("pragma: whitelist-nextline secret", Request::NextLine),
    ("pragma: whitelist-nextline-secret", Request::NextLine),
    ("pragma:allowlist secret", Request::Line),
    ("pragma:allowlist-secret", Request::Line),
    ("pragma:whitelist secret", Request::Line),
    ("pragma:whitelist-secret", Request::Line),
    ("pragma:allowlist nextline secret", Request::NextLine),
    ("pragma:allowlist nextline-secret", Request::NextLine),
    ("pragma:allowlist-nextline secret", Request::NextLine),
    ("pragma:allowlist-nextline-secret", Request::NextLine),
    ("pragma:whitelist nextline secret", Request::NextLine),
    ("pragma:whitelist nextline-secret", Request::NextLine),
    ("pragma:whitelist-nextline secret", Request::NextLine),
    ("pragma:whitelist-nextline-secret", Request::NextLine),
    ("secretlint-disable-line", Request::Line),
    ("secretlint-disable-next-line", Request::NextLine),
    ("secretlint-disable", Request::Start),
    ("secretlint-enable", Request::End),
];

/// Our own requests. Each may begin with `allow` instead of `ignore`.
const REQUESTS: &[(&str, Request)] = &[
    ("ignore", Request::Line),
    ("ignore-line", Request::Line),
    ("ignore-next-line", Request::NextLine),
    ("ignore-file", Request::File),
    ("ignore-start", Request::Start),
    ("ignore-end", Request::End),
];

/// Maximum length of a list of rules, in bytes.
const MAX_LIST: usize = 2_000;

/// Maximum number of bytes parsed on a line after a comment's keyword.
const MAX_REST: usize = 4_096;

/// Maximum length of a reason, in characters.
const MAX_REASON: usize = 200;

static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let texts = PEERS.iter().map(|(text, _)| *text).chain([OWN]);
    let mut builder = AhoCorasick::builder();
    builder.match_kind(MatchKind::LeftmostLongest);
    builder.build(texts).expect("a handful of short texts")
});

/// All ignore comments in `text`, in order.
///
/// A mention in backquotes or within a longer word is not a comment. With `in_json`, a member
/// `"hfscan": "ignore"` is also one.
pub fn comments(text: &[u8], in_json: bool) -> Vec<Comment> {
    let mut comments = Vec::new();
    let (mut line_number, mut counted) = (1, 0);
    for mark in MARKS.find_iter(text) {
        let before = mark.start().checked_sub(1).map(|at| text[at]);
        let is_inside_word = before.is_some_and(|byte| is_word(byte) || b"./@`".contains(&byte));
        if is_inside_word {
            continue;
        }
        let rest = &text[mark.end()..text.len().min(mark.end() + MAX_REST)];
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let is_plain = !before.is_some_and(|byte| matches!(byte, b'"' | b'\''));
        let found = match PEERS.get(mark.pattern().as_usize()) {
            Some((_, request)) => peers(line, *request),
            None => own(line, in_json),
        };
        let Some((length, comment)) = found else { continue };
        line_number += memchr::memchr_iter(b'\n', &text[counted..mark.start()]).count();
        counted = mark.start();
        let first = &text[mark.start()..mark.end()];
        comments.push(Comment {
            span: Span::new(mark.start(), mark.end() + length),
            line: line_number,
            mark: String::from_utf8_lossy(first).into_owned() + &comment.mark,
            is_plain,
            ..comment
        });
    }
    comments
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || byte >= 0x80
}

/// Parses another scanner's comment; `line` is the text after its keyword.
fn peers(line: &[u8], request: Request) -> Option<(usize, Comment)> {
    if line.first().is_some_and(|byte| is_word(*byte)) {
        return None;
    }
    let comment = Comment {
        span: Span::default(),
        line: 0,
        mark: String::new(),
        request,
        rules: Vec::new(),
        reason: reason(line),
        is_peers: true,
        is_plain: true,
    };
    Some((0, comment))
}

/// Parses our own comment; `line` is the text after `hfscan`. Also returns the number of bytes of
/// `line` in the comment.
fn own(line: &[u8], in_json: bool) -> Option<(usize, Comment)> {
    let mut at = 0;
    let skip = |at: &mut usize, wanted: &[u8]| {
        while line.get(*at).is_some_and(|byte| wanted.contains(byte)) {
            *at += 1;
        }
    };
    skip(&mut at, if in_json { b"\"" } else { b"" });
    at = line[at..].first().filter(|byte| **byte == b':').map(|_| at + 1)?;
    skip(&mut at, if in_json { b" \t\"" } else { b" \t" });
    let word = line[at..].iter().take_while(|byte| is_word(**byte)).count();
    let name = std::str::from_utf8(&line[at..at + word]).ok()?;
    let name = name.strip_prefix("allow").map_or(name.to_string(), |rest| format!("ignore{rest}"));
    if !(name == "ignore" || name.starts_with("ignore-")) {
        return None;
    }
    let known = REQUESTS.iter().find(|(known, _)| *known == name);
    let mut request = known.map_or(Request::Nothing, |(_, request)| *request);
    at += word;
    let mark = format!(": {}", name);
    let mut rules = Vec::new();
    let mut list = at;
    skip(&mut list, b" \t");
    if line.get(list) == Some(&b'[') {
        match memchr::memchr(b']', &line[list..line.len().min(list + MAX_LIST)]) {
            Some(length) => {
                rules = names(&line[list + 1..list + length]);
                at = list + length + 1;
                // `[]` lists no rule, so it has no effect.
                request = if rules.is_empty() { Request::Nothing } else { request };
            }
            None => request = Request::Nothing,
        }
    }
    let comment = Comment {
        span: Span::default(),
        line: 0,
        mark,
        request,
        rules,
        reason: reason(&line[at..]),
        is_peers: false,
        is_plain: true,
    };
    Some((at, comment))
}

fn names(list: &[u8]) -> Vec<String> {
    let list = String::from_utf8_lossy(list);
    let names = list.split(',').map(|name| name.trim_matches([' ', '\t', '"', '\'', '\\']));
    names.filter(|name| !name.is_empty()).map(str::to_string).collect()
}

/// The reason in the rest of a line, without the end of an enclosing comment or JSON string. Empty
/// unless it has at least two letters or digits.
fn reason(rest: &[u8]) -> String {
    let rest = String::from_utf8_lossy(rest);
    let rest = rest.trim_end_matches([',', '"', '\'', ']', ' ', '\r']);
    let rest = rest.strip_suffix("\\n").unwrap_or(rest);
    let is_frame = |one: char| !one.is_alphanumeric() && !matches!(one, '(' | ')' | '`' | '.');
    let rest = rest.trim_start_matches(is_frame).trim_end_matches(is_frame);
    let letters = rest.chars().filter(|character| character.is_alphanumeric()).take(2).count();
    if letters == 2 { rest.chars().take(MAX_REASON).collect() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Comment {
        let mut all = comments(text.as_bytes(), false);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        all.remove(0)
    }

    #[test]
    fn ours_is_read_in_every_spelling() {
        for text in
            ["# hfscan: ignore", "// hfscan:ignore", "<!-- hfscan:allow -->", "/*hfscan: allow*/"]
        {
            let comment = only(text);
            assert_eq!((comment.request, &*comment.reason), (Request::Line, ""), "{text}");
        }
        let comment = only("x = 1  # hfscan: ignore[hf-a, hf-b] a test value");
        assert_eq!(comment.rules, ["hf-a", "hf-b"]);
        assert_eq!((&*comment.reason, comment.is_peers), ("a test value", false));
        assert_eq!((&*comment.mark, comment.line), ("hfscan: ignore", 1));
        assert_eq!(only("# hfscan: ignore-next-line").request, Request::NextLine);
        assert_eq!(only("# hfscan: allow-file").request, Request::File);
        assert_eq!(only("# hfscan: ignore-start [x]").request, Request::Start);
    }

    #[test]
    fn a_list_without_end_or_rules_asks_for_nothing() {
        for text in ["# hfscan: ignore[hf-a", "# hfscan: ignore[]", "# hfscan: ignore-lines"] {
            assert_eq!(only(text).request, Request::Nothing, "{text}");
        }
    }

    #[test]
    fn a_mention_is_no_comment() {
        for text in [
            "write `hfscan: ignore` there",
            "my-hfscan: ignore",
            "hfscan: ignored files",
            "hfscan finds tokens",
            "https://x/hfscan: ignore",
            "gitleaks:allowed",
        ] {
            assert_eq!(comments(text.as_bytes(), false), [], "{text}");
        }
    }

    #[test]
    fn the_comments_of_other_scanners_are_read() {
        for (text, request) in PEERS {
            let comment = only(&format!("x = 1 # {text}"));
            assert_eq!((comment.request, comment.is_peers), (*request, true), "{text}");
        }
    }

    #[test]
    fn the_page_on_suppressing_lists_the_comments_of_other_scanners() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/suppressing.md");
        let page = std::fs::read_to_string(page).expect("the page is there");
        for (text, _) in PEERS {
            // The page explains the other spellings of `pragma: allowlist secret` in words.
            let name = match text.strip_prefix("pragma:") {
                Some(rest) => {
                    format!("pragma: {}", rest.trim().replace("white", "allow").replace('-', " "))
                }
                None => (*text).to_string(),
            };
            assert!(page.contains(&format!("`{name}`")), "`{name}` is not in docs/suppressing.md");
        }
    }

    #[test]
    fn the_end_of_a_comment_or_a_json_string_is_no_reason() {
        for text in ["# hfscan: ignore\\n\",", "/* hfscan: ignore */", "<!-- hfscan: ignore -->"] {
            assert_eq!(only(text).reason, "", "{text}");
        }
        assert_eq!(only("# hfscan: ignore -- 測試\\n\",").reason, "測試");
    }

    #[test]
    fn a_json_member_is_a_comment_in_json_alone() {
        let text = br#"{"hfscan": "ignore[hf-a]"}"#;
        assert_eq!(comments(text, false), []);
        assert_eq!(comments(text, true)[0].rules, ["hf-a"]);
    }
}
