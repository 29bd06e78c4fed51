//! Closers that are known to be absent, so that no search is repeated.

/// After this many strings with closers of their own that never came, none is looked for:
/// each search goes to the end of the text.
pub const MOST_FAILURES: usize = 64;

/// Closers that were searched for in vain.
#[derive(Default)]
pub struct Unclosed {
    /// A closer, whether it may be on a later line, and up to where it does not stand.
    searched: Vec<(&'static str, bool, usize)>,
    /// Up to where a value that is filled in does not end.
    pub fill_until: usize,
    /// Up to where a pattern does not end.
    pub pattern_until: usize,
    /// How many strings with closers of their own were never closed.
    pub failures: usize,
}

impl Unclosed {
    /// `true` if nothing that was found out says anything about what follows `at`.
    pub fn is_over(&self, at: usize) -> bool {
        self.failures == 0
            && self.fill_until.max(self.pattern_until) <= at
            && self.searched.iter().all(|(.., until)| *until <= at)
    }

    /// `true` if `close` is known not to stand after `at`.
    pub fn is_searched(&self, close: &str, lines: bool, at: usize) -> bool {
        let known = self.searched.iter().find(|known| known.0 == close && known.1 == lines);
        known.is_some_and(|known| at < known.2)
    }

    /// Notes that `close` does not stand before `until`.
    pub fn set_searched(&mut self, close: &'static str, lines: bool, until: usize) {
        self.searched.retain(|known| !(known.0 == close && known.1 == lines));
        self.searched.push((close, lines, until));
    }
}
