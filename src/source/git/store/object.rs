//! The kinds of objects, their maximum size in memory, and the record of unreadable objects.

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

/// The kind and the content of an object, or its size if that exceeds the limit.
pub type Limited = Result<(Kind, Vec<u8>), u64>;

/// Maximum size in bytes of an object in memory. A larger one is written to a file if it is stored
/// whole, and skipped if it is stored as a delta, which git never does for this size unless
/// configured to (`core.bigFileThreshold`).
pub const MAX_IN_MEMORY: u64 = 160 << 20;

/// An object, or a file of objects, that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// The name of the object or the file.
    pub name: String,
    /// The reason.
    pub detail: String,
}
