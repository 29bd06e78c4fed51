//! The trait of every language's reader.

pub use super::files::{FileHead, Files};
use crate::model::Facts;
use std::ops::Range;

/// Reads one language, or one family of them, into facts.
///
/// A reader takes time and memory in proportion to the text, whatever the text is:
/// it never recurses without a limit, and it goes on after what it cannot make sense of.
pub trait Reader: Sync {
    /// Its name in rules, hints and reports: `python`, `dockerfile`.
    fn name(&self) -> &'static str;

    /// The files in its language.
    fn files(&self) -> &'static Files;

    /// `true` if what a file is for may give its names a meaning of their own: whether
    /// [`Facts::dialect`] may be told.
    fn has_dialects(&self) -> bool {
        false
    }

    /// `true` if texts in other languages may be embedded in its own: rules for any language
    /// may want facts of it.
    fn embeds(&self) -> bool {
        false
    }

    /// The facts of `text`, in the order in which they stand there. The text is mostly
    /// UTF-8, but any bytes may stand in it; spans count its bytes.
    fn read(&self, text: &[u8], file: FileHead<'_>) -> Facts;

    /// The facts of `text`, possibly without those that are not near `places` and those in
    /// the ranges to `skip`: parts of the text, as [`Facts::parts`] lists them, sorted and
    /// disjoint. A range to skip that is among the parts of the result was skipped, any other
    /// was read. By default everything is read.
    fn read_near(
        &self,
        text: &[u8],
        file: FileHead<'_>,
        _places: Places<'_>,
        _skip: &[Range<usize>],
    ) -> Facts {
        self.read(text, file)
    }
}

/// Where in a text facts are wanted: a fact is, if one of the places stands in it or in a
/// name around it.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a>(Option<&'a [usize]>);

impl<'a> Places<'a> {
    /// Everywhere.
    pub const ALL: Places<'static> = Places(None);

    /// At these bytes, in ascending order.
    pub fn at(places: &'a [usize]) -> Self {
        Self(Some(places))
    }

    /// The places, unless facts are wanted everywhere.
    pub fn list(self) -> Option<&'a [usize]> {
        self.0
    }

    /// `true` if one of them is in this part of the text.
    pub fn are_in(self, part: Range<usize>) -> bool {
        self.0.is_none_or(|places| {
            let first = places.partition_point(|place| *place < part.start);
            places.get(first).is_some_and(|place| *place < part.end)
        })
    }
}

/// The end of the range in `skip`, which is sorted, that starts at `start`.
pub fn skip_end(skip: &[Range<usize>], start: usize) -> Option<usize> {
    let index = skip.binary_search_by_key(&start, |part| part.start).ok()?;
    skip.get(index).map(|part| part.end)
}
