//! The documents of sources, and the traits that receive them.

pub use crate::model::ReadAt;
use crate::model::{Origin, Outcome, Scope, Shared, Skipped, SourcePath, TreeFile};
use std::{any::Any, fmt, fs::File, io, sync::Arc};

/// Maximum size in bytes of a document that is passed as a whole; a larger one is read in windows.
pub const MAX_WHOLE: usize = 4 << 20;

/// A document to scan.
#[derive(Debug)]
#[non_exhaustive]
pub struct Document<'a> {
    /// Its name.
    pub path: SourcePath,
    /// Its bytes.
    pub content: Content<'a>,
    /// The origin of its bytes.
    pub origin: Origin,
    /// The part of it in which findings are reported.
    pub scope: LazyScope<'a>,
}

impl<'a> Document<'a> {
    /// A document in which every finding is reported.
    pub fn new(path: SourcePath, content: Content<'a>, origin: Origin) -> Self {
        Self { path, content, origin, scope: LazyScope::All }
    }
}

/// The scope of a document. A scope that needs a comparison is computed at the first match, since
/// most documents have none, and comparing two versions of a file takes longer than scanning one.
#[derive(Clone, Copy)]
pub enum LazyScope<'a> {
    /// The whole document.
    All,
    /// Computes the scope. Called on the thread that received the document, during its scan.
    Later(&'a dyn Fn() -> Scope),
    /// A scope that is already computed.
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
    /// Content read piece by piece, because it is larger than [`MAX_WHOLE`].
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

/// The relation of a document that is one of many versions of a file to another version.
#[derive(Debug, Clone, Copy)]
pub struct Lineage<'a> {
    /// The memory of the same worker for the other version, and the stretches that both versions
    /// share.
    pub earlier: Option<(&'a Memory, &'a Shared)>,
    /// `true` if other versions descend from this one.
    pub is_base: bool,
}

/// Results that a worker remembers for a version, reused by versions that descend from it.
pub type Memory = Arc<dyn Any + Send + Sync>;

/// Receives documents on many threads.
pub trait Sink: Sync {
    /// A worker for one thread.
    fn worker(&self) -> Box<dyn Worker + '_>;
}

/// Receives documents on one thread.
pub trait Worker: Send {
    /// Scans a document.
    fn document(&mut self, document: Document<'_>);

    /// Scans a document that is one of many versions, and returns the memory for versions that
    /// descend from it.
    fn version(&mut self, document: Document<'_>, _lineage: Lineage<'_>) -> Option<Memory> {
        self.document(document);
        None
    }

    /// Records a document, or a part of one, that is skipped.
    fn skipped(&mut self, skipped: Skipped);

    /// `true` if no further documents should be delivered.
    fn is_stopped(&self) -> bool;
}

/// Delivers documents.
pub trait Source: Sync {
    /// Delivers every document to `sink`, on as many threads as the source chooses.
    ///
    /// # Errors
    /// Returns an error if the source cannot deliver anything at all; errors of single documents
    /// are recorded with [`Worker::skipped`].
    fn run(&self, sink: &dyn Sink) -> Result<(), super::SourceError>;

    /// After [`run`](Self::run): further sources that it refers to, each with findings of its own.
    /// By default none.
    fn others(&self) -> Vec<Box<dyn Source>> {
        Vec::new()
    }

    /// After [`run`](Self::run): the files that checks over a whole tree need, sorted. By default
    /// none.
    fn files_of_note(&self) -> Vec<TreeFile> {
        Vec::new()
    }

    /// The content of a small file of the tree, if it exists and can be read.
    fn read_small(&self, _path: &SourcePath) -> Option<Vec<u8>> {
        None
    }

    /// After [`run`](Self::run): adds information to the findings that only the source has, such as
    /// their commits.
    ///
    /// # Errors
    /// Returns an error if the source cannot be read.
    fn attribute(&self, _outcome: &mut Outcome) -> Result<(), super::SourceError> {
        Ok(())
    }
}

impl<S: Source + Send> Source for Arc<S> {
    fn run(&self, sink: &dyn Sink) -> Result<(), super::SourceError> {
        (**self).run(sink)
    }

    fn others(&self) -> Vec<Box<dyn Source>> {
        (**self).others()
    }

    fn files_of_note(&self) -> Vec<TreeFile> {
        (**self).files_of_note()
    }

    fn read_small(&self, path: &SourcePath) -> Option<Vec<u8>> {
        (**self).read_small(path)
    }

    fn attribute(&self, outcome: &mut Outcome) -> Result<(), super::SourceError> {
        (**self).attribute(outcome)
    }
}
