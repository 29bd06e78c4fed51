//! The way from a decoded text back to the bytes it came from.

use super::span::Span;

/// One run of a decoded text and the run of the source that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    view: usize,
    view_len: usize,
    source: usize,
    source_len: usize,
}

/// Where each byte of a decoded text stands in the bytes it was decoded from.
///
/// Runs of equal length map byte by byte. A run whose length changed in decoding
/// (an escape, a UTF-16 unit) maps as a whole: any part of it stands for all of it.
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
        if let Some(last) = self.pieces.last_mut() {
            let linear = last.view_len == last.source_len && view_len == source.len();
            if linear && last.source + last.source_len == source.start {
                last.view_len += view_len;
                last.source_len += source.len();
                return;
            }
        }
        self.pieces.push(Piece {
            view: self.view_len(),
            view_len,
            source: source.start,
            source_len: source.len(),
        });
    }

    /// Says that what `other` maps follows what has been mapped so far.
    pub fn append(&mut self, other: &SpanMap) {
        for piece in &other.pieces {
            self.push(piece.view_len, Span::new(piece.source, piece.source + piece.source_len));
        }
    }

    /// The map of the part `part` of the decoded text, which then starts at 0.
    pub fn part(&self, part: Span) -> SpanMap {
        let first = self.pieces.partition_point(|piece| piece.view + piece.view_len <= part.start);
        let mut map = SpanMap::default();
        for piece in self.pieces[first..].iter().take_while(|piece| piece.view < part.end) {
            let start = part.start.max(piece.view);
            let end = part.end.min(piece.view + piece.view_len);
            map.push(end - start, self.to_source(Span::new(start, end)));
        }
        map
    }

    /// How many bytes of decoded text have been mapped.
    pub fn view_len(&self) -> usize {
        self.pieces.last().map_or(0, |last| last.view + last.view_len)
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

    fn piece_at(&self, view: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.view <= view);
        after.checked_sub(1).map(|index| &self.pieces[index])
    }

    fn start_of(&self, view: usize) -> usize {
        let Some(piece) = self.piece_at(view) else { return 0 };
        let inside = view - piece.view;
        if inside >= piece.view_len {
            piece.source + piece.source_len
        } else if piece.view_len == piece.source_len {
            piece.source + inside
        } else {
            piece.source
        }
    }

    fn end_of(&self, last: usize) -> usize {
        let Some(piece) = self.piece_at(last) else { return 0 };
        let inside = (last - piece.view).min(piece.view_len - 1);
        if piece.view_len == piece.source_len {
            piece.source + inside + 1
        } else {
            piece.source + piece.source_len
        }
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
    fn a_span_past_the_end_stays_at_the_end() {
        let map = SpanMap::shifted(5, 4);
        assert_eq!(map.to_source(Span::new(9, 9)), Span::new(9, 9));
        assert_eq!(SpanMap::default().to_source(Span::new(0, 0)), Span::new(0, 0));
    }
}
