//! Finds the rows of a buffer that contain a keyword.

use super::keyring::Keyring;
use std::ops::{ControlFlow, Range};

/// Texts in one buffer, such as the values of a column.
pub trait Rows {
    /// The row that contains the byte at `at`, and its range of bytes. `None` if there is no such
    /// row, or if it is already marked.
    fn asleep_at(&self, at: usize) -> Option<(usize, Range<usize>)>;

    /// Marks a row to be scanned by itself.
    fn mark(&mut self, row: usize);
}

impl Keyring {
    /// Marks the rows of `text` in which a keyword wakes a rule or a decoder, or may do so.
    /// `has_facts` returns `true` for a row in a language that is read for facts.
    ///
    /// Only the row's own bytes count, as when it is scanned by itself, and never the bytes after
    /// it in the buffer.
    pub fn mark_awake(&self, text: &[u8], has_facts: &dyn Fn(&[u8]) -> bool, rows: &mut dyn Rows) {
        let _ = self.for_each_keyword(text, |keyword, at| {
            if let Some((row, range)) = rows.asleep_at(at)
                && at + keyword.text.len() <= range.end
                && keyword.wakes(&text[range.clone()], at - range.start, has_facts)
            {
                rows.mark(row);
            }
            ControlFlow::Continue(())
        });
    }
}
