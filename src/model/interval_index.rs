//! An index of numbered spans that looks up those that touch a given span.

use super::span::Span;
use std::collections::BTreeMap;

/// The size of a block in bytes. Every span is filed under each block that it touches.
const BLOCK: usize = 4096;

/// An index of numbered spans that looks up those that touch a given span.
#[derive(Debug, Default)]
pub struct IntervalIndex {
    blocks: BTreeMap<usize, Vec<(Span, usize)>>,
}

impl IntervalIndex {
    /// Adds `span` under `number`.
    pub fn insert(&mut self, span: Span, number: usize) {
        for block in blocks(span) {
            self.blocks.entry(block).or_default().push((span, number));
        }
    }

    /// The numbers of the spans that touch `span`, in the order of the blocks. A number is repeated
    /// for each block that its span shares with `span`.
    pub fn touching(&self, span: Span) -> impl Iterator<Item = usize> + '_ {
        let near = self.blocks.range(blocks(span)).flat_map(|(_, spans)| spans);
        near.filter(move |(other, _)| touch(*other, span)).map(|(_, number)| *number)
    }
}

/// `true` if the spans share a byte or are equal, or if `span` is an empty one inside
/// `other`.
fn touch(other: Span, span: Span) -> bool {
    other.overlaps(span) || other == span || (span.is_empty() && other.contains(span))
}

fn blocks(span: Span) -> std::ops::RangeInclusive<usize> {
    span.start / BLOCK..=span.end.saturating_sub(1).max(span.start) / BLOCK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_found_by_a_shared_byte_in_any_block() {
        let mut index = IntervalIndex::default();
        index.insert(Span::new(10, 20), 0);
        index.insert(Span::new(4_000, 9_000), 1);
        index.insert(Span::new(30, 30), 2);
        let touching = |start, end| index.touching(Span::new(start, end)).next();
        assert_eq!(touching(19, 25), Some(0));
        assert_eq!(touching(20, 25), None);
        assert_eq!(touching(8_999, 9_010), Some(1));
        assert_eq!(touching(15, 15), Some(0));
        assert_eq!(touching(30, 30), Some(2));
    }
}
