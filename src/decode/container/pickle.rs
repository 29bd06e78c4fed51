//! Pickles of every protocol, read opcode by opcode and never executed.
//!
//! The opcodes: <https://github.com/python/cpython/blob/main/Lib/pickletools.py>. PyTorch's old
//! `torch.save` writes several pickles in a row and then the tensors; joblib writes arrays inside a
//! pickle.

use super::{
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    pickle_keys::{Item, Keys},
    strings::{MAX_STRING, Strings},
};
use std::io::Read;

/// The pickles of Python, PyTorch and joblib.
pub struct Pickle;

/// Minimum length of a text in bytes; shorter ones hold no secret.
const MIN_TEXT: usize = 8;
/// Maximum length in bytes of a line of protocol 0.
const MAX_LINE: usize = 1 << 20;
/// The number at the start of PyTorch's old format, as a `LONG1` operand. Source:
/// <https://github.com/pytorch/pytorch/blob/main/torch/serialization.py> (`MAGIC_NUMBER`).
const TORCH_MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

impl Container for Pickle {
    fn name(&self) -> &'static str {
        "pickle"
    }

    fn claims(&self, head: &[u8]) -> bool {
        match head {
            [0x80, 2..=5, next, ..] => is_opcode(*next),
            [b'(', b'd' | b'l' | b't', b'p', digit, ..] => digit.is_ascii_digit(),
            [b'}' | b']', b'q', 0..=1, ..] => true,
            [b'c', rest @ ..] => is_global(rest),
            _ => false,
        }
    }

    fn access(&self) -> Access {
        Access::Forward
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let cursor = Cursor::new(input.content, 0, input.len);
        let mut reader = OpcodeReader { cursor, keys: Keys::new(), late: Strings::default() };
        let mut is_torch = false;
        loop {
            let start = reader.cursor.position();
            reader.keys = Keys::new();
            let walked = reader.pickle(sink);
            reader.give_texts(sink)?;
            match walked {
                Err(error) if error.ends_document() || start == reader.cursor.position() => {
                    return Err(error);
                }
                // Arrays inside the pickle, or a truncated file: the rest is scanned as raw bytes.
                Err(_) => return reader.rest(sink),
                Ok(End { is_torch_magic }) => is_torch |= is_torch_magic,
            }
            match reader.cursor.ahead()? {
                [] => return Ok(()),
                [0x80, 2..=5, ..] | [0x80] => {}
                _ if is_torch => return Ok(()),
                _ => return reader.rest(sink),
            }
        }
    }
}

/// `true` if `rest` continues a pickle of protocol 0 after its first `c`: a module, a name, a `p`.
fn is_global(rest: &[u8]) -> bool {
    let mut lines = rest.split(|byte| *byte == b'\n');
    let is_name = |name: &[u8]| {
        !name.is_empty()
            && name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
    };
    let (module, name, next) = (lines.next(), lines.next(), lines.next());
    module.is_some_and(is_name)
        && name.is_some_and(is_name)
        && matches!(next, Some([b'p', digits @ ..]) if !digits.is_empty()
            && digits.iter().all(u8::is_ascii_digit))
        && lines.next().is_some()
}

fn is_opcode(byte: u8) -> bool {
    matches!(byte, 0x80..=0x98) || b".(0123FIJKMLNPQRSTUVXabcdefghijlopqrstu)]}GBC".contains(&byte)
}

/// The end of a pickle.
struct End {
    is_torch_magic: bool,
}

/// A reader over the opcodes of a document.
struct OpcodeReader<'a> {
    cursor: Cursor<'a>,
    keys: Keys,
    /// Texts that were read after the memory for keys was full.
    late: Strings,
}

