//! The effect of ignore comments on findings.

use super::{
    comment::{Comment, Request, comments},
    notebook::cells,
    policy::CommentPolicy,
    scope::{MAX_NARROW, block_ends, end_of_head, scope_of},
};
use crate::{
    model::{IntervalIndex, Span, Suppressor},
    rule::{Globs, nearest},
};
use std::collections::HashMap;

/// Maximum number of comments per file with a scope larger than a line. Hand-written files have
/// fewer, and each is tried for each finding.
const MAX_WIDE: usize = 1_000;
/// Maximum number of problems reported for one file.
const MAX_PROBLEMS: usize = 100;

/// Substrings, one of which is in each of our own comments; files without them need no search.
pub const MARKS: &[&[u8]] = &[b"hfscan:", b"hfscan\""];

/// A mistake in a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The byte offset of the comment.
    pub at: usize,
    /// One sentence. It may quote names from the comment.
    pub message: String,
}

/// The ignore comments of one text.
#[derive(Debug, Default)]
pub struct Ignores {
    ignores: Vec<Ignore>,
    /// Comments with the scope of a line; filled on first use.
    narrow: IntervalIndex,
    /// Indices of the other comments.
    wide: Vec<usize>,
    /// Indices of those that apply to a rule's findings; filled on first use.
    wide_by_rule: HashMap<String, Vec<usize>>,
    is_indexed: bool,
}

#[derive(Debug)]
struct Ignore {
    comment: Comment,
    /// The listed rules; empty means all.
    rules: Globs,
    /// The span of text that it applies to, or the reason for which there is none.
    scope: Result<Span, &'static str>,
    is_used: bool,
}

