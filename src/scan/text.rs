//! Runs the engine over bytes in any encoding.

use crate::{
    decode::encoding::{Encoding, utf16_to_utf8},
    detect::{Candidate, Engine, Parts, Scratch, Text, Version},
    model::{SourcePath, SpanMap},
};

/// A candidate whose span is in the bytes of its document.
pub type Found<'e> = Candidate<'e>;

/// Bytes of a document, in its encoding.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The document's name.
    pub path: &'a SourcePath,
    /// The containers around it, outermost first.
    pub containers: &'a [&'static str],
    /// The bytes.
    pub bytes: &'a [u8],
    /// Their encoding.
    pub encoding: Encoding,
    /// `true` if these are all bytes of the document.
    pub is_whole: bool,
}

impl Part<'_> {
    /// Calls `found` with every match, with its span in these bytes. Only bytes in an
    /// ASCII-compatible encoding can be a `version`.
    pub fn run<'e>(
        &self,
        engine: &'e Engine,
        version: Option<&mut Version>,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(Found<'e>),
    ) -> Parts {
        match self.encoding {
            Encoding::Ascii => {
                let text = self.text(self.bytes, None);
                match version {
                    Some(version) => engine.run_version(text, version, scratch, found),
                    None => engine.run(text, scratch, found),
                }
            }
            encoding => {
                let (text, map) = utf16_to_utf8(self.bytes, encoding);
                engine.run(self.text(&text, Some(&map)), scratch, found)
            }
        }
    }

    fn text<'t>(&'t self, bytes: &'t [u8], map: Option<&'t SpanMap>) -> Text<'t> {
        Text {
            path: self.path,
            containers: self.containers,
            bytes,
            part: None,
            is_whole: self.is_whole,
            map,
        }
    }
}
