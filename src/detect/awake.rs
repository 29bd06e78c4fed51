//! Which of many texts that stand in one buffer hold a keyword.

use super::keyring::Keyring;
use std::ops::{ControlFlow, Range};

/// Texts that stand in one buffer, such as the values of a column.
pub trait Rows {
    /// The row that holds the byte at `at`, and the bytes of that row. `None` if there is no
    /// such row, or if it is marked already.
    fn asleep_at(&self, at: usize) -> Option<(usize, Range<usize>)>;

    /// Marks a row as one to be scanned by itself.
    fn mark(&mut self, row: usize);
}

impl Keyring {
    /// Marks the rows of `text` in which a keyword wakes a rule or a decoder, or may do so.
    /// `has_facts` says of a row that it is in a language that is read for facts.
    ///
    /// A row is judged by its own bytes, as it is when it is scanned by itself: what stands
    /// behind it in the buffer is no part of it.
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
