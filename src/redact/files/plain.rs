//! Text files, redacted in pieces that end with a line.

use super::{
    error::FileError,
    job::{FileJob, Place, Totals},
};
use crate::{
    model::Span,
    redact::redactor::Replaced,
    scan::{TextPosition, TextPositions},
};
use std::io::{Read, Write};

/// Size of a piece in bytes.
const PIECE: usize = 8 << 20;
/// Number of bytes at the end of a piece that are read again with the next one: the longest secret.
const OVERLAP: usize = crate::detect::MAX_SECRET;

/// Redacts a text.
///
/// # Errors
/// Returns an error if reading or writing fails, and if columns are selected.
pub fn redact(
    mut input: impl Read,
    output: &mut dyn Write,
    job: &FileJob<'_>,
    found: &mut dyn FnMut(&Place, &Replaced),
) -> Result<Totals, FileError> {
    if !job.columns.is_all() {
        return Err(FileError::NoColumns);
    }
    let mut redactor = job.redactor();
    let mut totals = Totals::default();
    let mut piece: Vec<u8> = Vec::new();
    loop {
        let wanted = (PIECE + OVERLAP - piece.len()) as u64;
        let read = input.by_ref().take(wanted).read_to_end(&mut piece)?;
        let is_last = (read as u64) < wanted;
        let redaction = redactor.redact(&piece);
        let edits = redaction.as_ref().map_or(&[][..], |one| &one.edits[..]);
        let end = match is_last {
            true => piece.len(),
            false => {
                // The piece must not end inside an edit, and inside a line only if that has no end.
                let near = piece.len() - OVERLAP;
                let line = memchr::memrchr(b'\n', &piece[..near]).map_or(near, |at| at + 1);
                let cut = edits.iter().find(|(span, _)| span.start < line && line < span.end);
                cut.map_or(line, |(span, _)| if span.start > 0 { span.start } else { span.end })
            }
        };
        let mut at = 0;
        for (span, bytes) in edits.iter().take_while(|(span, _)| span.end <= end) {
            output.write_all(&piece[at..span.start])?;
            output.write_all(bytes)?;
            at = span.end;
        }
        output.write_all(&piece[at..end])?;
        let mut positions = TextPositions::in_bytes(&piece);
        for one in redaction.iter().flat_map(|one| &one.replaced) {
            if one.span.end <= end {
                let TextPosition { line, column, .. } = positions.of(one.span);
                let mut one = one.clone();
                one.span = Span::new(column - 1, column - 1 + one.span.len());
                found(&Place::in_row(totals.rows + line - 1, Vec::new()), &one);
                totals.replaced += 1;
            }
        }
        totals.rows += memchr::memchr_iter(b'\n', &piece[..end]).count();
        if is_last {
            totals.rows += usize::from(piece.last().is_some_and(|byte| *byte != b'\n'));
            return Ok(totals);
        }
        piece.drain(..end);
    }
}
