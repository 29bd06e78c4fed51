//! Searches ahead for closing marks without reading a byte twice.

use memchr::memmem;

/// Maximum number of lines of a quoted text; a longer one counts as unclosed.
pub(super) const MAX_QUOTED_LINES: usize = 200;

/// A closing mark.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    /// `'`
    Quote,
    /// `"`
    DoubleQuote,
    /// A backtick.
    Backtick,
    /// `}`
    Brace,
    /// `))`
    Arithmetic,
    /// `}}`
    Template,
    /// `]]`
    Brackets,
}

impl Mark {
    const COUNT: usize = 7;

    fn text(self) -> &'static [u8] {
        match self {
            Mark::Quote => b"'",
            Mark::DoubleQuote => b"\"",
            Mark::Backtick => b"`",
            Mark::Brace => b"}",
            Mark::Arithmetic => b"))",
            Mark::Template => b"}}",
            Mark::Brackets => b"]]",
        }
    }

    /// Maximum number of line ends before it.
    fn max_lines(self) -> usize {
        match self {
            Mark::Quote | Mark::DoubleQuote | Mark::Backtick | Mark::Brace => MAX_QUOTED_LINES,
            Mark::Arithmetic | Mark::Template => 10,
            Mark::Brackets => 0,
        }
    }
}

/// The next mark of each kind, as far as it was searched for.
///
/// Without this cache, a text of a million opening marks would be searched to its end a million
/// times.
#[derive(Debug, Clone, Default)]
pub(super) struct Ahead {
    known: [Option<Search>; Mark::COUNT],
}

#[derive(Debug, Clone, Copy)]
struct Search {
    /// The offset from which the mark was searched for.
    searched: usize,
    /// Its offset; past the end of any text if there is none.
    found: usize,
    /// The offset from which it is near enough to close an opening mark.
    near: usize,
}

impl Ahead {
    /// The offset of the first `mark` at or after `from`; `None` if it is too many lines away to
    /// close anything opened at `from`.
    pub fn find(&mut self, text: &[u8], mark: Mark, from: usize) -> Option<usize> {
        let slot = &mut self.known[mark as usize];
        let known = match *slot {
            Some(known) if known.searched <= from && from <= known.found => known,
            _ => *slot.insert(Search::of(text, mark, from)),
        };
        (known.near <= from && known.found != usize::MAX).then_some(known.found)
    }
}

impl Search {
    fn of(text: &[u8], mark: Mark, from: usize) -> Self {
        let rest = text.get(from..).unwrap_or_default();
        let Some(offset) = memmem::find(rest, mark.text()) else {
            return Search { searched: from, found: usize::MAX, near: usize::MAX };
        };
        let too_far = memchr::memrchr_iter(b'\n', &rest[..offset]).nth(mark.max_lines());
        let near = too_far.map_or(from, |line_end| from + line_end + 1);
        Search { searched: from, found: from + offset, near }
    }
}
