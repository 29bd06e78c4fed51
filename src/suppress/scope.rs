//! The scope of an ignore comment in its text.

use super::{
    comment::{Comment, Request},
    notebook::Cell,
};
use crate::model::Span;

/// Number of lines at the start of a file in which a comment for the whole file must be, so that
/// reviewers see it.
const FILE_LINES: usize = 20;
/// On a long line, a comment only applies to findings within this distance in bytes; otherwise it
/// would apply to the whole program if all code is on one line.
const REACH: usize = 1_000;
/// Maximum length in bytes of the scope of a comment for a line.
pub const MAX_NARROW: usize = 64 << 10;

/// For each comment that begins a block, the offset of its end; for each that ends one, that of its
/// start.
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

/// The offset after the first `FILE_LINES` lines of a text.
pub fn end_of_head(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).nth(FILE_LINES - 1).unwrap_or(text.len())
}

/// The scope of a comment, or the reason for which there is none. `end` is the offset of the
/// matching comment, if it begins or ends a block.
pub fn scope_of(
    text: &[u8],
    comment: &Comment,
    end: Option<usize>,
    cells: &[Cell],
) -> Result<Span, &'static str> {
    let at = comment.span.start;
    // Bounded, since a line may be as long as a file.
    let line_end = |from: usize, reach: usize| {
        let rest = text.get(from..text.len().min(from.saturating_add(reach))).unwrap_or_default();
        (from + rest.len(), memchr::memchr(b'\n', rest).map(|end| from + end))
    };
    // Comments and cells are both sorted by offset, and cells do not overlap.
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
                None => return Err("is on a line that is too long, and so ignores nothing"),
            };
            let (furthest, end) = line_end(start, MAX_NARROW - 1);
            Ok(Span::new(start, end.unwrap_or(furthest)))
        }
        Request::Start => match end {
            Some(end) => Ok(Span::new(at, end)),
            // Another scanner's block extends to the end of the file.
            None if comment.is_peers => Ok(Span::new(at, text.len())),
            None => Err("begins a block without an end, and so ignores nothing"),
        },
        Request::End => end.map(|_| Span::new(at, at)).ok_or("ends a block without a start"),
        Request::File => Ok(Span::new(0, text.len())),
        Request::Nothing => {
            Err("is not understood: write `hfscan: ignore[rule] reason`, `ignore-next-line`, \
                 `ignore-file`, or `ignore-start` and `ignore-end`")
        }
    }
}
