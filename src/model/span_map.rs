//! Maps a decoded text to the bytes that it was decoded from.

use super::span::Span;

/// A run of units, each of `unit_view` decoded bytes for `unit_source` source bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    view: usize,
    source: usize,
    units: usize,
    unit_view: usize,
    unit_source: usize,
}

impl Piece {
    fn view_end(&self) -> usize {
        self.view + self.units * self.unit_view
    }

    fn source_end(&self) -> usize {
        self.source + self.units * self.unit_source
    }
}

/// The source bytes of each byte of a decoded text.
///
/// Runs of equal length map byte by byte. A unit whose length changed in decoding (an escape, a
/// UTF-16 unit) maps as a whole: any part of it maps to all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpanMap {
    pieces: Vec<Piece>,
}

impl SpanMap {
    /// A map of `len` bytes, each to the byte `offset` bytes further on.
    pub fn shifted(offset: usize, len: usize) -> Self {
        let mut map = Self::default();
        map.push(len, Span::new(offset, offset + len));
        map
    }

    /// Maps the next `view_len` bytes of the decoded text to `source`.
    #[inline]
    pub fn push(&mut self, view_len: usize, source: Span) {
        if view_len == 0 {
            return;
        }
        let linear = view_len == source.len();
        let (units, unit_view, unit_source) =
            if linear { (view_len, 1, 1) } else { (1, view_len, source.len()) };
        self.push_units(Piece { view: 0, source: source.start, units, unit_view, unit_source });
    }

    /// Adds a run of units at the end.
    fn push_units(&mut self, piece: Piece) {
        let view = self.view_len();
        if let Some(last) = self.pieces.last_mut() {
            let alike = (last.unit_view, last.unit_source) == (piece.unit_view, piece.unit_source);
            if alike && last.source_end() == piece.source {
                last.units += piece.units;
                return;
            }
        }
        self.pieces.push(Piece { view, ..piece });
    }

    /// Adds the pieces of `other` at the end.
    pub fn append(&mut self, other: &SpanMap) {
        other.pieces.iter().for_each(|piece| self.push_units(*piece));
    }

    /// The map of the part `part` of the decoded text; the start of the part becomes 0.
    pub fn part(&self, part: Span) -> SpanMap {
        let first = self.pieces.partition_point(|piece| piece.view_end() <= part.start);
        let mut map = SpanMap::default();
        for piece in self.pieces[first..].iter().take_while(|piece| piece.view < part.end) {
            let mut at = part.start.max(piece.view);
            let end = part.end.min(piece.view_end());
            // A run of units of one byte each is added whole. Other units are added one by one,
            // since the part may begin or end inside one.
            while at < end {
                let unit_end =
                    piece.view + ((at - piece.view) / piece.unit_view + 1) * piece.unit_view;
                let linear = (piece.unit_view, piece.unit_source) == (1, 1);
                let next = if linear { end } else { end.min(unit_end) };
                map.push(next - at, self.to_source(Span::new(at, next)));
                at = next;
            }
        }
        map
    }

    /// The composition of both maps: from the decoded text of this one to the source of `outer`,
    /// whose decoded text is the source of this one.
    pub fn through(&self, outer: &SpanMap) -> SpanMap {
        let mut map = SpanMap::default();
        for piece in &self.pieces {
            if (piece.unit_view, piece.unit_source) == (1, 1) {
                map.append(&outer.part(Span::new(piece.source, piece.source_end())));
                continue;
            }
            for unit in 0..piece.units {
                let start = piece.source + unit * piece.unit_source;
                let source = outer.to_source(Span::new(start, start + piece.unit_source));
                map.push(piece.unit_view, source);
            }
        }
        map
    }

    /// The number of decoded bytes that are mapped.
    pub fn view_len(&self) -> usize {
        self.pieces.last().map_or(0, Piece::view_end)
    }

    /// The source bytes of the decoded bytes `span`.
    ///
    /// A span over several pieces gives everything from the first to the last, with the bytes
    /// between. An empty span, or one outside, gives an empty span at the nearest position.
    pub fn to_source(&self, span: Span) -> Span {
        if span.is_empty() {
            let at = self.start_of(span.start);
            return Span::new(at, at);
        }
        Span::new(self.start_of(span.start), self.end_of(span.end - 1))
    }

