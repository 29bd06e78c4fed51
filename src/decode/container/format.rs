//! What every reader of a container offers.

use super::{
    limits::{Budget, Exceeded},
    strings::Strings,
};
use crate::model::ReadAt;
use std::io::{self, Read};

/// A container's bytes.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The bytes. Of a container with [`Access::Forward`] they may come out of another
    /// one's decompressor, and what was passed cannot be read again.
    pub content: &'a dyn ReadAt,
    /// How many bytes; `None` if that is known only at the end, with [`Access::Forward`].
    pub len: Option<u64>,
    /// What may still be unpacked.
    pub budget: &'a Budget,
}

/// How a container is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// From the first to the last byte.
    Forward,
    /// Here and there.
    Random,
}

/// Something inside a container.
pub struct Member<'a> {
    /// Its name, as the container has it: any text. Empty where a container only wraps
    /// one thing, as gzip does.
    pub name: &'a str,
    /// Its bytes.
    pub body: Body<'a>,
}

/// The bytes of a member.
pub enum Body<'a> {
    /// All of them, to be read like a file.
    Whole(&'a [u8]),
    /// A stretch of the container's own bytes, to be read like a file.
    Part {
        /// The first byte.
        start: u64,
        /// How many.
        len: u64,
    },
    /// A stretch of the container's own bytes that belongs to no member: it is scanned as
    /// text and never opened as a container.
    Raw {
        /// The first byte.
        start: u64,
        /// The number of bytes.
        len: u64,
    },
    /// Bytes to be had one after the other, to be read like a file.
    Stream(&'a mut (dyn Read + Send)),
    /// Texts, each with the key it belongs to.
    Strings(&'a Strings),
}

/// Takes the members of a container.
pub trait MemberSink {
    /// Takes one.
    ///
    /// # Errors
    /// A reason to read no further.
    fn member(&mut self, member: Member<'_>) -> Result<(), ContainerError>;

    /// Notes that a member was left out.
    fn left_out(&mut self, name: &str, error: ContainerError);
}

/// Reads one kind of container.
///
/// Its input is hostile: a reader takes time and memory in proportion to the bytes that
/// are there, never to a number that stands in them, and does not recurse without limit.
pub trait Container: Sync {
    /// Its name in rules and reports: `pickle`, `zip`.
    fn name(&self) -> &'static str;

    /// Whether a document that begins like this is one, by its content alone. `head` has
    /// up to [`HEAD`] bytes. Asked of every file, so it answers at once.
    fn claims(&self, head: &[u8]) -> bool;

    /// How it is read.
    fn access(&self) -> Access;

    /// Hands every member to `sink`.
    ///
    /// # Errors
    /// What keeps it from reading on. A single member that cannot be read is noted with
    /// [`MemberSink::left_out`] instead.
    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError>;
}

/// First bytes of a document by which its kind is told: up to the mark of tar.
pub const HEAD: usize = 512;

/// What keeps a container, or a member, from being read.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// It is not what it seemed, or ends too early.
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
    /// The file below cannot be read.
    #[error("{0}")]
    Io(io::Error),
    /// Whoever takes the members wants no more.
    #[error("the scan was stopped")]
    Stopped,
}

impl ContainerError {
    /// Malformed, and how.
    pub fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }

    /// Whether nothing more of the whole document should be read.
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