impl Ignores {
    /// The comments of a complete text. In a notebook, which is JSON, a comment in a cell's
    /// metadata applies to the cell.
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
                    Err("is below line 20, and so ignores nothing")
                }
                Request::File => Ok(Span::new(0, text.len())),
                _ => scope_of(text, &comment, end, &cells),
            };
            let rules = Globs::of_names(comment.rules.iter().map(String::as_str));
            Ignore { comment, rules, scope, is_used: false }
        });
        Self { ignores: ignores.collect(), ..Self::default() }
    }

    /// The comments in a piece of a large text, at `offset` bytes: those with the scope of a line,
    /// and at the start of the text those for the file. Line numbers are unknown.
    pub fn in_piece(piece: &[u8], offset: usize) -> Self {
        let mut ignores = Self::in_text(piece, false);
        ignores.ignores.retain(|ignore| match ignore.comment.request {
            Request::Line | Request::NextLine => true,
            Request::File => offset == 0,
            Request::Start | Request::End | Request::Nothing => false,
        });
        for ignore in &mut ignores.ignores {
            ignore.comment.span = ignore.comment.span.shifted(offset);
            ignore.comment.line = 0;
            ignore.scope = match ignore.comment.request {
                Request::File => ignore.scope.map(|_| Span::new(0, usize::MAX)),
                _ => ignore.scope.map(|scope| scope.shifted(offset)),
            };
        }
        ignores
    }

    /// The comments of all pieces. A comment in several pieces counts once.
    pub fn joined(pieces: impl IntoIterator<Item = Ignores>) -> Self {
        let mut ignores: Vec<Ignore> = pieces.into_iter().flat_map(|piece| piece.ignores).collect();
        ignores.sort_by_key(|ignore| ignore.comment.span.start);
        ignores.dedup_by_key(|ignore| ignore.comment.span.start);
        Self { ignores, ..Self::default() }
    }

    /// The comment that suppresses a finding at `span`, for which any of `rules` matched. Our own
    /// comments take precedence over those of other scanners.
    pub fn silence<'a>(
        &mut self,
        rules: impl Iterator<Item = &'a str>,
        span: Span,
        policy: CommentPolicy<'_>,
    ) -> Option<Suppressor> {
        self.index();
        let mut numbers: Vec<usize> = Vec::new();
        for rule in rules {
            if !self.wide.is_empty() && !self.wide_by_rule.contains_key(rule) {
                let named = |number: &usize| self.ignores[*number].names(rule, policy);
                let named = self.wide.iter().copied().filter(named).collect();
                self.wide_by_rule.insert(rule.to_string(), named);
            }
            let is_near = |number: &usize| self.ignores[*number].is_near(span);
            let wide = self.wide_by_rule.get(rule).into_iter().flatten().copied();
            numbers.extend(wide.filter(is_near));
            let narrow = self.narrow.touching(span).filter(is_near);
            numbers.extend(narrow.filter(|number| self.ignores[*number].names(rule, policy)));
        }
        for number in &numbers {
            self.ignores[*number].is_used = true;
        }
        numbers.sort_unstable_by_key(|number| (self.ignores[*number].comment.is_peers, *number));
        let by = numbers.first().map(|number| &self.ignores[*number].comment);
        by.map(|comment| Suppressor::Comment {
            mark: comment.mark.clone(),
            line: Some(comment.line).filter(|line| *line > 0),
            reason: comment.reason.clone(),
            is_peers: comment.is_peers,
        })
    }

    fn index(&mut self) {
        if std::mem::replace(&mut self.is_indexed, true) {
            return;
        }
        for (number, ignore) in self.ignores.iter().enumerate() {
            match (&ignore.comment.request, &ignore.scope) {
                (_, Err(_)) => {}
                (Request::Line | Request::NextLine, Ok(scope)) if scope.len() <= MAX_NARROW => {
                    self.narrow.insert(*scope, number);
                }
                (_, Ok(_)) if self.wide.len() < MAX_WIDE => self.wide.push(number),
                (_, Ok(_)) => {}
            }
        }
    }

    /// The mistakes in the comments; call it after all findings were tried.
    pub fn problems(&self, policy: CommentPolicy<'_>) -> Vec<Problem> {
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
            let unknown = unknown_rules(comment, policy);
            let is_known = unknown.is_empty();
            problems.extend(unknown.into_iter().map(|message| Problem { at, message }));
            let message = match ignore.scope {
                Err(why) => why,
                _ if policy.require_reason && comment.reason.is_empty() => {
                    "has no reason, and so ignores nothing"
                }
                Ok(_) if comment.request == Request::End || ignore.is_used => continue,
                Ok(_) if policy.all_rules_run && is_known => "ignores nothing",
                Ok(_) => continue,
            };
            let rules = listed(&comment.rules);
            problems.push(Problem { at, message: format!("this ignore comment{rules} {message}") });
        }
        problems
    }
}

impl Ignore {
    /// `true` if the scope contains `span`.
    fn is_near(&self, span: Span) -> bool {
        let Ok(scope) = self.scope else { return false };
        scope.overlaps(span) || (span.is_empty() && scope.contains(span))
    }

    /// `true` if it applies to findings of `rule`.
    fn names(&self, rule: &str, policy: CommentPolicy<'_>) -> bool {
        let has_reason = !self.comment.reason.is_empty() || !policy.require_reason;
        has_reason && (self.rules.is_empty() || self.rules.matches(rule))
    }
}

/// ` for `a`, `b``; empty without listed rules.
fn listed(rules: &[String]) -> String {
    const MAX_LISTED: usize = 3;
    let names: Vec<String> =
        rules.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
    let more = if rules.len() > MAX_LISTED { " and more" } else { "" };
    if names.is_empty() { String::new() } else { format!(" for {}{more}", names.join(", ")) }
}

