//! What a file is for, where that gives its names a meaning of their own.

use super::{
    reader::FileHead,
    tree::{self, Tree},
};
use crate::model::Facts;

/// The facts of a tree, with what the file's purpose makes of them.
pub fn read(mut tree: Tree<'_>, _file: FileHead<'_>) -> Facts {
    tree.tie();
    let reading = tree::facts(&tree);
    reading.facts
}
