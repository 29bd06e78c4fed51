//! The way from a decoded text back to the bytes it came from.

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

/// Where each byte of a decoded text stands in the bytes it was decoded from.
///
/// Runs of equal length map byte by byte. A unit whose length changed in decoding (an
/// escape, a UTF-16 unit) maps as a whole: any part of it stands for all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpanMap {
    pieces: Vec<Piece>,
}

impl SpanMap {
    /// A map of `len` bytes that all stand where they stood, `offset` bytes further on.
    pub fn shifted(offset: usize, len: usize) -> Self {
        let mut map = Self::default();
        map.push(len, Span::new(offset, offset + len));
        map
    }

    /// Says that the next `view_len` bytes of the decoded text stand for `source`.
    ///
    /// Pieces are given in the order of the decoded text.
    pub fn push(&mut self, view_len: usize, source: Span) {
        if view_len == 0 {
            return;
        }
        let linear = view_len == source.len();
        let (units, unit_view, unit_source) =
            if linear { (view_len, 1, 1) } else { (1, view_len, source.len()) };
        if let Some(last) = self.pieces.last_mut() {
            let alike = (last.unit_view, last.unit_source) == (unit_view, unit_source);
            if alike && last.source_end() == source.start {
                last.units += units;
                return;
            }
        }
        let view = self.view_len();
        self.pieces.push(Piece { view, source: source.start, units, unit_view, unit_source });
    }

    /// How many bytes of decoded text have been mapped.
    pub fn view_len(&self) -> usize {
        self.pieces.last().map_or(0, Piece::view_end)
    }

    /// The source bytes that the decoded bytes `span` stand for.
    ///
    /// A span over several pieces gives all from the first to the last, with what
    /// lies between. An empty or outlying span gives an empty one at the nearest place.
    pub fn to_source(&self, span: Span) -> Span {
        if span.is_empty() {
            let at = self.start_of(span.start);
            return Span::new(at, at);
        }
        Span::new(self.start_of(span.start), self.end_of(span.end - 1))
    }

    /// The decoded bytes that stand for the source bytes `span`: the way back of
    /// [`to_source`](Self::to_source), for maps whose source bytes come in order.
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
    fn a_span_past_the_end_stays_at_the_end() {
        let map = SpanMap::shifted(5, 4);
        assert_eq!(map.to_source(Span::new(9, 9)), Span::new(9, 9));
        assert_eq!(SpanMap::default().to_source(Span::new(0, 0)), Span::new(0, 0));
    }
}
