//! Text assembled from pieces of another text.

use super::reader::Places;
use crate::model::{Binding, Facts, Span, SpanMap};

/// Text assembled from pieces of a source, with a map to it: a command without its line
/// continuations, a block without its indentation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extract {
    /// The text.
    pub text: Vec<u8>,
    /// Maps its bytes to the source.
    pub map: SpanMap,
}

impl Extract {
    /// Adds the bytes of `source` at `span`.
    pub fn copy(&mut self, source: &[u8], span: Span) {
        let piece = span.slice(source);
        self.text.extend_from_slice(piece);
        self.map.push(piece.len(), Span::new(span.start, span.start + piece.len()));
    }

    /// Adds `bytes` in place of the source's bytes at `span`.
    pub fn replace(&mut self, bytes: &[u8], span: Span) {
        self.text.extend_from_slice(bytes);
        self.map.push(bytes.len(), span);
    }

    /// Adds another extract of the same source.
    pub fn append(&mut self, other: &Extract) {
        self.text.extend_from_slice(&other.text);
        self.map.append(&other.map);
    }

    /// The extract of `part` of its text.
    pub fn part(&self, part: Span) -> Extract {
        Extract { text: part.slice(&self.text).to_vec(), map: self.map.part(part) }
    }

    /// The bytes of this text for those of the source at `places`; `None` for all of a text of at
    /// most 64 KiB, whose facts need not be filtered.
    pub fn places_of(&self, places: Places<'_>) -> Option<Vec<usize>> {
        const SHORT: usize = 64 << 10;
        let places = places.list().filter(|_| self.text.len() > SHORT)?;
        Some(places.iter().map(|at| self.map.to_view(Span::new(*at, at + 1)).start).collect())
    }

    /// Moves facts read from this text into `facts`, with their spans in the source.
    pub fn hand_over(&self, inner: Facts, facts: &mut Facts) {
        facts.absorb(inner, &self.map);
    }
}

/// Sorts facts in the order of the text, and drops duplicates.
pub(crate) fn sort(facts: &mut Facts) {
    facts.bindings.sort_by_key(|binding| (binding.span.start, binding.span.end));
    // Commented-out code is read as a whole and by line, with different paths.
    let is_same = |one: &Binding, other: &Binding| {
        one.key_span == other.key_span && one.value.span == other.value.span
    };
    facts.bindings.dedup_by(|next, last| {
        next == last || next.commented && last.commented && is_same(next, last)
    });
    facts.commands.sort_by_key(|command| (command.span.start, command.span.end));
    facts.commands.dedup();
    facts.comments.sort();
    facts.comments.dedup();
}
