//! Applies the fixes of one file.

use crate::model::{Edit, Fix, Span};
use std::collections::BTreeSet;

/// The result of applying the fixes of one file.
#[derive(Debug, PartialEq, Eq)]
pub struct Applied {
    /// The new content of the file.
    pub bytes: Vec<u8>,
    /// The indices of the applied fixes.
    pub applied: Vec<usize>,
    /// The indices of fixes that overlap or touch an applied one; the next round plans them again.
    pub waiting: Vec<usize>,
    /// The edits, in order of position.
    pub edits: Vec<Edit>,
}

/// Applies the edits of `fixes` to `bytes`, in order of their first edits.
///
/// A fix waits if one of its edits overlaps or touches an edit of another; equal edits are applied
/// once.
pub fn apply(bytes: &[u8], fixes: &[&Fix]) -> Applied {
    let mut order: Vec<usize> = (0..fixes.len()).collect();
    order.sort_by_key(|number| fixes[*number].edits.first().map(|edit| edit.span));
    let mut edits: BTreeSet<(Span, &str)> = BTreeSet::new();
    let (mut applied, mut waiting) = (Vec::new(), Vec::new());
    for number in order {
        let fix = fixes[number];
        let is_free = fix.edits.iter().all(|edit| {
            let own = (edit.span, edit.text.as_str());
            edit.span.end <= bytes.len() && (edits.contains(&own) || !is_touched(&edits, edit.span))
        });
        if is_free {
            edits.extend(fix.edits.iter().map(|edit| (edit.span, edit.text.as_str())));
            applied.push(number);
        } else {
            waiting.push(number);
        }
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (span, text) in &edits {
        out.extend_from_slice(&bytes[at..span.start.max(at)]);
        out.extend_from_slice(text.as_bytes());
        at = span.end.max(at);
    }
    out.extend_from_slice(&bytes[at..]);
    applied.sort_unstable();
    let edits = edits.into_iter().map(|(span, text)| Edit::replace(span, text)).collect();
    Applied { bytes: out, applied, waiting, edits }
}

/// `true` if an edit overlaps `span`, or touches one of its ends.
fn is_touched(edits: &BTreeSet<(Span, &str)>, span: Span) -> bool {
    let after = edits.range((Span::new(span.start, span.start), "")..).next();
    let before = edits.range(..(Span::new(span.start, span.start), "")).next_back();
    after.is_some_and(|(other, _)| other.start <= span.end)
        || before.is_some_and(|(other, _)| other.end >= span.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Applicability;

    fn fix(edits: &[(usize, usize, &str)]) -> Fix {
        let edits =
            edits.iter().map(|(start, end, text)| Edit::replace(Span::new(*start, *end), *text));
        Fix::new("row", Applicability::Safe, edits.collect()).expect("they are apart")
    }

    #[test]
    fn equal_edits_are_one_and_touching_ones_wait() {
        let fixes = [
            fix(&[(0, 0, "import os\n"), (4, 6, "A")]),
            fix(&[(0, 0, "import os\n"), (8, 9, "B")]),
            fix(&[(6, 7, "C")]),
        ];
        let done = apply(b"0123456789", &fixes.iter().collect::<Vec<_>>());
        assert_eq!(done.bytes, b"import os\n0123A67B9");
        assert_eq!((done.applied, done.waiting), (vec![0, 1], vec![2]));
    }

    #[test]
    fn an_edit_inside_of_another_waits() {
        let fixes = [fix(&[(2, 9, "")]), fix(&[(4, 5, "x")])];
        let done = apply(b"0123456789", &fixes.iter().collect::<Vec<_>>());
        assert_eq!(done.applied.len(), 1);
    }
}
