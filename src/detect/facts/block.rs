//! The block of a file that a fact belongs to: what holds in one job of a workflow says nothing
//! of the others.

use super::setting::Setting;
use crate::{model::Span, rule::Pattern};

/// The top-level names of a dialect under which each entry is a block of its own.
const BLOCKS: [(&str, &str); 2] = [("github-actions", "jobs"), ("compose", "services")];
/// Dialects in which each top-level entry is one.
const FLAT: [&str; 2] = ["gitlab-ci", "cirrus"];

impl Setting<'_> {
    /// `true` if the block around `fact` matches `requires` and does not match `unless`.
    pub fn block_holds(
        &self,
        requires: Option<&Pattern>,
        unless: Option<&Pattern>,
        fact: Span,
    ) -> bool {
        if requires.is_none() && unless.is_none() {
            return true;
        }
        let text = block_around(self.text.bytes, self.dialect, fact.start);
        requires.is_none_or(|pattern| pattern.is_match(text))
            && unless.is_none_or(|pattern| !pattern.is_match(text))
    }
}

/// The block around the byte at `at`: the whole text, unless the dialect has blocks, and it
/// stands in one that is written over several lines.
fn block_around<'t>(text: &'t [u8], dialect: Option<&str>, at: usize) -> &'t [u8] {
    let Some(dialect) = dialect else { return text };
    let parent = BLOCKS.iter().find(|(name, _)| *name == dialect).map(|(_, parent)| *parent);
    if parent.is_none() && !FLAT.contains(&dialect) {
        return text;
    }
    // The first lines of the entries that it stands in, the innermost first.
    let mut entries = Vec::new();
    let mut end = line_end(text, at.min(text.len()));
    let mut least = usize::MAX;
    while least > 0 {
        let start = line_start(text, end);
        let line = &text[start..end];
        if let Some(indent) = indent_of(line).filter(|indent| *indent < least) {
            least = indent;
            entries.push((start, indent));
        }
        if start == 0 {
            break;
        }
        end = start - 1;
    }
    let top = entries.pop();
    let entry = match parent {
        None => top,
        Some(parent) => {
            let name = |(start, _): (usize, usize)| text[start..].starts_with(parent.as_bytes());
            if top.is_some_and(name) { entries.pop() } else { None }
        }
    };
    let Some((start, indent)) = entry else { return text };
    let mut end = line_end(text, start);
    while end < text.len() {
        let next = line_end(text, end + 1);
        if indent_of(&text[end + 1..next]).is_some_and(|other| other <= indent) {
            break;
        }
        end = next;
    }
    &text[start..end]
}

fn line_start(text: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &text[..at]).map_or(0, |line_break| line_break + 1)
}

fn line_end(text: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length)
}

/// How far a line is indented. `None` if nothing but a comment is on it.
fn indent_of(line: &[u8]) -> Option<usize> {
    let indent = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r'))?;
    (line[indent] != b'#').then_some(indent)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKFLOW: &str = "on: push\nenv:\n  A: 1\njobs:\n  a:\n    env:\n      B: 2\n\n# x\n  b:\n    steps:\n    - run: c\n";

    fn block<'t>(text: &'t str, dialect: &str, part: &str) -> &'t str {
        let at = text.find(part).expect("stands there");
        let block = block_around(text.as_bytes(), Some(dialect), at);
        std::str::from_utf8(block).expect("cut at lines")
    }

    #[test]
    fn a_job_ends_where_the_next_one_begins() {
        let job = "  a:\n    env:\n      B: 2\n\n# x";
        assert_eq!(block(WORKFLOW, "github-actions", "B: 2"), job);
        assert_eq!(block(WORKFLOW, "github-actions", "a:"), job);
        assert!(block(WORKFLOW, "github-actions", "run: c").starts_with("  b:\n"));
    }

    #[test]
    fn outside_of_jobs_and_of_dialects_with_blocks_it_is_the_whole_text() {
        assert_eq!(block(WORKFLOW, "github-actions", "A: 1"), WORKFLOW);
        assert_eq!(block(WORKFLOW, "compose", "B: 2"), WORKFLOW);
        assert_eq!(block(WORKFLOW, "helm", "B: 2"), WORKFLOW);
        assert_eq!(block("jobs: {a: {b: c}}", "github-actions", "c"), "jobs: {a: {b: c}}");
    }

    #[test]
    fn in_gitlab_each_entry_is_a_job() {
        assert_eq!(block("a:\n  x: 1\nb:\n  y: 2\n", "gitlab-ci", "y: 2"), "b:\n  y: 2\n");
    }
}
