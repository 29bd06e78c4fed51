//! Language front-ends: each reads one language into facts.

mod dialect;
mod dotenv;
mod extract;
mod hcl;
mod ini;
mod json;
pub mod lookup;
mod netrc;
pub mod notebook;
mod properties;
mod reader;
mod shell;
mod toml;
mod tree;
mod xml;
mod yaml;

#[cfg(test)]
mod hostile;

pub use reader::{FileHead, Reader};
pub use shell::{ShellReader, read_shell};

/// Every reader; the first that claims a file reads it.
#[rustfmt::skip]
pub const READERS: &[&dyn Reader] = &[
    &notebook::Notebook,
    &ShellReader,
    &dotenv::Dotenv,
    &netrc::Netrc,
    &properties::Properties,
    &json::Json,
    &toml::Toml,
    &yaml::Yaml,
    &hcl::Hcl,
    &xml::Xml,
    &ini::Ini,
];

/// The reader for a file, if its language is known.
pub fn identify(file: FileHead<'_>) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.claims(file))
}
