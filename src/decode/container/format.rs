//! The trait of container readers, with their input and their members.

use super::{
    limits::{Budget, Exceeded},
    strings::Strings,
};
use crate::model::ReadAt;
use std::io::{self, Read};

/// The bytes of a container.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The bytes. With [`Access::Forward`] they may come from the decompressor of another
    /// container, and bytes before the current position cannot be read again.
    pub content: &'a dyn ReadAt,
    /// The number of bytes; `None` if it is only known at the end, with [`Access::Forward`].
    pub len: Option<u64>,
    /// The remaining budget for unpacking.
    pub budget: &'a Budget,
}

/// The order in which a container is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// From the first to the last byte.
    Forward,
    /// In any order.
    Random,
}

/// A member of a container.
pub struct Member<'a> {
    /// Its name in the container: any text. Empty if the container only wraps one file, as gzip
    /// does.
    pub name: &'a str,
    /// Its bytes.
    pub body: Body<'a>,
}

/// The bytes of a member.
pub enum Body<'a> {
    /// All bytes, to be read like a file.
    Whole(&'a [u8]),
    /// A range of the container's own bytes, to be read like a file.
    Part {
        /// The first byte.
        start: u64,
        /// The number of bytes.
        len: u64,
    },
    /// A range of the container's own bytes that belongs to no member: it is scanned as text and
    /// never opened as a container.
    Raw {
        /// The first byte.
        start: u64,
        /// The number of bytes.
        len: u64,
    },
    /// Bytes that are read in sequence, like a file.
    Stream(&'a mut (dyn Read + Send)),
    /// Bytes that are read in sequence, like a file, and depend only on a range of the container's
    /// own bytes, which contains them in raw deflate.
    Deflated {
        /// The first byte of the range.
        start: u64,
        /// The number of bytes in the range.
        len: u64,
        /// Unpacks the range.
        unpacked: &'a mut (dyn Read + Send),
    },
    /// Texts, each with its key.
    Strings(&'a Strings),
}

/// Receives the members of a container.
pub trait MemberSink {
    /// Receives a member.
    ///
    /// # Errors
    /// Returns an error if no further member is to be read.
    fn member(&mut self, member: Member<'_>) -> Result<(), ContainerError>;

    /// Records that a member was skipped.
    fn left_out(&mut self, name: &str, error: ContainerError);
}

/// Reads one kind of container.
///
/// Its input is hostile: a reader uses time and memory in proportion to the bytes that exist, never
/// to a number stored in them, and limits its recursion.
pub trait Container: Sync {
    /// Its name in rules and reports: `pickle`, `zip`.
    fn name(&self) -> &'static str;

    /// `true` if a document that begins with `head` is of this kind. `head` has up to [`HEAD`]
    /// bytes. Called for every file, so it must be fast.
    fn claims(&self, head: &[u8]) -> bool;

    /// The order in which it is read.
    fn access(&self) -> Access;

    /// Passes every member to `sink`.
    ///
    /// # Errors
    /// Returns an error if reading cannot continue. A single member that cannot be read is passed
    /// to [`MemberSink::left_out`] instead.
    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError>;
}

/// Number of bytes at the start of a document by which its kind is identified: up to the magic
/// number of tar.
pub const HEAD: usize = 512;

/// The reason why a container or a member cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// It is of another kind, damaged or truncated.
    #[error("{0}")]
    Malformed(String),
    /// It is encrypted.
    #[error("it is encrypted")]
    Encrypted,
    /// It uses a compression method or a variant of the format that is not supported.
    #[error("{0}")]
    Unsupported(String),
    /// A limit was reached.
    #[error("{0}")]
    Exceeded(#[from] Exceeded),
    /// The underlying file cannot be read.
    #[error("{0}")]
    Io(io::Error),
    /// The sink stopped the reader.
    #[error("the scan was stopped")]
    Stopped,
}

impl ContainerError {
    /// A [`ContainerError::Malformed`] with this detail.
    pub fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }

    /// `true` if the rest of the whole document should not be read.
    pub fn ends_document(&self) -> bool {
        matches!(self, Self::Exceeded(_) | Self::Io(_) | Self::Stopped)
    }
}

impl From<io::Error> for ContainerError {
    fn from(error: io::Error) -> Self {
        if let Some(exceeded) = error.get_ref().and_then(|inner| inner.downcast_ref::<Exceeded>()) {
            return Self::Exceeded(*exceeded);
        }
        if error.raw_os_error().is_some() {
            return Self::Io(error);
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Malformed("it ends too early".into()),
            _ => Self::Malformed(error.to_string()),
        }
    }
}
