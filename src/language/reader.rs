//! The trait of language readers.

pub use super::files::{FileHead, Files};
use super::{comment_form::CommentForm, literal_place::LiteralPlace};
use crate::model::{Facts, Span};
use std::ops::Range;

/// Reads one language, or one family of languages, into facts.
///
/// A reader uses time and memory in proportion to the text, for any content: its recursion is
/// limited, and it continues after text that it cannot read.
pub trait Reader: Sync {
    /// Its name in rules, hints and reports: `python`, `dockerfile`.
    fn name(&self) -> &'static str;

    /// The files in its language.
    fn files(&self) -> &'static Files;

    /// `true` if files in this language may have a dialect, so that [`Facts::dialect`] may be set.
    fn has_dialects(&self) -> bool {
        false
    }

    /// `true` if the language may embed text in other languages, so that rules for any language may
    /// need its facts.
    fn embeds(&self) -> bool {
        false
    }

    /// The facts of `text`, in its order, without those of code in other languages, which is in
    /// [`Facts::embedded`]: [`read`](super::read) reads that too. The text is usually UTF-8, but
    /// may contain any bytes; spans are in bytes.
    fn read(&self, text: &[u8], file: FileHead<'_>) -> Facts;

    /// The facts of `text`, possibly without those that are not near `places` and those in the
    /// ranges in `skip`: parts of the text, as [`Facts::parts`] lists them, sorted and disjoint.
    /// Every skipped range is among the parts of the result; the rest was read. By default
    /// everything is read.
    fn read_near(
        &self,
        text: &[u8],
        file: FileHead<'_>,
        _places: Places<'_>,
        _skip: &[Range<usize>],
    ) -> Facts {
        self.read(text, file)
    }

    /// The string literals that contain the bytes at `places`, which are in ascending order, for
    /// edits. By default, and in languages other than programming languages, none.
    fn literals_at(&self, _text: &[u8], places: &[usize]) -> Vec<Option<LiteralPlace>> {
        vec![None; places.len()]
    }

    /// The number of unmatched brackets, which an edit must not increase. By default 0.
    fn unmatched_brackets(&self, _text: &[u8]) -> usize {
        0
    }

    /// The syntax of the comments among the facts of this reader. By default there are none.
    fn comment(&self) -> Option<CommentForm> {
        None
    }

    /// The offset at which an import may be inserted.
    fn import_place(&self, _text: &[u8]) -> usize {
        0
    }
}

/// The places at which facts are wanted: a fact is wanted if a place is in it or in a name around
/// it.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a>(Option<&'a [usize]>);

impl<'a> Places<'a> {
    /// Everywhere.
    pub const ALL: Places<'static> = Places(None);

    /// At these bytes, in ascending order.
    pub fn at(places: &'a [usize]) -> Self {
        Self(Some(places))
    }

    /// The places; `None` if facts are wanted everywhere.
    pub fn list(self) -> Option<&'a [usize]> {
        self.0
    }

    /// `true` if a fact with this span may be dropped, given `count` facts so far: it is near none
    /// of the places, and all facts of a text of short lines would take many times its size.
    pub fn may_drop(self, count: usize, span: Span) -> bool {
        const MANY: usize = 4096;
        count >= MANY && !self.are_in(span.start..span.end)
    }

    /// `true` if facts are wanted in this part of the text.
    pub fn are_in(self, part: Range<usize>) -> bool {
        self.0.is_none_or(|places| {
            let first = places.partition_point(|place| *place < part.start);
            places.get(first).is_some_and(|place| *place < part.end)
        })
    }
}

/// The end of the range in `skip`, sorted, that starts at `start`.
pub fn skip_end(skip: &[Range<usize>], start: usize) -> Option<usize> {
    let index = skip.binary_search_by_key(&start, |part| part.start).ok()?;
    skip.get(index).map(|part| part.end)
}
