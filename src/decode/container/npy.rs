//! NumPy arrays of texts and objects.
//!
//! <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>

use super::{
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    strings::Strings,
};

/// `.npy` files.
pub struct Npy;

/// Maximum size in bytes of a text of an array.
const MAX_TEXT: usize = 1 << 20;

impl Container for Npy {
    fn name(&self) -> &'static str {
        "npy"
    }

    fn claims(&self, head: &[u8]) -> bool {
        head.starts_with(b"\x93NUMPY")
    }

    fn access(&self) -> Access {
        Access::Forward
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut cursor = Cursor::new(input.content, 0, input.len);
        let mark = cursor.array::<8>()?;
        let length = match mark[6] {
            1 => usize::from(u16::from_le_bytes(cursor.array()?)),
            _ => usize::try_from(cursor.u32()?).unwrap_or(usize::MAX),
        };
        if length > 1 << 20 {
            return Err(ContainerError::malformed("its header is too long"));
        }
        let header = cursor.vec(length)?;
        // Field names can be any text.
        sink.member(Member { name: "header", body: Body::Whole(&header) })?;
        let header = String::from_utf8_lossy(&header);
        match kind(&header) {
            Some(Kind::Unicode { length, is_big }) => unicode(cursor, length, is_big, sink),
            Some(Kind::Other) => sink.member(Member { name: "", body: Body::Stream(&mut cursor) }),
            // Numbers of more than a byte hold no text.
            None => Ok(()),
        }
    }
}

enum Kind {
    /// Texts of a fixed number of characters in UTF-32.
    Unicode { length: usize, is_big: bool },
    /// Pickled objects, bytes, records, numbers of one byte.
    Other,
}

/// The kind of the array's elements; `None` for numbers of more than a byte.
fn kind(header: &str) -> Option<Kind> {
    let after = header.split("'descr':").nth(1)?.trim_start();
    let Some(name) = after.strip_prefix('\'').and_then(|rest| rest.split('\'').next()) else {
        return Some(Kind::Other);
    };
    let (order, rest) = name.split_at_checked(1)?;
    match rest.split_at_checked(1)? {
        ("U", length) => Some(Kind::Unicode { length: length.parse().ok()?, is_big: order == ">" }),
        ("i" | "u" | "b", "1") => Some(Kind::Other),
        ("f" | "i" | "u" | "b" | "c" | "M" | "m", _) => None,
        _ => Some(Kind::Other),
    }
}

fn unicode(
    mut cursor: Cursor<'_>,
    length: usize,
    is_big: bool,
    sink: &mut dyn MemberSink,
) -> Result<(), ContainerError> {
    if length == 0 || length > MAX_TEXT {
        return Err(ContainerError::Unsupported(format!("texts of {length} characters")));
    }
    let read = if is_big { u32::from_be_bytes } else { u32::from_le_bytes };
    let mut strings = Strings::default();
    for number in 0_u64.. {
        if cursor.ahead()?.is_empty() {
            break;
        }
        let source = cursor.position();
        let units = cursor.vec(length * 4)?;
        let text: String = units
            .as_chunks::<4>()
            .0
            .iter()
            .map(|unit| char::from_u32(read(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        let text = text.trim_end_matches('\0');
        if !text.is_empty() {
            strings.give(&format!("[{number}]"), text.as_bytes(), source, sink)?;
        }
    }
    strings.flush("", sink)
}
