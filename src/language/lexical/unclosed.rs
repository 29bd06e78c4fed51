//! Closers known to be missing, so that no search is repeated.

/// Number of unclosed strings with variable closers after which no closer is searched for, since
/// each search reads to the end of the text.
pub const MOST_FAILURES: usize = 64;

/// Closers that were not found.
#[derive(Default)]
pub struct Unclosed {
    /// A closer, `true` if it may be on a later line, and the offset up to which it does not occur.
    searched: Vec<(&'static str, bool, usize)>,
    /// The offset up to which no placeholder ends.
    pub fill_until: usize,
    /// The offset up to which no regular expression ends.
    pub pattern_until: usize,
    /// Number of unclosed strings with variable closers.
    pub failures: usize,
}

impl Unclosed {
    /// `true` if no failed search covers the text after `at`.
    pub fn is_over(&self, at: usize) -> bool {
        self.failures == 0
            && self.fill_until.max(self.pattern_until) <= at
            && self.searched.iter().all(|(.., until)| *until <= at)
    }

    /// `true` if `close` is known not to occur after `at`.
    pub fn is_searched(&self, close: &str, lines: bool, at: usize) -> bool {
        let known = self.searched.iter().find(|known| known.0 == close && known.1 == lines);
        known.is_some_and(|known| at < known.2)
    }

    /// Records that `close` does not occur before `until`.
    pub fn set_searched(&mut self, close: &'static str, lines: bool, until: usize) {
        self.searched.retain(|known| !(known.0 == close && known.1 == lines));
        self.searched.push((close, lines, until));
    }
}
