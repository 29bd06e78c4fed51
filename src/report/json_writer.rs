//! JSON that is safe to print on a terminal.

use crate::model::escape::{is_deceptive, is_mark_of_command};
use serde::Serialize;
use serde_json::{
    Serializer,
    ser::{CompactFormatter, Formatter, PrettyFormatter},
};
use std::io::{self, BufWriter, Write};

/// Number of bytes of a report that are written at once.
const BUFFER: usize = 64 << 10;

/// Writes `value` as indented JSON, safe to print on a terminal.
///
/// # Errors
/// Returns an error if `out` cannot be written to.
pub fn write(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    // A serializer writes each sign by itself, which is fast only into a buffer of a known type.
    let mut out = BufWriter::with_capacity(BUFFER, out);
    let formatter = Plain(PrettyFormatter::new());
    value.serialize(&mut Serializer::with_formatter(&mut out, formatter))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes `value` as JSON on one line, safe to print on a terminal.
///
/// # Errors
/// Returns an error if `out` cannot be written to.
pub fn write_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut line = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut line, Plain(CompactFormatter)))?;
    line.push(b'\n');
    out.write_all(&line)
}

/// Writes control characters, characters that hide text or change its direction, and the `[` of a
/// command of a CI runner as `\u` escapes: a JSON parser restores them, and others ignore them.
struct Plain<F>(F);

impl<F: Formatter> Formatter for Plain<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // Nearly all fragments are plain ASCII, which needs no look at each character.
        let bytes = fragment.as_bytes();
        let may_command = || memchr::memmem::find(bytes, b"##").is_some();
        if fragment.is_ascii() && !bytes.contains(&0x7f) && !may_command() {
            return out.write_all(bytes);
        }
        let mut start = 0;
        for (at, character) in fragment.char_indices() {
            let is_command = character == '[' && is_mark_of_command(&fragment[..at]);
            if is_command || is_deceptive(character) || character == '\u{7f}' {
                out.write_all(&bytes[start..at])?;
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
                start = at + character.len_utf8();
            }
        }
        out.write_all(&bytes[start..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_that_turns_text_is_escaped_and_comes_back() {
        let text = "a\u{202e}b\u{7f}c\u{e0041}\u{2028}é🤗##[x]##vso[y]#[";
        let mut out = Vec::new();
        write_line(&mut out, &text).expect("memory can be written to");
        let json = String::from_utf8(out).expect("it is UTF-8");
        assert_eq!(
            json.trim_end(),
            r###""a\u202eb\u007fc\udb40\udc41\u2028é🤗##\u005bx]##vso\u005by]#[""###
        );
        assert_eq!(serde_json::from_str::<String>(&json).expect("it is JSON"), text);
    }
}
