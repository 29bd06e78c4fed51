//! Where a text starts.

/// The offset at which `text` starts: after its byte order mark, if it has that of UTF-8.
pub fn text_start(text: &[u8]) -> usize {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if text.starts_with(MARK) { MARK.len() } else { 0 }
}
