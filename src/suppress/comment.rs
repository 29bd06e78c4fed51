//! Ignore comments as they are written: ours, and those of other scanners.

use crate::model::Span;
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

/// A comment that asks to ignore something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// From its first word to the end of its list of rules.
    pub span: Span,
    /// What it asks for.
    pub request: Request,
    /// The rules it names, ids or globs; empty means all.
    pub rules: Vec<String>,
    /// Whether a reason follows on the line.
    pub has_reason: bool,
    /// Whether it is another scanner's.
    pub is_peers: bool,
    /// Whether it is a comment rather than a text in quotes, which a program may write:
    /// then it is worth a warning if it does nothing.
    pub is_plain: bool,
}

/// What a comment asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// To ignore what stands on its own line.
    Line,
    /// To ignore what stands on the line after it.
    NextLine,
    /// To ignore everything in the file.
    File,
    /// To ignore everything from here on, up to its counterpart.
    Start,
    /// To end what `Start` began.
    End,
    /// Nothing: no request has this name, or its list of rules has no end.
    Nothing,
}

/// The name our comments begin with.
pub const OWN: &str = "hfscan";

/// Other scanners' comments.
///
/// Where they are documented: gitleaks and betterleaks in their READMEs, trufflehog and
/// kingfisher likewise, detect-secrets under "Inline allowlisting", secretlint under
/// "secretlint-rule-filter-comments". Comments of linters in general (`noqa`, `nosec`) are
/// not among them: they are about too many other things.
const PEERS: &[(&str, Request)] = &[
    ("gitleaks:allow", Request::Line),
    ("betterleaks:allow", Request::Line),
    ("trufflehog:ignore", Request::Line),
    ("kingfisher:ignore", Request::Line),
    ("pragma: allowlist secret", Request::Line),
    ("pragma: whitelist secret", Request::Line),
    ("pragma: allowlist-secret", Request::Line),
    ("pragma: allowlist nextline secret", Request::NextLine),
    ("pragma: whitelist nextline secret", Request::NextLine),
    ("secretlint-disable-line", Request::Line),
    ("secretlint-disable-next-line", Request::NextLine),
    ("secretlint-disable", Request::Start),
    ("secretlint-enable", Request::End),
];

/// Our requests; each may begin with `allow` instead, as people type it from habit.
const REQUESTS: &[(&str, Request)] = &[
    ("ignore", Request::Line),
    ("ignore-line", Request::Line),
    ("ignore-next-line", Request::NextLine),
    ("ignore-file", Request::File),
    ("ignore-start", Request::Start),
    ("ignore-end", Request::End),
];

/// The longest list of rules in bytes.
const MAX_LIST: usize = 2_000;

/// Bytes of a line that are looked at after a comment's first words.
const MAX_REST: usize = 4_096;

static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let texts = PEERS.iter().map(|(text, _)| *text).chain([OWN]);
    let mut builder = AhoCorasick::builder();
    builder.match_kind(MatchKind::LeftmostLongest);
    builder.build(texts).expect("a handful of short texts")
});

/// Every ignore comment in `text`, in order.
///
/// A mention between backquotes is none, and nor is part of a longer word. With
/// `in_json`, a member `"hfscan": "ignore"` is one as well.
pub fn comments(text: &[u8], in_json: bool) -> Vec<Comment> {
    let mut comments = Vec::new();
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
        comments.extend(found.map(|(length, comment)| Comment {
            span: Span::new(mark.start(), mark.end() + length),
            is_plain,
            ..comment
        }));
    }
    comments
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || byte >= 0x80
}

/// Another scanner's comment, of which `line` is what follows its mark.
fn peers(line: &[u8], request: Request) -> Option<(usize, Comment)> {
    if line.first().is_some_and(|byte| is_word(*byte)) {
        return None;
    }
    let comment = Comment {
        span: Span::default(),
        request,
        rules: Vec::new(),
        has_reason: is_reason(line),
        is_peers: true,
        is_plain: true,
    };
    Some((0, comment))
}

/// Our comment, of which `line` is what follows our name, and how much of the line is
/// part of it.
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
    let mut rules = Vec::new();
    let mut list = at;
    skip(&mut list, b" \t");
    if line.get(list) == Some(&b'[') {
        match memchr::memchr(b']', &line[list..line.len().min(list + MAX_LIST)]) {
            Some(length) => {
                rules = names(&line[list + 1..list + length]);
                at = list + length + 1;
                // `[]` names no rule, and so asks for nothing.
                request = if rules.is_empty() { Request::Nothing } else { request };
            }
            None => request = Request::Nothing,
        }
    }
    let has_reason = is_reason(&line[at..]);
    let span = Span::default();
    Some((at, Comment { span, request, rules, has_reason, is_peers: false, is_plain: true }))
}

fn names(list: &[u8]) -> Vec<String> {
    let list = String::from_utf8_lossy(list);
    let names = list.split(',').map(|name| name.trim_matches([' ', '\t', '"', '\'', '\\']));
    names.filter(|name| !name.is_empty()).map(str::to_string).collect()
}

/// Whether words stand in the rest of a line, besides what ends a comment or a string of
/// JSON.
fn is_reason(rest: &[u8]) -> bool {
    let rest = String::from_utf8_lossy(rest);
    let rest = rest.trim_end_matches([',', '"', '\'', ' ', '\r']);
    let rest = rest.strip_suffix("\\n").unwrap_or(rest);
    rest.chars().filter(|character| character.is_alphanumeric()).take(2).count() == 2
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
            assert_eq!((comment.request, comment.has_reason), (Request::Line, false), "{text}");
        }
        let comment = only("x = 1  # hfscan: ignore[hf-a, hf-b] a test value");
        assert_eq!(comment.rules, ["hf-a", "hf-b"]);
        assert!(comment.has_reason && !comment.is_peers);
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
    fn the_end_of_a_comment_or_a_json_string_is_no_reason() {
        for text in ["# hfscan: ignore\\n\",", "/* hfscan: ignore */", "<!-- hfscan: ignore -->"] {
            assert!(!only(text).has_reason, "{text}");
        }
        assert!(only("# hfscan: ignore -- 測試\\n\",").has_reason);
    }

    #[test]
    fn a_json_member_is_a_comment_in_json_alone() {
        let text = br#"{"hfscan": "ignore[hf-a]"}"#;
        assert_eq!(comments(text, false), []);
        assert_eq!(comments(text, true)[0].rules, ["hf-a"]);
    }
}
