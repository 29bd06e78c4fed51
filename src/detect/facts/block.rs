//! The block of a file that a fact belongs to. A condition met in one job of a workflow does not
//! apply to the other jobs.

use crate::model::Span;
use std::cell::OnceCell;

/// The top-level names of a dialect whose entries are separate blocks.
const BLOCKS: [(&str, &str); 2] = [("github-actions", "jobs"), ("compose", "services")];
/// Dialects in which each top-level entry is a block.
const FLAT: [&str; 2] = ["gitlab-ci", "cirrus"];

/// The blocks of a text, found on first use, in one pass.
#[derive(Debug, Default)]
pub struct Blocks(OnceCell<Vec<Span>>);

impl Blocks {
    /// The index and the span of the block around the byte at `at`; `None` outside all blocks.
    pub fn around(&self, text: &[u8], dialect: Option<&str>, at: usize) -> Option<(usize, Span)> {
        let blocks = self.0.get_or_init(|| blocks_of(text, dialect));
        let index = blocks.partition_point(|block| block.start <= at).checked_sub(1)?;
        (at <= blocks[index].end).then_some((index, blocks[index]))
    }
}

/// The blocks of a text in order, as whole lines without the last line end; empty if the dialect
/// has no blocks.
fn blocks_of(text: &[u8], dialect: Option<&str>) -> Vec<Span> {
    let mut blocks = Vec::new();
    let Some(dialect) = dialect else { return blocks };
    let parent = BLOCKS.iter().find(|(name, _)| *name == dialect).map(|(_, parent)| *parent);
    if parent.is_none() && !FLAT.contains(&dialect) {
        return blocks;
    }
    // The first lines of the open entries with their indentation, outermost first.
    let mut entries: Vec<(usize, usize)> = Vec::new();
    // Number of open entries around a block, and the start of the open block.
    let depth = usize::from(parent.is_some());
    let mut open = None;
    let mut start = 0;
    while start < text.len() {
        let end = line_end(text, start);
        if let Some(indent) = indent_of(&text[start..end]) {
            let still = entries.partition_point(|(_, other)| *other < indent);
            entries.truncate(still);
            if still <= depth {
                blocks.extend(open.take().map(|from| Span::new(from, start - 1)));
            }
            let is_inside = |parent: &str| {
                entries.first().is_some_and(|(at, _)| text[*at..].starts_with(parent.as_bytes()))
            };
            if still == depth && parent.is_none_or(is_inside) {
                open = Some(start);
            }
            entries.push((start, indent));
        }
        start = end + 1;
    }
    blocks.extend(open.map(|from| Span::new(from, text.len())));
    blocks
}

fn line_end(text: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length)
}

/// The indentation of a line; `None` for a blank line or a line with only a comment.
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
        let blocks = blocks_of(text.as_bytes(), Some(dialect));
        assert!(blocks.is_sorted() && blocks.windows(2).all(|two| two[0].end < two[1].start));
        let around = blocks.into_iter().find(|block| (block.start..=block.end).contains(&at));
        around.map_or(text, |block| &text[block.start..block.end])
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

    #[test]
    fn an_entry_of_less_indentation_ends_the_one_before_it() {
        let text = "jobs:\n    a:\n        x: 1\n  b:\n      y: 2\nz: 3\n";
        assert_eq!(block(text, "github-actions", "x: 1"), "    a:\n        x: 1");
        assert_eq!(block(text, "github-actions", "y: 2"), "  b:\n      y: 2");
        assert_eq!(block(text, "github-actions", "z: 3"), text);
    }
}
