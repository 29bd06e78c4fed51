//! Looking ahead for a closing mark without reading any byte twice.

use memchr::memmem;

/// How many lines a quote may go on before it is taken for one that was never closed.
pub(super) const MAX_QUOTED_LINES: usize = 200;

/// A mark that closes something.
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

    /// How many line ends may stand before it.
    fn max_lines(self) -> usize {
        match self {
            Mark::Quote | Mark::DoubleQuote | Mark::Backtick | Mark::Brace => MAX_QUOTED_LINES,
            Mark::Arithmetic | Mark::Template => 10,
            Mark::Brackets => 0,
        }
    }
}

/// Where the next mark of each sort stands, as far as it has been looked for.
///
/// Without this memory, a text of a million opening marks would be searched to its end
/// a million times.
#[derive(Debug, Clone, Default)]
pub(super) struct Ahead {
    known: [Option<Known>; Mark::COUNT],
}

#[derive(Debug, Clone, Copy)]
struct Known {
    /// From where on the mark was looked for.
    searched: usize,
    /// Where it stands; past every text if there is none.
    found: usize,
    /// From where on it is near enough to close anything.
    near: usize,
}

impl Ahead {
    /// Where the first `mark` at or after `from` stands, unless it is too many lines on
    /// to close what was opened at `from`.
    pub fn find(&mut self, text: &[u8], mark: Mark, from: usize) -> Option<usize> {
        let slot = &mut self.known[mark as usize];
        let known = match *slot {
            Some(known) if known.searched <= from && from <= known.found => known,
            _ => *slot.insert(Known::search(text, mark, from)),
        };
        (known.near <= from && known.found != usize::MAX).then_some(known.found)
    }
}

impl Known {
    fn search(text: &[u8], mark: Mark, from: usize) -> Self {
        let rest = text.get(from..).unwrap_or_default();
        let Some(offset) = memmem::find(rest, mark.text()) else {
            return Known { searched: from, found: usize::MAX, near: usize::MAX };
        };
        let too_far = memchr::memrchr_iter(b'\n', &rest[..offset]).nth(mark.max_lines());
        let near = too_far.map_or(from, |line_end| from + line_end + 1);
        Known { searched: from, found: from + offset, near }
    }
}
