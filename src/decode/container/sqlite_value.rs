//! Values in a row of SQLite.

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'v> {
    /// Text, in the encoding of the database; in UTF-8 once it is decoded.
    Text(&'v [u8]),
    /// Bytes.
    Blob(&'v [u8]),
    /// A non-negative integer.
    Number(u64),
    /// Any other type.
    Other,
}

impl<'v> Value<'v> {
    /// Its text or bytes; `None` for other values.
    pub fn bytes(self) -> Option<&'v [u8]> {
        match self {
            Value::Text(bytes) | Value::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Its text, decoded from UTF-16; `None` for other values.
    pub fn decoded(self, is_big: bool) -> Option<String> {
        match self {
            Value::Text(text) => Some(utf16(text, is_big)),
            _ => None,
        }
    }
}

/// Decodes UTF-16; invalid units become U+FFFD.
fn utf16(bytes: &[u8], is_big: bool) -> String {
    let read = if is_big { u16::from_be_bytes } else { u16::from_le_bytes };
    let units = bytes.as_chunks::<2>().0.iter().map(|unit| read(*unit));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
