//! What sources hand over, and to whom.

pub use crate::model::ReadAt;
use crate::model::{Origin, Outcome, Scope, Shared, Skipped, SourcePath, TreeFile};
use std::{any::Any, fmt, fs::File, io, sync::Arc};

/// Up to this many bytes a document is handed over whole, and more in windows.
pub const MAX_WHOLE: usize = 4 << 20;

/// Something to scan.
#[derive(Debug)]
#[non_exhaustive]
pub struct Document<'a> {
    /// Its name.
    pub path: SourcePath,
    /// Its bytes.
    pub content: Content<'a>,
    /// Where they were read from.
    pub origin: Origin,
    /// The part of it whose findings count.
    pub scope: LazyScope<'a>,
}

impl<'a> Document<'a> {
    /// A document of which every finding counts.
    pub fn new(path: SourcePath, content: Content<'a>, origin: Origin) -> Self {
        Self { path, content, origin, scope: LazyScope::All }
    }
}

/// The scope of a document. Most documents hold nothing to report, and comparing two versions
/// of a file takes longer than scanning one, so a scope that needs a comparison is computed
/// when the first match asks for it.
#[derive(Clone, Copy)]
pub enum LazyScope<'a> {
    /// Every finding counts.
    All,
    /// Computes the scope; called from the thread that was given the document, while the
    /// document is being scanned.
    Later(&'a dyn Fn() -> Scope),
    /// A scope that is known.
    Known(&'a Scope),
}

impl LazyScope<'_> {
    /// The scope.
    pub fn get(&self) -> Scope {
        match self {
            LazyScope::All => Scope::All,
            LazyScope::Later(scope) => scope(),
            LazyScope::Known(scope) => (*scope).clone(),
        }
    }
}

impl fmt::Debug for LazyScope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LazyScope::All => "All",
            LazyScope::Later(_) => "Later",
            LazyScope::Known(_) => "Known",
        })
    }
}

/// The bytes of a document.
#[derive(Debug)]
#[non_exhaustive]
pub enum Content<'a> {
    /// All of them.
    Whole(&'a [u8]),
    /// Content that is read piece by piece, since it is larger than [`MAX_WHOLE`].
    Large(LargeContent),
}

/// Content that is read piece by piece, from several threads: a file, or anything else that
/// can be read at an offset, such as ranges of a remote file.
pub struct LargeContent {
    content: Box<dyn ReadAt + Send>,
    /// Its length in bytes when it was opened.
    pub len: u64,
}

impl LargeContent {
    /// The first `len` bytes of `content`.
    pub fn new(content: impl ReadAt + Send + 'static, len: u64) -> Self {
        Self { content: Box::new(content), len }
    }
}

impl fmt::Debug for LargeContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LargeContent({} bytes)", self.len)
    }
}

impl ReadAt for LargeContent {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.content.read_at(offset, buffer)
    }
}

impl ReadAt for File {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::read_at(self, buffer, offset);
        #[cfg(windows)]
        return std::os::windows::fs::FileExt::seek_read(self, buffer, offset);
    }
}

/// How a document that is one of many versions of the same descends from another one.
#[derive(Debug, Clone, Copy)]
pub struct Lineage<'a> {
    /// What the same worker remembers of the other version, and what both have in common.
    pub earlier: Option<(&'a Memory, &'a Shared)>,
    /// Whether others descend from this one.
    pub is_base: bool,
}

/// What a worker remembers of a version, for those that descend from it.
pub type Memory = Arc<dyn Any + Send + Sync>;

/// Takes documents from many threads.
pub trait Sink: Sync {
    /// A worker for one thread.
    fn worker(&self) -> Box<dyn Worker + '_>;
}

/// Takes documents from one thread.
pub trait Worker: Send {
    /// Scans a document.
    fn document(&mut self, document: Document<'_>);

    /// Scans a document that is one of many versions, and gives what is to be remembered
    /// of it.
    fn version(&mut self, document: Document<'_>, _lineage: Lineage<'_>) -> Option<Memory> {
        self.document(document);
        None
    }

    /// Notes what is left out.
    fn skipped(&mut self, skipped: Skipped);

    /// Whether to hand over nothing more.
    fn is_stopped(&self) -> bool;
}

/// Hands over documents.
pub trait Source: Sync {
    /// Hands every document to `sink`, from as many threads as the source likes.
    ///
    /// # Errors
    /// What keeps the source from handing over anything at all; what befalls a single
    /// document is noted with [`Worker::skipped`].
    fn run(&self, sink: &dyn Sink) -> Result<(), super::SourceError>;

    /// After [`run`](Self::run): further sources that it leads to, each with findings of its
    /// own. One that leads nowhere has none.
    fn others(&self) -> Vec<Box<dyn Source>> {
        Vec::new()
    }

    /// After [`run`](Self::run): the files met that checks over a whole tree want to
    /// know of, in order. A source that is no tree has none.
    fn files_of_note(&self) -> Vec<TreeFile> {
        Vec::new()
    }

    /// The content of a small file of the tree, if it is there and can be read.
    fn read_small(&self, _path: &SourcePath) -> Option<Vec<u8>> {
        None
    }

    /// After [`run`](Self::run): adds to the findings what only the source knows, such as the
    /// commits that hold them.
    ///
    /// # Errors
    /// Returns an error if the source cannot be read.
    fn attribute(&self, _outcome: &mut Outcome) -> Result<(), super::SourceError> {
        Ok(())
    }
}
