//! Paths as URI references, for SARIF.

use crate::model::SourcePath;
use std::fmt::Write;

/// The path as a URI reference (RFC 3986), from its bytes on disk: relative, with every byte
/// percent-encoded except letters, digits and `-._~/`. Encoding `:` prevents a first part that
/// looks like a scheme. An absolute path becomes a `file:` URI.
pub fn reference(path: &SourcePath) -> String {
    let bytes = path.masked().map_or(path.as_bytes(), str::as_bytes);
    let mut text = String::with_capacity(bytes.len() + 8);
    if bytes.starts_with(b"/") {
        text.push_str("file://");
    }
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                text.push(char::from(*byte));
            }
            other => {
                // Writing to a `String` cannot fail.
                let _ = write!(text, "%{other:02X}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> String {
        reference(&SourcePath::from_bytes(bytes))
    }

    #[test]
    fn what_is_not_plain_is_encoded_byte_by_byte() {
        assert_eq!(of("a b/é%.py".as_bytes()), "a%20b/%C3%A9%25.py");
        assert_eq!(of(b"c:x,y#?[z]\n\xff"), "c%3Ax%2Cy%23%3F%5Bz%5D%0A%FF");
    }

    #[test]
    fn a_path_from_the_root_is_a_file_uri() {
        assert_eq!(of(b"/srv/a b"), "file:///srv/a%20b");
    }
}
