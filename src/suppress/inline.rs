//! Ignore comments at work: which findings they silence, and which do nothing.

use super::{
    comment::{Comment, Request, comments},
    notebook::cells,
    scope::{MAX_NARROW, block_ends, end_of_head, scope_of},
};
use crate::{model::Span, rule::nearest};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Comments about more than a line that are obeyed in one file: no file that people wrote
/// has as many, and each is looked at for each finding.
const MAX_WIDE: usize = 1_000;
/// Problems told of one file.
const MAX_PROBLEMS: usize = 100;
/// Comments about a line are looked up by the blocks of this many bytes that they touch.
const BUCKET: usize = 4_096;

/// What ignore comments may do.
#[derive(Debug, Clone, Copy)]
pub struct IgnorePolicy<'a> {
    /// Whether any is obeyed.
    pub obey: bool,
    /// Whether one without a reason is not.
    pub require_reason: bool,
    /// The ids of every rule there is, whether it runs or not.
    pub known_rules: &'a BTreeSet<Arc<str>>,
    /// Whether every rule runs: only then can it be told that a comment does nothing.
    pub all_rules_run: bool,
}

/// What stands wherever a comment of ours may, so that other texts are not searched for one.
pub const MARKS: &[&[u8]] = &[b"hfscan:", b"hfscan\""];

/// Whose comment silenced a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IgnoredBy {
    /// Ours.
    Own,
    /// Another scanner's.
    Peer,
}

impl IgnoredBy {
    /// Its name among the counts of what was suppressed.
    pub fn as_str(self) -> &'static str {
        match self {
            IgnoredBy::Own => "inline",
            IgnoredBy::Peer => "inline-peer",
        }
    }
}

/// What is wrong with a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The byte of the text that the comment begins at.
    pub at: usize,
    /// One sentence.
    pub message: String,
}

/// The ignore comments of one text.
#[derive(Debug, Default)]
pub struct Ignores {
    ignores: Vec<Ignore>,
    /// The numbers of those about a line, by the blocks of bytes that they touch; made
    /// when first asked.
    narrow: BTreeMap<usize, Vec<usize>>,
    /// The numbers of the others.
    wide: Vec<usize>,
    is_indexed: bool,
}

#[derive(Debug)]
struct Ignore {
    comment: Comment,
    /// What it speaks for; nothing, and why.
    scope: Result<Span, &'static str>,
    is_used: bool,
}

impl Ignores {
    /// The comments of a whole text. Of a notebook, which is JSON, one in a cell's
    /// metadata speaks for the cell.
    pub fn in_text(text: &[u8], is_notebook: bool) -> Self {
        let comments = comments(text, is_notebook);
        if comments.is_empty() {
            return Self::default();
        }
        let cells = if is_notebook { cells(text) } else { Vec::new() };
        let ends = block_ends(&comments);
        let head = end_of_head(text);
        let ignores = comments.into_iter().zip(ends).map(|(comment, end)| {
            let scope = match comment.request {
                Request::File if comment.span.start >= head => {
                    Err("stands below line 20, and so ignores nothing")
                }
                Request::File => Ok(Span::new(0, text.len())),
                _ => scope_of(text, &comment, end, &cells),
            };
            Ignore { comment, scope, is_used: false }
        });
        Self { ignores: ignores.collect(), ..Self::default() }
    }

    /// The comments of a piece of a large text, `offset` bytes into it: those about a
    /// line, and at the beginning those about the file.
    pub fn in_piece(piece: &[u8], offset: usize) -> Self {
        let mut ignores = Self::in_text(piece, false);
        ignores.ignores.retain(|ignore| match ignore.comment.request {
            Request::Line | Request::NextLine => true,
            Request::File => offset == 0,
            Request::Start | Request::End | Request::Nothing => false,
        });
        for ignore in &mut ignores.ignores {
            ignore.comment.span = ignore.comment.span.shifted(offset);
            ignore.scope = match ignore.comment.request {
                Request::File => ignore.scope.map(|_| Span::new(0, usize::MAX)),
                _ => ignore.scope.map(|scope| scope.shifted(offset)),
            };
        }
        ignores
    }

    /// The comments of all pieces; what several have counts once.
    pub fn joined(pieces: impl IntoIterator<Item = Ignores>) -> Self {
        let mut ignores: Vec<Ignore> = pieces.into_iter().flat_map(|piece| piece.ignores).collect();
        ignores.sort_by_key(|ignore| ignore.comment.span.start);
        ignores.dedup_by_key(|ignore| ignore.comment.span.start);
        Self { ignores, ..Self::default() }
    }

