//! GGUF: keys, values and tensor names, but not the tensors.
//!
//! <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>

use super::{
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    strings::{MAX_STRING, Strings, cut},
};
use std::io::Read;

/// GGUF files.
pub struct Gguf;

/// Minimum length of a text in bytes. Shorter ones, of which a vocabulary has many, hold no secret.
const MIN_TEXT: u64 = 8;
/// Maximum nesting depth of arrays.
const MAX_DEPTH: usize = 8;
const STRING: u32 = 8;
const ARRAY: u32 = 9;

impl Container for Gguf {
    fn name(&self) -> &'static str {
        "gguf"
    }

    fn claims(&self, head: &[u8]) -> bool {
        head.starts_with(b"GGUF")
    }

    fn access(&self) -> Access {
        Access::Forward
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut cursor = Cursor::new(input.content, 4, input.len);
        let version = cursor.u32()?;
        if !(2..=3).contains(&version) {
            return Err(ContainerError::Unsupported(format!("GGUF of version {version}")));
        }
        let tensors = cursor.u64()?;
        let count = cursor.u64()?;
        let mut values = Values { cursor, strings: Strings::default() };
        for _ in 0..count {
            let (key, source) = values.name()?;
            let kind = values.cursor.u32()?;
            // A text is scanned with its key, unless the key is too long.
            if kind != STRING || key.len() > cut(&key).len() {
                values.give("key", key.as_bytes(), source, sink)?;
            }
            values.value(&key, kind, MAX_DEPTH, sink)?;
        }
        for _ in 0..tensors {
            let (name, source) = values.name()?;
            values.give("tensor", name.as_bytes(), source, sink)?;
            let dimensions = values.cursor.u32()?;
            // The type and the offset follow the dimensions.
            values.cursor.skip(u64::from(dimensions) * 8 + 12);
        }
        values.strings.flush("", sink)
    }
}

struct Values<'a> {
    cursor: Cursor<'a>,
    strings: Strings,
}

impl Values<'_> {
    /// The next name, of a value or a tensor, and its offset.
    fn name(&mut self) -> Result<(String, u64), ContainerError> {
        let len = self.cursor.u64()?;
        if len > MAX_STRING as u64 {
            return Err(ContainerError::malformed("a name is too long"));
        }
        let source = self.cursor.position();
        let name = self.cursor.vec(usize::try_from(len).unwrap_or_default())?;
        Ok((String::from_utf8_lossy(&name).into_owned(), source))
    }

    fn give(
        &mut self,
        key: &str,
        text: &[u8],
        source: u64,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        match (text.len() as u64) < MIN_TEXT {
            true => Ok(()),
            false => self.strings.give(key, text, source, sink),
        }
    }

    fn value(
        &mut self,
        key: &str,
        kind: u32,
        depth: usize,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        match kind {
            STRING => self.string(key, sink),
            ARRAY if depth > 0 => {
                let kind = self.cursor.u32()?;
                let count = self.cursor.u64()?;
                if let Some(size) = size_of(kind) {
                    self.cursor.skip(count.saturating_mul(size));
                    return Ok(());
                }
                for _ in 0..count {
                    self.value(key, kind, depth - 1, sink)?;
                }
                Ok(())
            }
            kind => match size_of(kind) {
                Some(size) => {
                    self.cursor.skip(size);
                    Ok(())
                }
                None => Err(ContainerError::malformed(format!("a value of unknown type {kind}"))),
            },
        }
    }

    fn string(&mut self, key: &str, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let len = self.cursor.u64()?;
        let source = self.cursor.position();
        if len < MIN_TEXT {
            self.cursor.skip(len);
            return Ok(());
        }
        if len <= MAX_STRING as u64 {
            let text = self.cursor.vec(usize::try_from(len).unwrap_or_default())?;
            return self.strings.give(key, &text, source, sink);
        }
        let mut text = (&mut self.cursor).take(len);
        sink.member(Member { name: key, body: Body::Stream(&mut text) })?;
        let end = source.saturating_add(len);
        self.cursor.skip(end.saturating_sub(self.cursor.position()));
        Ok(())
    }
}

/// The size in bytes of a value of fixed size.
fn size_of(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}
