//! The kinds of objects, the limit of their size, and objects that cannot be read.

/// The kind of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A commit.
    Commit,
    /// A folder.
    Tree,
    /// A file.
    Blob,
    /// An annotated tag.
    Tag,
}

impl Kind {
    /// Its name, as git writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Commit => "commit",
            Kind::Tree => "tree",
            Kind::Blob => "blob",
            Kind::Tag => "tag",
        }
    }
}

/// An object of more bytes is not held in memory: it is written to a file if it is stored
/// whole, and skipped if it is stored as a delta, which git does with no object of this size
/// unless it is configured to (`core.bigFileThreshold`).
pub const MAX_IN_MEMORY: u64 = 160 << 20;

/// An object or a file of objects that cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// Its name: a file's, or an object's.
    pub name: String,
    /// The reason.
    pub detail: String,
}