    /// Whose comment, if any, silences what `rule` found at `span`.
    pub fn silence(
        &mut self,
        rule: &str,
        span: Span,
        policy: IgnorePolicy<'_>,
    ) -> Option<IgnoredBy> {
        self.index();
        let mut by = None;
        let near = self.narrow.range(buckets(span)).flat_map(|(_, numbers)| numbers);
        for number in near.chain(&self.wide) {
            let ignore = &mut self.ignores[*number];
            if !ignore.speaks_for(rule, span, policy) {
                continue;
            }
            ignore.is_used = true;
            by = match (by, ignore.comment.is_peers) {
                (Some(IgnoredBy::Own), _) | (_, false) => Some(IgnoredBy::Own),
                _ => Some(IgnoredBy::Peer),
            };
        }
        by
    }

    fn index(&mut self) {
        if std::mem::replace(&mut self.is_indexed, true) {
            return;
        }
        for (number, ignore) in self.ignores.iter().enumerate() {
            match (&ignore.comment.request, &ignore.scope) {
                (_, Err(_)) => {}
                (Request::Line | Request::NextLine, Ok(scope)) if scope.len() <= MAX_NARROW => {
                    for bucket in buckets(*scope) {
                        self.narrow.entry(bucket).or_default().push(number);
                    }
                }
                (_, Ok(_)) if self.wide.len() < MAX_WIDE => self.wide.push(number),
                (_, Ok(_)) => {}
            }
        }
    }

    /// What is wrong with the comments, once all findings were shown to them.
    pub fn problems(&self, policy: IgnorePolicy<'_>) -> Vec<Problem> {
        let mut problems = Vec::new();
        for ignore in &self.ignores {
            if problems.len() >= MAX_PROBLEMS {
                break;
            }
            let comment = &ignore.comment;
            if comment.is_peers || !comment.is_plain {
                continue;
            }
            let at = comment.span.start;
            let unknown = unknown_rules(comment, policy.known_rules);
            let is_known = unknown.is_empty();
            problems.extend(unknown.into_iter().map(|message| Problem { at, message }));
            let message = match ignore.scope {
                Err(why) => why,
                _ if policy.require_reason && !comment.has_reason => {
                    "gives no reason, and so ignores nothing"
                }
                Ok(_) if comment.request == Request::End || ignore.is_used => continue,
                Ok(_) if policy.all_rules_run && is_known => "ignores nothing",
                Ok(_) => continue,
            };
            problems.push(Problem { at, message: format!("this ignore comment {message}") });
        }
        problems
    }
}

impl Ignore {
    fn speaks_for(&self, rule: &str, span: Span, policy: IgnorePolicy<'_>) -> bool {
        let Ok(scope) = self.scope else { return false };
        let is_near = scope.overlaps(span) || (span.is_empty() && scope.contains(span));
        let has_reason = self.comment.has_reason || !policy.require_reason;
        let rules = &self.comment.rules;
        is_near && has_reason && (rules.is_empty() || rules.iter().any(|name| means(name, rule)))
    }
}

/// The blocks of bytes that a span touches.
fn buckets(span: Span) -> std::ops::RangeInclusive<usize> {
    span.start / BUCKET..=span.end.saturating_sub(1).max(span.start) / BUCKET
}

/// Whether `name`, in which `*` stands for any text, means the rule of this id.
fn means(name: &str, id: &str) -> bool {
    let Some((first, rest)) = name.split_once('*') else { return name == id };
    let Some(mut id) = id.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        match id.find(part) {
            Some(at) => id = &id[at + part.len()..],
            None => return false,
        }
    }
    id.ends_with(last)
}

