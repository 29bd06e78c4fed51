//! Texts of protocol buffers, read without a schema.
//!
//! The wire format: <https://protobuf.dev/programming-guides/encoding/>. The first text of a
//! message (a pair, a tagged value or a named node) is the key of the texts that follow it.

use super::{
    cursor::Cursor,
    format::{Access, Container, ContainerError, Input, MemberSink},
    strings::{MAX_STRING, Strings},
};

/// ONNX models: a `ModelProto`, identified by its version and the field after it.
pub struct Onnx;

/// Minimum length of a text in bytes; shorter ones hold no secret.
const MIN_TEXT: usize = 8;
/// Maximum nesting depth of messages.
const MAX_DEPTH: usize = 16;
/// Maximum size in bytes of a field that is read into memory; a longer one is only entered as a
/// message.
const MAX_FIELD: u64 = 1 << 20;
/// Maximum length of a key in bytes.
const MAX_KEY: usize = 120;

impl Container for Onnx {
    fn name(&self) -> &'static str {
        "onnx"
    }

    fn claims(&self, head: &[u8]) -> bool {
        match head {
            // The producer's name, which every exporter writes.
            [8, 1..=20, 0x12, length @ 2..=64, name @ ..] => {
                name.iter().take(usize::from(*length)).all(u8::is_ascii_graphic)
            }
            // A graph, metadata or operators directly.
            [8, 1..=20, 0x3a | 0x42 | 0x72, ..] => true,
            _ => false,
        }
    }

    fn access(&self) -> Access {
        Access::Forward
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut cursor = Cursor::new(input.content, 0, input.len);
        let mut texts = Strings::default();
        large_message(&mut cursor, MAX_DEPTH, &mut texts, sink)?;
        texts.flush("", sink)
    }
}

/// Walks a message that need not fit into memory, up to its end. A large field is entered as a
/// message, and skipped if it is not one.
fn large_message(
    cursor: &mut Cursor<'_>,
    depth: usize,
    texts: &mut Strings,
    sink: &mut dyn MemberSink,
) -> Result<(), ContainerError> {
    // The ends of the messages that were entered, outermost first.
    let mut ends: Vec<u64> = Vec::new();
    loop {
        while ends.last().is_some_and(|end| cursor.position() >= *end) {
            ends.pop();
        }
        if cursor.ahead()?.is_empty() {
            break;
        }
        let Some((field, wire)) = tag(varint(cursor)?) else {
            // Not a message: skip the innermost field that was entered.
            match ends.pop() {
                Some(end) => {
                    cursor.skip(end.saturating_sub(cursor.position()));
                    continue;
                }
                None => return Err(ContainerError::malformed("not a protocol buffer")),
            }
        };
        match wire {
            0 => drop(varint(cursor)?),
            1 => cursor.skip(8),
            5 => cursor.skip(4),
            _ => {
                let length = varint(cursor)?;
                let source = cursor.position();
                if length > MAX_FIELD {
                    // `raw_data` of a tensor (field 9) holds numbers.
                    if field == 9 || ends.len() >= depth {
                        cursor.skip(length);
                    } else {
                        ends.push(source.saturating_add(length));
                    }
                    continue;
                }
                let bytes = cursor.vec(usize::try_from(length).unwrap_or_default())?;
                let mut reader = MessageReader { texts, sink, base: source };
                reader.field(&bytes, 0, "", depth)?;
            }
        }
    }
    Ok(())
}

/// Adds the texts of one message to `texts`. Returns `false` if it is not a message.
///
/// # Errors
/// Returns the error of `sink`.
pub fn message(
    bytes: &[u8],
    source: u64,
    texts: &mut Strings,
    sink: &mut dyn MemberSink,
) -> Result<bool, ContainerError> {
    if !is_message(bytes) {
        return Ok(false);
    }
    MessageReader { texts, sink, base: source }.message(bytes, 0, "", MAX_DEPTH)?;
    Ok(true)
}

struct MessageReader<'a> {
    texts: &'a mut Strings,
    sink: &'a mut dyn MemberSink,
    /// The offset of the current bytes in the container.
    base: u64,
}

impl MessageReader<'_> {
    /// Walks a message at offset `at` of the current bytes.
    fn message(
        &mut self,
        bytes: &[u8],
        at: usize,
        outer: &str,
        depth: usize,
    ) -> Result<(), ContainerError> {
        let mut key = outer.to_string();
        let mut rest = bytes;
        while let Some((field, value, after)) = next_field(rest) {
            if let Some(value) = value {
                let start = at + (bytes.len() - after.len()) - value.len();
                if field == 1 && value.len() <= MAX_KEY && is_text(value) {
                    key = String::from_utf8_lossy(value).into_owned();
                }
                let is_key = field == 1 && key.as_bytes() == value;
                self.field(value, start, if is_key { outer } else { &key }, depth)?;
            }
            rest = after;
        }
        Ok(())
    }

    fn field(
        &mut self,
        value: &[u8],
        at: usize,
        key: &str,
        depth: usize,
    ) -> Result<(), ContainerError> {
        if value.len() < MIN_TEXT {
            return Ok(());
        }
        let is_text = is_text(value);
        if !is_text && depth > 0 && is_message(value) {
            return self.message(value, at, key, depth - 1);
        }
        if is_text || (value.len() <= MAX_STRING && has_text(value)) {
            return self.texts.give(key, value, self.base + at as u64, self.sink);
        }
        Ok(())
    }
}

/// The number of a field, its bytes if its type has any, and the bytes after the field.
type Field<'a> = (u64, Option<&'a [u8]>, &'a [u8]);

fn next_field(bytes: &[u8]) -> Option<Field<'_>> {
    let (head, rest) = slice_varint(bytes)?;
    let (field, wire) = tag(head)?;
    match wire {
        0 => slice_varint(rest).map(|(_, rest)| (field, None, rest)),
        1 => rest.get(8..).map(|rest| (field, None, rest)),
        5 => rest.get(4..).map(|rest| (field, None, rest)),
        _ => {
            let (length, rest) = slice_varint(rest)?;
            let (value, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            Some((field, Some(value), rest))
        }
    }
}

/// `true` if the bytes are fields from the first byte to the last.
fn is_message(mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        match next_field(bytes) {
            Some((_, _, rest)) => bytes = rest,
            None => return false,
        }
    }
    true
}

/// The number and wire type of a field, if they are valid.
fn tag(head: u64) -> Option<(u64, u64)> {
    let (field, wire) = (head >> 3, head & 7);
    ((1..1 << 29).contains(&field) && matches!(wire, 0 | 1 | 2 | 5)).then_some((field, wire))
}

fn varint(cursor: &mut Cursor<'_>) -> Result<u64, ContainerError> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = cursor.byte()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(ContainerError::malformed("an unterminated number"))
}

fn slice_varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (place, byte) in bytes.iter().take(10).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[place + 1..]));
        }
    }
    None
}

/// `true` if all bytes are text.
fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes)
        .is_ok_and(|text| text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')))
}

/// `true` if a part of the bytes is text that is long enough for a secret.
fn has_text(bytes: &[u8]) -> bool {
    bytes.split(|byte| !byte.is_ascii_graphic()).any(|run| run.len() >= 16)
}
