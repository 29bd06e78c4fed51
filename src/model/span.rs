//! Positions in a text, in bytes and in lines.

/// A range of bytes, counted from 0; `end` is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to, but not including, `end`. An `end` before `start` gives the
    /// empty span at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// `true` if it covers no byte.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// `true` if the two spans share at least one byte.
    pub fn overlaps(&self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// `true` if every byte of `other` is in this span.
    pub fn contains(&self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The same span moved `by` bytes forward.
    pub fn shifted(&self, by: usize) -> Span {
        Span::new(self.start + by, self.end + by)
    }

    /// The smallest span that covers both.
    pub fn joined(&self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The bytes of `text` that it covers, without any part beyond the end of `text`.
    pub fn slice<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.start.min(text.len())..self.end.min(text.len())]
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A line and a column, both counted from 1.
///
/// A column is a Unicode code point, as in SARIF's `unicodeCodePoints`; a byte
/// that is not part of valid UTF-8 counts as one column. A leading byte order
/// mark counts as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The column in bytes of UTF-8, from 1; a byte order mark counts. Bytes that are not valid
    /// UTF-8 count one each.
    pub byte_column: usize,
}

impl LineColumn {
    /// The position of the first character of a text.
    pub const START: LineColumn = LineColumn { line: 1, column: 1, byte_column: 1 };
}