fn unknown_rules(comment: &Comment, known: &BTreeSet<Arc<str>>) -> Vec<String> {
    let is_unknown = |name: &&String| !known.iter().any(|id| means(name, id));
    let message = |name: &String| match nearest(name, known.iter().map(|id| &**id)) {
        Some(near) => format!("no rule is named `{name}`; did you mean `{near}`?"),
        None => format!("no rule is named `{name}`"),
    };
    comment.rules.iter().filter(is_unknown).take(MAX_PROBLEMS).map(message).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> BTreeSet<Arc<str>> {
        ["hf-a", "hf-b"].map(Arc::from).into()
    }

    fn policy(known: &BTreeSet<Arc<str>>) -> IgnorePolicy<'_> {
        IgnorePolicy { obey: true, require_reason: false, known_rules: known, all_rules_run: true }
    }

    /// Who silences `hf-a` at each `X` of the text, and what is wrong.
    fn run(text: &str, is_notebook: bool) -> (Vec<Option<IgnoredBy>>, Vec<String>) {
        let known = known();
        let mut ignores = Ignores::in_text(text.as_bytes(), is_notebook);
        let spots = text.match_indices('X').map(|(at, _)| Span::new(at, at + 1));
        let by = spots.map(|span| ignores.silence("hf-a", span, policy(&known))).collect();
        let problems = ignores.problems(policy(&known));
        (by, problems.into_iter().map(|problem| problem.message).collect())
    }

    const OWN: Option<IgnoredBy> = Some(IgnoredBy::Own);

    #[test]
    fn a_comment_speaks_for_its_line_and_no_other() {
        let (by, problems) = run("X\nX # hfscan: ignore\nX\n", false);
        assert_eq!((by, problems.len()), (vec![None, OWN, None], 0));
        let (by, _) = run("X\n# hfscan: ignore-next-line\nX\nX", false);
        assert_eq!(by, [None, OWN, None]);
    }

    #[test]
    fn only_the_rules_that_are_named_are_ignored() {
        assert_eq!(run("X # hfscan: ignore[hf-a]", false).0, [OWN]);
        assert_eq!(run("X # hfscan: ignore[hf-*]", false).0, [OWN]);
        let (by, problems) = run("X # hfscan: ignore[hf-b]", false);
        assert_eq!(
            (by, problems),
            (vec![None], vec!["this ignore comment ignores nothing".into()])
        );
    }

    #[test]
    fn a_star_stands_for_any_text() {
        for name in ["hf-a", "*", "hf-*", "*-a", "h*f*a", "h*-*a"] {
            assert!(means(name, "hf-a"), "{name}");
        }
        for name in ["hf", "hf-*b", "*x*", "hf-a-*"] {
            assert!(!means(name, "hf-a"), "{name}");
        }
    }

    #[test]
    fn a_file_full_of_comments_takes_no_time() {
        let known = known();
        for line in ["# hfscan: ignore-file[hf-b] ", "/* hfscan: ignore[hf-b] */\n"] {
            let text = line.repeat(20_000);
            let mut ignores = Ignores::in_text(text.as_bytes(), true);
            for at in (0..text.len()).step_by(100) {
                assert_eq!(ignores.silence("hf-a", Span::new(at, at + 40), policy(&known)), None);
            }
            assert!(ignores.problems(policy(&known)).len() <= MAX_PROBLEMS);
        }
    }

    #[test]
    fn an_unknown_rule_is_told_with_the_one_that_was_meant() {
        let (by, problems) = run("X # hfscan: ignore[hf-aa]", false);
        assert_eq!(by, [None]);
        assert_eq!(problems, ["no rule is named `hf-aa`; did you mean `hf-a`?"]);
    }

    #[test]
    fn a_comment_about_the_file_stands_in_its_first_twenty_lines() {
        let lines = |count| "\n".repeat(count);
        assert_eq!(
            run(&format!("{}# hfscan: ignore-file\n{}X", lines(19), lines(30)), false).0,
            [OWN]
        );
        let (by, problems) = run(&format!("{}# hfscan: ignore-file\nX", lines(20)), false);
        assert_eq!((by, problems.len()), (vec![None], 1));
    }

    #[test]
    fn a_block_is_ignored_from_its_start_to_its_end() {
        let text = "X\n# hfscan: ignore-start\nX\nX\n# hfscan: ignore-end\nX";
        assert_eq!(run(text, false).0, [None, OWN, OWN, None]);
        let (by, problems) = run("# hfscan: ignore-start\nX", false);
        assert_eq!((by, problems.len()), (vec![None], 1));
        assert_eq!(run("# hfscan: ignore-end\nX", false).1.len(), 1);
    }

    #[test]
    fn a_comment_does_not_speak_for_all_of_a_very_long_line() {
        let text = format!("X{}/* gitleaks:allow */X", " ".repeat(5_000));
        assert_eq!(run(&text, false).0, [None, Some(IgnoredBy::Peer)]);
    }

    #[test]
    fn a_tag_of_a_notebook_cell_speaks_for_the_cell() {
        let text = r#"{"cells": [
            {"metadata": {"tags": ["hfscan: ignore"]},
             "source": ["X"]},
            {"metadata": {"hfscan": "ignore[hf-a]"}, "source": [
             "X"]},
            {"metadata": {}, "source": ["X"]}]}"#;
        assert_eq!(run(text, true).0, [OWN, OWN, None]);
    }

    #[test]
    fn a_reason_may_be_asked_for() {
        let known = known();
        let strict = IgnorePolicy { require_reason: true, ..policy(&known) };
        for (text, silenced) in [
            ("X # hfscan: ignore", false),
            ("X # hfscan: ignore[hf-a] a test value", true),
            ("X # gitleaks:allow", false),
        ] {
            let mut ignores = Ignores::in_text(text.as_bytes(), false);
            let by = ignores.silence("hf-a", Span::new(0, 1), strict);
            assert_eq!(by.is_some(), silenced, "{text}");
        }
    }

    #[test]
    fn a_comment_in_quotes_is_obeyed_and_not_warned_about() {
        assert_eq!(run("\"hfscan: ignore\", \"X\"", false).0, [OWN]);
        assert_eq!(run("print(\"hfscan: ignore\")", false).1.len(), 0);
    }
}
