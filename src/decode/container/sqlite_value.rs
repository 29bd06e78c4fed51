//! Values in a row of SQLite.

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'v> {
    /// Text, in the database's encoding, or in UTF-8 once it is read.
    Text(&'v [u8]),
    /// Bytes.
    Blob(&'v [u8]),
    /// A whole number that is not negative.
    Number(u64),
    /// Anything else.
    Other,
}

impl<'v> Value<'v> {
    /// Its text or bytes, if it is such.
    pub fn bytes(self) -> Option<&'v [u8]> {
        match self {
            Value::Text(bytes) | Value::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Its text, if it is one in UTF-16.
    pub fn decoded(self, is_big: bool) -> Option<String> {
        match self {
            Value::Text(text) => Some(utf16(text, is_big)),
            _ => None,
        }
    }
}

/// Decodes UTF-16; what is not valid becomes U+FFFD.
fn utf16(bytes: &[u8], is_big: bool) -> String {
    let read = if is_big { u16::from_be_bytes } else { u16::from_le_bytes };
    let units = bytes.as_chunks::<2>().0.iter().map(|unit| read(*unit));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
