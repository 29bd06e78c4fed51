//! The trait of formats of nested data.

use super::{
    comment_form::CommentForm,
    dialect,
    files::Files,
    reader::{CodeFrame, FileHead, Reader, Wanted},
    tree::Tree,
};
use crate::model::Facts;

/// Reads a format of nested data into a tree. The dialect gives the entries of the tree their
/// meaning.
pub trait Data: Sync {
    /// Its name in rules, hints and reports: `yaml`, `json`.
    fn name(&self) -> &'static str;

    /// The files in its format.
    fn files(&self) -> &'static Files;

    /// The comment syntax. By default there are no comments.
    fn comment(&self) -> Option<CommentForm> {
        None
    }

    /// Frames in which commented-out code is read, as in [`Reader::code_frames`].
    fn code_frames(&self) -> &'static [CodeFrame] {
        &[("", "")]
    }

    /// The tree of `text`.
    fn tree<'t>(&self, text: &'t [u8]) -> Tree<'t>;
}

impl<D: Data> Reader for D {
    fn name(&self) -> &'static str {
        Data::name(self)
    }

    fn files(&self) -> &'static Files {
        Data::files(self)
    }

    fn comment(&self) -> Option<CommentForm> {
        Data::comment(self)
    }

    fn code_frames(&self, _file: FileHead<'_>) -> &'static [CodeFrame] {
        Data::code_frames(self)
    }

    fn has_dialects(&self) -> bool {
        true
    }

    fn embeds(&self) -> bool {
        true
    }

    fn read(&self, text: &[u8], file: FileHead<'_>, wanted: Wanted<'_>) -> Facts {
        dialect::read(self.tree(text), file, wanted.places)
    }
}
