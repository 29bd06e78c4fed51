//! Language front-ends: each reads one language into facts.

mod batch;
mod dockerfile;
mod extract;
mod jenkins;
mod makefile;
mod markdown;
mod powershell;
mod reader;
mod shell;

pub use batch::{BatchReader, read_batch};
pub use dockerfile::{DockerfileReader, read_dockerfile};
pub use jenkins::JenkinsReader;
pub use makefile::MakefileReader;
pub use markdown::MarkdownReader;
pub use powershell::{PowerShellReader, read_powershell};
pub use reader::{FileHead, Reader};
pub use shell::{ShellReader, read_shell};

/// Every reader; the first that claims a file reads it.
#[rustfmt::skip]
pub const READERS: &[&dyn Reader] = &[
    &DockerfileReader,
    &ShellReader,
    &PowerShellReader,
    &BatchReader,
    &MakefileReader,
    &JenkinsReader,
    &MarkdownReader,
];

/// The reader for a file, if its language is known.
pub fn identify(file: FileHead<'_>) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.claims(file))
}

#[cfg(test)]
mod hostile;