impl OpcodeReader<'_> {
    /// Walks one pickle, up to and including its `STOP`.
    fn pickle(&mut self, sink: &mut dyn MemberSink) -> Result<End, ContainerError> {
        let mut end = End { is_torch_magic: false };
        loop {
            let opcode = self.cursor.byte()?;
            match opcode {
                b'.' => break,
                0x8a => {
                    let length = self.cursor.byte()?;
                    let number = self.cursor.vec(usize::from(length))?;
                    end.is_torch_magic |= number == TORCH_MAGIC;
                    self.keys.push(Item::Other);
                }
                _ => {
                    if !(self.is_text(opcode, sink)?
                        || self.is_data(opcode)?
                        || self.is_structure(opcode)
                        || self.is_memo(opcode)?)
                    {
                        return Err(ContainerError::malformed(format!(
                            "unknown opcode {opcode:#04x}"
                        )));
                    }
                }
            }
        }
        Ok(end)
    }

    /// Reads an opcode with text or bytes. Returns `false` for other opcodes.
    fn is_text(&mut self, opcode: u8, sink: &mut dyn MemberSink) -> Result<bool, ContainerError> {
        let length = match opcode {
            b'U' | b'C' | 0x8c => u64::from(self.cursor.byte()?),
            b'T' | b'X' | b'B' => u64::from(self.cursor.u32()?),
            0x8d | 0x8e | 0x96 => self.cursor.u64()?,
            b'S' | b'V' => {
                let source = self.cursor.position();
                let line = self.cursor.line(MAX_LINE)?;
                self.text(unquoted(&line), source, sink)?;
                return Ok(true);
            }
            _ => return Ok(false),
        };
        let source = self.cursor.position();
        if length > MAX_STRING as u64 {
            self.long(source, length, sink)?;
        } else {
            // At most `MAX_STRING`.
            let text = self.cursor.vec(usize::try_from(length).unwrap_or_default())?;
            self.text(&text, source, sink)?;
        }
        Ok(true)
    }

    fn text(
        &mut self,
        text: &[u8],
        source: u64,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        if self.keys.text(text, source) || text.len() < MIN_TEXT {
            return Ok(());
        }
        self.late.give("", text, source, sink)
    }

    /// Passes a long text to `sink` as a stream: it may be an array, a file or a pickle.
    fn long(
        &mut self,
        at: u64,
        length: u64,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        let end = at.checked_add(length).ok_or_else(|| ContainerError::malformed("a length"))?;
        let name = format!("byte {at}");
        let mut bytes = (&mut self.cursor).take(length);
        sink.member(Member { name: &name, body: Body::Stream(&mut bytes) })?;
        self.cursor.skip(end.saturating_sub(self.cursor.position()));
        self.keys.push(Item::Other);
        Ok(())
    }

    /// Reads an opcode that pushes a number, a name or a constant. Returns `false` for other
    /// opcodes.
    fn is_data(&mut self, opcode: u8) -> Result<bool, ContainerError> {
        match opcode {
            0x80 => return self.cursor.byte().map(|_| true),
            0x95 => return self.cursor.u64().map(|_| true),
            b'N' | 0x88 | 0x89 | 0x97 => {}
            0x98 => return Ok(true),
            b'K' | 0x82 => drop(self.cursor.byte()?),
            b'M' | 0x83 => drop(self.cursor.array::<2>()?),
            b'J' | 0x84 => drop(self.cursor.u32()?),
            b'G' => drop(self.cursor.u64()?),
            0x8b => {
                let length = self.cursor.u32()?;
                self.cursor.skip(u64::from(length));
            }
            b'F' | b'I' | b'L' | b'P' => drop(self.cursor.line(MAX_LINE)?),
            b'c' => {
                self.cursor.line(MAX_LINE)?;
                self.cursor.line(MAX_LINE)?;
            }
            b'i' => {
                self.cursor.line(MAX_LINE)?;
                self.cursor.line(MAX_LINE)?;
                self.keys.gather_marked();
                return Ok(true);
            }
            _ => return Ok(false),
        }
        self.keys.push(Item::Other);
        Ok(true)
    }

    /// Reads an opcode that only moves values on the stack. Returns `false` for other opcodes.
    fn is_structure(&mut self, opcode: u8) -> bool {
        let keys = &mut self.keys;
        match opcode {
            b'(' => keys.push(Item::Mark),
            b'0' => keys.pop(),
            b'1' => keys.drop_marked(),
            b'2' => keys.duplicate(),
            b'}' | b']' | b')' | 0x8f => keys.holder(),
            b'd' => keys.gather_pairs(),
            b'l' | b't' | b'o' | 0x91 => keys.gather_marked(),
            0x85 | b'Q' => keys.gather(1),
            // A call or a new object becomes a holder of its arguments.
            0x86 | b'R' | 0x81 | 0x93 => keys.gather(2),
            0x87 | 0x92 => keys.gather(3),
            b'a' | b'b' => keys.add(1),
            b'e' | 0x90 => keys.add_marked(),
            b's' => keys.add_pair(),
            b'u' => keys.add_pairs(),
            _ => return false,
        }
        true
    }

    /// Reads an opcode that stores a value in the memo or fetches one. Returns `false` for other
    /// opcodes.
    fn is_memo(&mut self, opcode: u8) -> Result<bool, ContainerError> {
        match opcode {
            0x94 => self.keys.memoize(None),
            b'q' => {
                let number = self.cursor.byte()?;
                self.keys.memoize(Some(u64::from(number)));
            }
            b'r' => {
                let number = self.cursor.u32()?;
                self.keys.memoize(Some(u64::from(number)));
            }
            b'p' => {
                let number = self.number()?;
                self.keys.memoize(Some(number));
            }
            b'h' => {
                let number = self.cursor.byte()?;
                self.keys.recall(u64::from(number));
            }
            b'j' => {
                let number = self.cursor.u32()?;
                self.keys.recall(u64::from(number));
            }
            b'g' => {
                let number = self.number()?;
                self.keys.recall(number);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn number(&mut self) -> Result<u64, ContainerError> {
        let line = self.cursor.line(MAX_LINE)?;
        let text = std::str::from_utf8(&line).unwrap_or_default();
        text.trim().parse().map_err(|_| ContainerError::malformed("expected a number"))
    }

    /// Passes the texts of the pickle to `sink`.
    fn give_texts(&mut self, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut strings = Strings::default();
        self.keys.for_each_text(|path, text, source| {
            if text.len() < MIN_TEXT {
                return Ok(());
            }
            strings.give(path, text, source, sink)
        })?;
        strings.flush("", sink)?;
        std::mem::take(&mut self.late).flush("", sink)
    }

    fn rest(&mut self, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        sink.member(Member { name: "", body: Body::Stream(&mut self.cursor) })
    }
}

/// A text of protocol 0 without its quotes.
fn unquoted(line: &[u8]) -> &[u8] {
    match line {
        [b'\'', text @ .., b'\''] | [b'"', text @ .., b'"'] => text,
        text => text,
    }
}
