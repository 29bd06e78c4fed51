//! Files that hold other files, or texts with keys: archives, models, data sets.
//!
//! Each is told by its content, never by its name, and read without executing, trusting
//! or unpacking more of it than the [`Limits`] allow.

mod ahead;
mod arrow;
mod arrow_views;
mod compressed;
mod cursor;
mod flatbuffer;
mod format;
mod gguf;
mod limits;
mod npy;
mod parquet;
mod parquet_values;
mod pdf;
mod pdf_text;
mod pickle;
mod pickle_keys;
mod protobuf;
mod records;
mod safetensors;
mod seven_zip;
mod seven_zip_header;
mod sqlite;
mod sqlite_schema;
mod sqlite_value;
mod strings;
mod tar;
mod thrift;
mod zip;
mod zip_directory;

pub use format::{Access, Body, Container, ContainerError, HEAD, Input, Member, MemberSink};
pub use limits::{Bounded, Budget, Exceeded, Limits, Requested};
pub use strings::Strings;

use crate::model::ReadAt;
use std::io;

/// Every container; the first that claims a document reads it.
pub const CONTAINERS: &[&dyn Container] = &[
    &zip::Zip,
    &compressed::GZIP,
    &compressed::ZLIB,
    &compressed::ZSTD,
    &compressed::BZIP2,
    &compressed::XZ,
    &compressed::LZ4,
    &compressed::LZMA,
    &seven_zip::SevenZip,
    &tar::Tar,
    &pickle::Pickle,
    &npy::Npy,
    &safetensors::Safetensors,
    &gguf::Gguf,
    &sqlite::Sqlite,
    &parquet::Parquet,
    &arrow::Arrow,
    &pdf::Pdf,
    &protobuf::Onnx,
    &records::Wandb,
    &records::TfRecord,
];

/// The container that a document of `len` bytes is, if it is one, told by its first bytes, or
/// where something stands before it by its last ones.
///
/// # Errors
/// Returns an error if the document cannot be read.
pub fn identify_content(
    content: &dyn ReadAt,
    len: Option<u64>,
) -> io::Result<Option<&'static dyn Container>> {
    let mut head = [0; HEAD];
    let count = content.fill_at(0, &mut head)?;
    let head = &head[..count];
    let container = identify(head);
    let is_zip = || len.is_some_and(|len| zip_directory::is_at_end(content, len, head));
    Ok(container.or_else(|| is_zip().then_some(&zip::Zip as &dyn Container)))
}

/// The container that a document is which begins with `head`, if it is one.
pub fn identify(head: &[u8]) -> Option<&'static dyn Container> {
    let head = &head[..head.len().min(HEAD)];
    CONTAINERS.iter().copied().find(|container| container.claims(head))
}
