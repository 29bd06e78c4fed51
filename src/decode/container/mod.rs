//! Files that hold other files, or texts with keys: archives, models, data sets.
//!
//! Each is told by its content, never by its name, and read without executing, trusting
//! or unpacking more of it than the [`Limits`] allow.

mod ahead;
mod arrow;
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
mod strings;
mod tar;
mod thrift;
mod zip;

pub use format::{Access, Body, Container, ContainerError, HEAD, Input, Member, Sink};
pub use limits::{Bounded, Budget, Exceeded, Limits};
pub use strings::Strings;

/// Every container; the first that claims a document reads it.
pub const CONTAINERS: &[&dyn Container] = &[
    &zip::Zip,
    &compressed::GZIP,
    &compressed::ZLIB,
    &compressed::ZSTD,
    &compressed::BZIP2,
    &compressed::XZ,
    &compressed::LZ4,
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

/// The container that a document is which begins with `head`, if it is one.
pub fn identify(head: &[u8]) -> Option<&'static dyn Container> {
    let head = &head[..head.len().min(HEAD)];
    CONTAINERS.iter().copied().find(|container| container.claims(head))
}
