//! Fixes: edits of a text that remove what a finding reports.

use super::span::Span;

/// The safety of applying a fix without review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Applicability {
    /// It cannot be applied: the text is encoded, packed, or generated from another one.
    DisplayOnly,
    /// It may change what the program does.
    Unsafe,
    /// It keeps what the program does.
    Safe,
}

/// A replacement of bytes by others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Edit {
    /// The bytes to replace. An empty span inserts before it.
    pub span: Span,
    /// The text in their place; empty to delete them.
    pub text: String,
}

impl Edit {
    /// Replaces the bytes of `span` with `text`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Inserts `text` before the byte at `offset`.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self { span: Span { start: offset, end: offset }, text: text.into() }
    }

    /// Deletes the bytes of `span`.
    pub fn delete(span: Span) -> Self {
        Self { span, text: String::new() }
    }
}

/// A way to remove what a finding reports: edits that are applied together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// The edits, sorted by span and disjoint.
    pub edits: Vec<Edit>,
    /// The safety of applying it without review.
    pub applicability: Applicability,
}

impl Fix {
    /// A fix with these edits, in any order. `None` if there are none, or if two of them overlap.
    pub fn new(mut edits: Vec<Edit>, applicability: Applicability) -> Option<Self> {
        edits.sort();
        let is_apart = edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
        (!edits.is_empty() && is_apart).then_some(Self { edits, applicability })
    }
}

/// The spans around a finding that a fix can replace, in bytes of the file, or of the innermost
/// member of a container. `None` where the language reader does not know the span.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct EditSpans {
    /// The whole value with its quotes: `"hf_…"`.
    pub value: Option<Span>,
    /// The whole argument with its name and its comma: `, token="hf_…"`.
    pub argument: Option<Span>,
    /// The whole statement with its line end.
    pub statement: Option<Span>,
    /// The offset at which an import is inserted.
    pub import: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_ordered_and_contradicting_ones_are_refused() {
        let span = |start, end| Span { start, end };
        let edits = vec![Edit::delete(span(9, 12)), Edit::replace(span(2, 5), "x")];
        let fix = Fix::new(edits, Applicability::Safe).expect("they are apart");
        assert_eq!(fix.edits[0].span, span(2, 5));
        let edits = vec![Edit::delete(span(2, 5)), Edit::delete(span(4, 6))];
        assert_eq!(Fix::new(edits, Applicability::Safe), None);
        assert_eq!(Fix::new(Vec::new(), Applicability::Unsafe), None);
        let both = vec![Edit::insert(2, "a"), Edit::replace(span(2, 5), "b")];
        assert!(Fix::new(both, Applicability::Safe).is_some());
    }
}
