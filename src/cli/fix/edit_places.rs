//! Line and column positions of edits, for reports that list fixes.

use crate::{
    decode::encoding::Encoding,
    fix::apply,
    model::{EditPlaces, Finding, Fix, LineColumn, Span},
    scan::{Scanner, line_columns},
};
use std::collections::BTreeMap;

/// Maximum number of fixes in a file whose lines are searched for other secrets; lines of further
/// fixes count as not clean.
const MAX_SEARCHED: usize = 500;

/// Adds the positions of their edits to the fixes of a file.
pub fn add(bytes: &[u8], scanner: &Scanner, findings: &mut [Finding]) {
    let fixes = || findings.iter().flat_map(|one| &one.fixes);
    let spans = fixes().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    let mut offsets: Vec<usize> = spans.flat_map(|span| [span.start, span.end]).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let Ok(found) = line_columns(&bytes, Encoding::Ascii, &offsets) else { return };
    let lines: BTreeMap<usize, LineColumn> = offsets.into_iter().zip(found).collect();
    let fixes = findings.iter_mut().flat_map(|one| &mut one.fixes);
    for (number, fix) in fixes.filter(|fix| !fix.edits.is_empty()).enumerate() {
        let edits = fix.edits.iter().map(|edit| (lines[&edit.span.start], lines[&edit.span.end]));
        let edits = edits.collect();
        let leaves_clean_lines = number < MAX_SEARCHED && is_clean(bytes, scanner, fix);
        fix.places = Some(EditPlaces { edits, leaves_clean_lines });
    }
}

/// `true` if the lines that a fix changes contain no secret afterwards.
fn is_clean(bytes: &[u8], scanner: &Scanner, fix: &Fix) -> bool {
    let (Some(first), Some(last)) = (fix.edits.first(), fix.edits.last()) else { return false };
    let start = memchr::memrchr(b'\n', &bytes[..first.span.start]).map_or(0, |end| end + 1);
    let rest = &bytes[last.span.end..];
    let end = last.span.end + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let mut in_lines = fix.clone();
    for edit in &mut in_lines.edits {
        edit.span = Span::new(edit.span.start - start, edit.span.end - start);
    }
    let lines = apply(&bytes[start..end], &[&in_lines]).bytes;
    let lines = String::from_utf8_lossy(&lines);
    scanner.masked(&lines) == lines
}
