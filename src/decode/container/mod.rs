//! Files that contain other files, or texts with keys: archives, models, data sets.
//!
//! Each is identified by its content, never by its name. Nothing is executed or trusted, and
//! nothing is unpacked beyond the [`Limits`].

mod ahead;
mod arrow;
mod arrow_views;
mod compressed;
mod cursor;
mod flatbuffer;
mod format;
mod frames;
mod gguf;
mod inflate;
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
mod string_member;
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

/// All containers. The first that claims a document reads it.
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

/// The container of a document of `len` bytes, identified by its first bytes, or by its last ones
/// if something precedes the archive. `None` if the document is not a container.
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

/// The container of a document that begins with `head`; `None` if it is not one.
pub fn identify(head: &[u8]) -> Option<&'static dyn Container> {
    let head = &head[..head.len().min(HEAD)];
    CONTAINERS.iter().copied().find(|container| container.claims(head))
}
