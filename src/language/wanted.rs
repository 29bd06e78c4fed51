//! Selection of the facts that a reader must return.

use crate::model::Span;
use std::ops::Range;

/// Selection of the facts that a reader must return. It may return more.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The places near which facts are wanted.
    pub places: Places<'a>,
    /// Parts of the text without wanted facts, as listed in
    /// [`Facts::parts`](crate::model::Facts::parts), sorted and disjoint. The parts of the result
    /// include each range that was skipped; the others were read.
    pub skip: &'a [Range<usize>],
    /// `true` if the facts of commented-out code are wanted too.
    pub commented: bool,
}

impl<'a> Wanted<'a> {
    /// All facts.
    pub const ALL: Wanted<'static> = Wanted { places: Places::ALL, skip: &[], commented: false };

    /// Facts near these offsets, which are in ascending order.
    pub fn near(places: &'a [usize]) -> Self {
        Self { places: Places::at(places), skip: &[], commented: false }
    }

    /// The end of the range to skip that starts at `start`.
    pub fn skip_end(self, start: usize) -> Option<usize> {
        let index = self.skip.binary_search_by_key(&start, |part| part.start).ok()?;
        self.skip.get(index).map(|part| part.end)
    }
}

/// The places at which facts are wanted: a fact is wanted if a place is in it or in a name around
/// it.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a>(Option<&'a [usize]>);

impl<'a> Places<'a> {
    /// Everywhere.
    pub const ALL: Places<'static> = Places(None);

    /// At these bytes, in ascending order.
    pub fn at(places: &'a [usize]) -> Self {
        Self(Some(places))
    }

    /// The places; `None` if facts are wanted everywhere.
    pub fn list(self) -> Option<&'a [usize]> {
        self.0
    }

    /// `true` if a fact with this span may be dropped, given `count` facts so far: it is near none
    /// of the places, and all facts of a text of short lines would take many times its size.
    pub fn may_drop(self, count: usize, span: Span) -> bool {
        const MANY: usize = 4096;
        count >= MANY && !self.are_in(span.start..span.end)
    }

    /// `true` if facts are wanted in this part of the text.
    pub fn are_in(self, part: Range<usize>) -> bool {
        self.0.is_none_or(|places| {
            let first = places.partition_point(|place| *place < part.start);
            places.get(first).is_some_and(|place| *place < part.end)
        })
    }
}