    /// The decoded bytes of the source bytes `span`: the inverse of [`to_source`](Self::to_source),
    /// for maps whose source bytes are in order.
    pub fn to_view(&self, span: Span) -> Span {
        let place = |source: usize| {
            let after = self.pieces.partition_point(|piece| piece.source <= source);
            let Some(piece) = after.checked_sub(1).map(|index| &self.pieces[index]) else {
                return 0;
            };
            let units = ((source - piece.source) / piece.unit_source.max(1)).min(piece.units);
            piece.view + units * piece.unit_view
        };
        Span::new(place(span.start), place(span.end))
    }

    fn piece_at(&self, view: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.view <= view);
        after.checked_sub(1).map(|index| &self.pieces[index])
    }

    fn start_of(&self, view: usize) -> usize {
        let Some(piece) = self.piece_at(view) else { return 0 };
        piece.source + ((view - piece.view) / piece.unit_view).min(piece.units) * piece.unit_source
    }

    fn end_of(&self, last: usize) -> usize {
        let Some(piece) = self.piece_at(last) else { return 0 };
        let unit = ((last - piece.view) / piece.unit_view).min(piece.units - 1);
        piece.source + (unit + 1) * piece.unit_source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_runs_map_byte_by_byte_and_changed_runs_as_a_whole() {
        let mut map = SpanMap::default();
        map.push(3, Span::new(10, 13));
        map.push(1, Span::new(13, 15));
        map.push(4, Span::new(15, 19));
        assert_eq!(map.to_source(Span::new(1, 3)), Span::new(11, 13));
        assert_eq!(map.to_source(Span::new(3, 4)), Span::new(13, 15));
        assert_eq!(map.to_source(Span::new(2, 5)), Span::new(12, 16));
    }

    #[test]
    fn source_bytes_lead_to_the_decoded_ones_where_they_come_in_order() {
        let mut map = SpanMap::default();
        (0..10).for_each(|unit| map.push(1, Span::new(2 + unit * 2, 4 + unit * 2)));
        assert_eq!(map.to_view(Span::new(6, 12)), Span::new(2, 5));
        assert_eq!(map.to_view(Span::new(0, 100)), Span::new(0, 10));
    }

    #[test]
    fn units_alike_are_kept_as_one_piece() {
        let mut map = SpanMap::default();
        (0..1000).for_each(|unit| map.push(1, Span::new(unit * 2, unit * 2 + 2)));
        assert_eq!(map.pieces.len(), 1);
        assert_eq!(map.to_source(Span::new(10, 12)), Span::new(20, 24));
    }

    #[test]
    fn a_part_of_a_map_starts_at_0_and_maps_may_be_put_together() {
        let mut map = SpanMap::shifted(10, 3);
        map.push(1, Span::new(13, 15));
        map.push(4, Span::new(15, 19));
        let part = map.part(Span::new(2, 6));
        assert_eq!(part.view_len(), 4);
        assert_eq!(part.to_source(Span::new(0, 1)), Span::new(12, 13));
        assert_eq!(part.to_source(Span::new(1, 3)), Span::new(13, 16));
        let mut whole = map.part(Span::new(0, 2));
        whole.append(&map.part(Span::new(2, 8)));
        assert_eq!(whole, map);
    }

    #[test]
    fn a_map_through_another_leads_to_the_outermost_source() {
        let mut outer = SpanMap::shifted(100, 5);
        outer.push(1, Span::new(105, 107));
        outer.push(4, Span::new(107, 111));
        let mut inner = SpanMap::shifted(3, 4);
        inner.push(1, Span::new(7, 9));
        let map = inner.through(&outer);
        assert_eq!(map.view_len(), inner.view_len());
        for (start, end) in [(0, 1), (0, 3), (2, 3), (3, 4), (4, 5), (1, 5)] {
            let span = Span::new(start, end);
            assert_eq!(map.to_source(span), outer.to_source(inner.to_source(span)), "{span:?}");
        }
    }

    #[test]
    fn a_span_past_the_end_stays_at_the_end() {
        let map = SpanMap::shifted(5, 4);
        assert_eq!(map.to_source(Span::new(9, 9)), Span::new(9, 9));
        assert_eq!(SpanMap::default().to_source(Span::new(0, 0)), Span::new(0, 0));
    }
}
