//! What an ignore comment speaks for.

use super::{
    comment::{Comment, Request},
    notebook::Cell,
};
use crate::model::Span;

/// A comment about the whole file stands in its first lines, where a reviewer sees it.
const FILE_LINES: usize = 20;
/// On a long line a comment speaks for what is this near, in bytes: in a program packed
/// into one line it would speak for all of it otherwise.
const REACH: usize = 1_000;
/// What a comment speaks for is about a line if it has at most this many bytes.
pub const MAX_NARROW: usize = 64 << 10;

/// Where the block that each comment begins ends; for those that end one, where it began.
pub fn block_ends(comments: &[Comment]) -> Vec<Option<usize>> {
    let mut ends = vec![None; comments.len()];
    let mut open: [Vec<usize>; 2] = Default::default();
    for (number, comment) in comments.iter().enumerate() {
        let open = &mut open[usize::from(comment.is_peers)];
        match comment.request {
            Request::Start => open.push(number),
            Request::End => {
                if let Some(start) = open.pop() {
                    ends[start] = Some(comment.span.end);
                    ends[number] = Some(comments[start].span.start);
                }
            }
            _ => {}
        }
    }
    ends
}

/// The byte after the first lines of a text.
pub fn end_of_head(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).nth(FILE_LINES - 1).unwrap_or(text.len())
}

/// What a comment speaks for, or why for nothing. `end` is its counterpart, if it is the start
/// or the end of a block.
pub fn scope_of(
    text: &[u8],
    comment: &Comment,
    end: Option<usize>,
    cells: &[Cell],
) -> Result<Span, &'static str> {
    let at = comment.span.start;
    // Never further than a comment about a line can speak: lines may be as long as files.
    let line_end = |from: usize, reach: usize| {
        let rest = text.get(from..text.len().min(from.saturating_add(reach))).unwrap_or_default();
        (from + rest.len(), memchr::memchr(b'\n', rest).map(|end| from + end))
    };
    // Comments come in the order of the text and cells as well; cells do not overlap.
    let cell = cells.partition_point(|cell| cell.span.end <= at);
    if let Some(cell) = cells.get(cell).filter(|cell| cell.metadata.contains(comment.span)) {
        return Ok(cell.span);
    }
    match comment.request {
        Request::Line => {
            let first = at.saturating_sub(REACH);
            let start =
                memchr::memrchr(b'\n', &text[first..at]).map_or(first, |end| first + end + 1);
            let (furthest, end) = line_end(comment.span.end, REACH);
            Ok(Span::new(start, end.unwrap_or(furthest)))
        }
        Request::NextLine => {
            let (furthest, end) = line_end(at, MAX_NARROW);
            let start = match end {
                Some(end) => end + 1,
                None if furthest == text.len() => furthest,
                None => return Err("stands on a line that is too long, and so ignores nothing"),
            };
            let (furthest, end) = line_end(start, MAX_NARROW - 1);
            Ok(Span::new(start, end.unwrap_or(furthest)))
        }
        Request::Start => match end {
            Some(end) => Ok(Span::new(at, end)),
            // Another scanner's block goes on to the end of the file.
            None if comment.is_peers => Ok(Span::new(at, text.len())),
            None => Err("begins a block that nothing ends, and so ignores nothing"),
        },
        Request::End => end.map(|_| Span::new(at, at)).ok_or("ends a block that nothing began"),
        Request::File => Ok(Span::new(0, text.len())),
        Request::Nothing => {
            Err("is not understood: write `hfscan: ignore[rule] reason`, `ignore-next-line`, \
                 `ignore-file`, or `ignore-start` and `ignore-end`")
        }
    }
}