fn unknown_rules(comment: &Comment, policy: CommentPolicy<'_>) -> Vec<String> {
    let known = || policy.known_rules.iter().map(|id| &**id);
    let is_unknown = |name: &&String| {
        let glob = Globs::of_names([name.as_str()]);
        !known().any(|id| glob.matches(id))
    };
    let message = |name: &String| match nearest(name, known()) {
        Some(near) => format!("no rule is named `{name}`; did you mean `{near}`?"),
        None => format!("no rule is named `{name}`"),
    };
    comment.rules.iter().filter(is_unknown).take(MAX_PROBLEMS).map(message).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        collections::BTreeSet,
        sync::{Arc, LazyLock},
    };

    fn policy() -> CommentPolicy<'static> {
        static KNOWN: LazyLock<BTreeSet<Arc<str>>> =
            LazyLock::new(|| ["hf-a", "hf-b"].map(Arc::from).into());
        CommentPolicy {
            obey: true,
            require_reason: false,
            known_rules: &KNOWN,
            all_rules_run: true,
        }
    }

    /// For the `hf-a` finding at each `X` in the text, the suppressor's name; and the problems.
    fn run(text: &str, is_notebook: bool) -> (Vec<Option<&'static str>>, Vec<String>) {
        let policy = policy();
        let mut ignores = Ignores::in_text(text.as_bytes(), is_notebook);
        let spots = text.match_indices('X').map(|(at, _)| Span::new(at, at + 1));
        let by = spots
            .map(|span| ignores.silence(["hf-a"].into_iter(), span, policy).map(|by| by.kind()));
        let by = by.collect();
        let problems = ignores.problems(policy);
        (by, problems.into_iter().map(|problem| problem.message).collect())
    }

    const OWN: Option<&str> = Some("inline");

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
            (vec![None], vec!["this ignore comment for `hf-b` ignores nothing".into()])
        );
    }

    #[test]
    fn a_star_stands_for_any_text() {
        for name in ["hf-a", "*", "hf-*", "*-a", "h*f*a", "h*-*a"] {
            assert_eq!(run(&format!("X # hfscan: ignore[{name}]"), false).0, [OWN], "{name}");
        }
        for name in ["hf", "hf-*b", "*x*", "hf-a-*"] {
            assert_eq!(run(&format!("X # hfscan: ignore[{name}]"), false).0, [None], "{name}");
        }
    }

    #[test]
    fn a_comment_that_names_any_rule_of_the_place_counts() {
        let mut ignores = Ignores::in_text(b"X # hfscan: ignore[hf-b] revoked", false);
        let by = ignores.silence(["hf-a", "hf-b"].into_iter(), Span::new(0, 1), policy());
        assert_eq!(by.expect("it is silenced").reason(), "`hfscan: ignore` on line 1: revoked");
        assert_eq!(ignores.problems(policy()), []);
    }

    #[test]
    fn a_file_full_of_comments_takes_no_time() {
        let policy = policy();
        for line in ["# hfscan: ignore-file[hf-b] ", "/* hfscan: ignore[hf-b] */\n"] {
            let text = line.repeat(20_000);
            let mut ignores = Ignores::in_text(text.as_bytes(), true);
            for at in (0..text.len()).step_by(100) {
                let span = Span::new(at, at + 40);
                assert_eq!(ignores.silence(["hf-a"].into_iter(), span, policy), None);
            }
            assert!(ignores.problems(policy).len() <= MAX_PROBLEMS);
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
        assert_eq!(run(&text, false).0, [None, Some("inline-peer")]);
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
        let strict = CommentPolicy { require_reason: true, ..policy() };
        for (text, silenced) in [
            ("X # hfscan: ignore", false),
            ("X # hfscan: ignore[hf-a] a test value", true),
            ("X # gitleaks:allow", false),
        ] {
            let mut ignores = Ignores::in_text(text.as_bytes(), false);
            let by = ignores.silence(["hf-a"].into_iter(), Span::new(0, 1), strict);
            assert_eq!(by.is_some(), silenced, "{text}");
        }
    }

    #[test]
    fn a_comment_in_quotes_is_obeyed_and_not_warned_about() {
        assert_eq!(run("\"hfscan: ignore\", \"X\"", false).0, [OWN]);
        assert_eq!(run("print(\"hfscan: ignore\")", false).1.len(), 0);
    }
}
