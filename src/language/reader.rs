//! The trait of language readers.

use super::{comment_form::CommentForm, literal_place::LiteralPlace};
pub use super::{
    files::{FileHead, Files},
    wanted::{Places, Wanted},
};
use crate::model::Facts;

/// A text before and a text after a piece of code.
pub type CodeFrame = (&'static str, &'static str);

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

    /// `false` if `text`, in another language, cannot embed code in this one: it lacks the name that
    /// code in this language needs there.
    fn may_be_embedded(&self, _text: &[u8]) -> bool {
        true
    }

    /// The facts of `text` that are `wanted`, in its order, without those of code in other
    /// languages, which is in [`Facts::embedded`]: [`read`](super::read) reads that too. The text is
    /// usually UTF-8, but may contain any bytes; spans are in bytes. A reader may yield facts that
    /// are not wanted.
    fn read(&self, text: &[u8], file: FileHead<'_>, wanted: Wanted<'_>) -> Facts;

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

    /// Frames in which commented-out code is read. The first is for statements, the others for a
    /// line that may be an entry of a list or a map.
    fn code_frames(&self, _file: FileHead<'_>) -> &'static [CodeFrame] {
        &[("", "")]
    }

    /// The offset at which an import may be inserted.
    fn import_place(&self, _text: &[u8]) -> usize {
        0
    }
}
