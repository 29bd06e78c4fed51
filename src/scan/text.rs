//! Runs the engine over bytes in any encoding.

use crate::{
    decode::encoding::{Encoding, utf16_to_utf8},
    detect::{Candidate, Engine, Scratch, Text},
    model::SourcePath,
};

/// A candidate whose span counts the bytes of its document.
pub type Found<'e> = Candidate<'e>;

/// Bytes of a document, in its encoding.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The document's name.
    pub path: &'a SourcePath,
    /// The containers it stands in, outermost first.
    pub containers: &'a [&'static str],
    /// The bytes.
    pub bytes: &'a [u8],
    /// How they stand for characters.
    pub encoding: Encoding,
    /// Whether these are all the bytes of the document.
    pub is_whole: bool,
}

impl Part<'_> {
    /// Calls `found` with every match, its span in these bytes. `false` if there is nothing to
    /// find in parts of them by themselves.
    pub fn run<'e>(
        &self,
        engine: &'e Engine,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(Found<'e>),
    ) -> bool {
        match self.encoding {
            Encoding::Ascii => engine.run(self.text(self.bytes), scratch, found),
            encoding => {
                let (text, map) = utf16_to_utf8(self.bytes, encoding);
                engine.run(self.text(&text), scratch, &mut |one| {
                    found(Found { span: map.to_source(one.span), ..one });
                })
            }
        }
    }

    fn text<'t>(&'t self, bytes: &'t [u8]) -> Text<'t> {
        Text {
            path: self.path,
            containers: self.containers,
            bytes,
            part: None,
            is_whole: self.is_whole,
        }
    }
}
