//! The edits that turn one text into another.

use crate::model::{Edit, Span};
use similar::{DiffOp, TextDiff};

/// Maximum length in bytes of changes that are compared by character.
const MAX_COMPARED: usize = 8 << 10;

/// Edits of `old`, in ascending order, that turn it into `new`. They exclude common text, which may
/// contain another secret.
pub fn difference(old: &str, new: &str) -> Vec<Edit> {
    let lines = TextDiff::from_lines(old, new);
    let (before, after) = (ends(lines.old_slices()), ends(lines.new_slices()));
    let mut edits = Vec::new();
    for (from, to) in changes(lines.ops(), &before, &after) {
        let (own, other) = (&old[from.start..from.end], &new[to.start..to.end]);
        if own.len() + other.len() > MAX_COMPARED {
            edits.push(Edit::replace(from, other));
            continue;
        }
        let characters = TextDiff::from_chars(own, other);
        let before = ends(characters.old_slices());
        let after = ends(characters.new_slices());
        for (inner, written) in changes(characters.ops(), &before, &after) {
            edits
                .push(Edit::replace(inner.shifted(from.start), &other[written.start..written.end]));
        }
    }
    edits
}

/// The start offset of each part, and the end of the last.
fn ends(parts: &[&str]) -> Vec<usize> {
    let mut at = 0;
    let ends = parts.iter().map(|part| {
        at += part.len();
        at
    });
    std::iter::once(0).chain(ends).collect()
}

/// The span of each differing part, in both texts.
fn changes(ops: &[DiffOp], before: &[usize], after: &[usize]) -> Vec<(Span, Span)> {
    let differs = ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    let spans = differs.map(|op| {
        let (old, new) = (op.old_range(), op.new_range());
        let old = Span::new(before[old.start], before[old.end]);
        (old, Span::new(after[new.start], after[new.end]))
    });
    spans.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edits_make_the_new_text_and_leave_what_is_the_same() {
        for (old, new, count) in [
            ("a\nb\nc\n", "a\nx\nc\n", 1),
            ("é✓😀", "è✓😁", 2),
            ("one = 1; two = 2\n", "one = 7; two = 8\n", 2),
            ("a\r\nb\r", "a\r\n\r", 1),
            ("", "new\n", 1),
            ("same", "same", 0),
        ] {
            let edits = difference(old, new);
            assert_eq!(edits.len(), count, "{old:?}: {edits:?}");
            let mut made = String::new();
            let mut at = 0;
            for edit in &edits {
                made.push_str(&old[at..edit.span.start]);
                made.push_str(&edit.text);
                at = edit.span.end;
            }
            made.push_str(&old[at..]);
            assert_eq!(made, new);
        }
    }
}
